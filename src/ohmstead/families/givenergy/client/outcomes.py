"""The errors that carry more than words: a plant that is not what it was, reads that failed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.errors import CommunicationError
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest

TYPES = {Bank.HR: "read_holding", Bank.IR: "read_input", Bank.MR: "read_meter_product"}


class FailedRead(msgspec.Struct, frozen=True):
    """A read that had no answer."""

    device_address: int
    request_type: str
    """"read_input", "read_holding" or "read_meter_product"."""
    base_register: int
    register_count: int

    @classmethod
    def of(cls, request: ReadRequest) -> FailedRead:
        return cls(request.device, TYPES[request.bank], request.base, request.count)


class PlantTopologyMismatch(CommunicationError):
    """What answers is not what was remembered. The connection stands: detect again, take `actual`, or ask the user."""

    retryable = False

    def __init__(
        self, prior: PlantCapabilities, actual: PlantCapabilities, differences: Sequence[str]
    ) -> None:
        super().__init__(
            f"the plant is not the one that was remembered; different: {', '.join(differences)}. "
            "detect() without prior finds out what it is now."
        )
        self.prior = prior
        self.actual = actual


class RefreshError(CommunicationError):
    """Reads failed. What did arrive is in the plant."""

    retryable = True

    def __init__(
        self, message: str, failures: Sequence[FailedRead], cause: ExceptionGroup[Exception]
    ) -> None:
        super().__init__(message)
        self.failures = list(failures)
        self.cause = cause
        self.__cause__ = cause


class RefreshPartiallySucceeded(RefreshError):
    """Some of the reads failed; `plant` has the others."""

    def __init__(
        self, message: str, failures: Sequence[FailedRead], cause: ExceptionGroup[Exception], plant: Plant
    ) -> None:
        super().__init__(message, failures, cause)
        self.plant = plant


class RefreshFailed(RefreshError):
    """Not one read had an answer."""
