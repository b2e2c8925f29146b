"""Shows a family's server every charger the house knows, and passes its commands on through the one path they have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Final

from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.orders import Order
from ohmstead.gateway.status import DeviceStatus
from ohmstead.model import ChargePointFacts, Charger, ChargerReading, Clock, DeviceId, Quality, Receipt
from ohmstead.polling import HealthState

REACHED: Final = frozenset({HealthState.GOOD, HealthState.STALE})
"""One lost poll is no absence."""


class GatewayChargers:
    """A `ChargerBoard`. `origin` is what the ledger calls whoever commands through it."""

    def __init__(self, gateway: Gateway, origin: str) -> None:
        self._gateway = gateway
        self._origin = origin

    @property
    def clock(self) -> Clock:
        return self._gateway.clock

    def chargers(self) -> tuple[Charger, ...]:
        return tuple(_chargers(self._gateway.devices()))

    async def changes(self) -> AsyncIterator[tuple[Charger, ...]]:
        async for change in self._gateway.watch():
            if found := tuple(_chargers(change.devices)):
                yield found

    async def command(self, device: DeviceId, ability: str, value: float, *, reason: str = "") -> Receipt:
        order = Order(device=device, ability=ability, value=value, origin=self._origin, reason=reason)
        return await self._gateway.commands.execute(order)

    def waiting(self, device: DeviceId, ability: str) -> float | None:
        return self._gateway.held_back.waiting(device, ability)


def _chargers(devices: Iterable[DeviceStatus]) -> Iterator[Charger]:
    for status in devices:
        reading = next((found for found in status.readings if isinstance(found, ChargerReading)), None)
        if reading is not None:
            yield Charger(
                id=status.id,
                name=status.name,
                model=status.model,
                serial=status.serial,
                firmware=status.firmware,
                is_reachable=status.health in REACHED and reading.quality is not Quality.STALE,
                control=status.control,
                reading=reading,
                facts=status.charge_point or ChargePointFacts(),
                abilities=status.abilities,
            )
