"""Shows a family's server every charger the house knows, and passes its commands on through the one path they have."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import Final

from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.held_back import HeldBack
from ohmstead.gateway.orders import Order
from ohmstead.gateway.status import DeviceStatus
from ohmstead.kit.link import TaskScope
from ohmstead.model import ChargePointFacts, Charger, ChargerReading, Clock, DeviceId, Quality, Receipt
from ohmstead.polling import HealthState

REACHED: Final = frozenset({HealthState.GOOD, HealthState.STALE})
"""One lost poll is no absence."""


class GatewayChargers:
    """A `ChargerBoard`. `origin` is what the ledger calls whoever commands through it."""

    def __init__(self, gateway: Gateway, held_back: HeldBack, origin: str) -> None:
        self._gateway = gateway
        self._held_back = held_back
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
        return self._held_back.waiting(device, ability)


@asynccontextmanager
async def charger_board(gateway: Gateway, origin: str) -> AsyncIterator[GatewayChargers]:
    """Orders that were held back, in this life of the gateway or before, are carried out while the block lasts."""

    def is_able(order: Order) -> bool:
        status = gateway.device(order.device)
        return status is not None and status.health is HealthState.GOOD and order.ability in status.abilities

    held_back = HeldBack(gateway.commands, gateway.clock, is_able)
    await held_back.recall()
    async with TaskScope() as scope:
        scope.start(held_back.carry_out())
        yield GatewayChargers(gateway, held_back, origin)


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
