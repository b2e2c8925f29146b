"""The chargers of a home, whatever their make, as a family's server is given them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

import msgspec

from ohmstead.model.charge_point import ChargePointFacts
from ohmstead.model.clock import Clock
from ohmstead.model.device import DeviceId
from ohmstead.model.envelope import Envelope, Receipt
from ohmstead.model.reading import ChargerReading


class Charger(msgspec.Struct, frozen=True, kw_only=True):
    """One charger as it is known now."""

    id: DeviceId
    name: str
    model: str = ""
    serial: str = ""
    firmware: str = ""
    is_reachable: bool
    """Within the patience of its family."""
    control: bool
    """Whether its owner lets us write to it."""
    reading: ChargerReading
    facts: ChargePointFacts = ChargePointFacts()
    abilities: Mapping[str, Envelope] = msgspec.field(default_factory=dict)


class ChargerBoard(Protocol):
    @property
    def clock(self) -> Clock: ...

    def chargers(self) -> Sequence[Charger]:
        """Every one that has ever told what it measures."""
        ...

    def changes(self) -> AsyncIterator[Sequence[Charger]]:
        """Those that changed, from this call on. Ends with the gateway."""
        ...

    async def command(self, device: DeviceId, ability: str, value: float, *, reason: str = "") -> Receipt:
        """Through all guards and into the ledger. What is held back is carried out when its time comes, unless the
        charger takes another command of the kind before.
        """
        ...

    def waiting(self, device: DeviceId, ability: str) -> float | None:
        """The value that was held back and waits for its time."""
        ...
