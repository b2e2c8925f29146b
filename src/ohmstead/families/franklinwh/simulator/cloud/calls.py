"""A call as it came, and the ways to say no to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.body_codes import (
    MISSING_MESSAGE,
    OFFLINE_MESSAGE,
    UNKNOWN_GATEWAY_MESSAGE,
    BodyCode,
)
from ohmstead.families.franklinwh.facts.endpoints import Endpoint

SERIALS: Final = ("gatewayId", "equipNo", "id")


class Refusal(Exception):
    """A no, in the envelope's own way: HTTP 200, and a code."""

    def __init__(self, code: int, message: str = "") -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


class Call(msgspec.Struct, frozen=True, kw_only=True):
    endpoint: Endpoint
    query: Mapping[str, str]
    body: Mapping[str, Any]
    """Any: JSON, or texts from a form."""
    raw: bytes = b""

    def value(self, name: str) -> Any:  # Any: as above
        """From the body, else from the query; None when neither has it."""
        found = self.body.get(name)
        return self.query.get(name) if found is None else found

    def text(self, name: str) -> str:
        """Raises `Refusal` when it is missing."""
        found = self.value(name)
        if found is None or found == "":
            raise missing(name)
        return str(found)

    def whole(self, name: str) -> int:
        """Raises `Refusal` when it is missing or no whole number."""
        number = self.number(name)
        if number != int(number):
            raise Refusal(BodyCode.BAD_REQUEST, f"{name} is not a whole number")
        return int(number)

    def number(self, name: str) -> float:
        """Raises `Refusal` when it is missing or no finite number."""
        try:
            number = float(self.text(name))
        except ValueError:
            raise Refusal(BodyCode.BAD_REQUEST, f"{name} is not a number") from None
        if not -1e9 < number < 1e9:
            raise Refusal(BodyCode.BAD_REQUEST, f"{name} is out of range")
        return number

    @property
    def serial(self) -> str:
        """The gateway it is about; empty for a call that names none."""
        template = self.body.get("template")
        nested = template if isinstance(template, dict) else {}
        for name in (
            SERIALS[:2] if self.endpoint.name != "selectTerGatewayControlLoadByGatewayId" else SERIALS
        ):
            found = self.value(name) or nested.get(name)
            if found:
                return str(found)
        return ""


def missing(name: str) -> Refusal:
    return Refusal(BodyCode.BAD_REQUEST, f"{name} {MISSING_MESSAGE}")


def offline() -> Refusal:
    return Refusal(BodyCode.OFFLINE, OFFLINE_MESSAGE)


def timed_out() -> Refusal:
    return Refusal(BodyCode.DEVICE_TIMEOUT, "The device did not respond in time")


def denied() -> Refusal:
    return Refusal(BodyCode.NO_PERMISSION, "Operation without permission")


def unknown_gateway() -> Refusal:
    return Refusal(BodyCode.BAD_REQUEST, UNKNOWN_GATEWAY_MESSAGE)
