"""The whole charge point in the simulated home: its EVSEs behind one fuse, and the errors it has."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from ohmstead.families.everest.schema.enums import Severity
from ohmstead.families.everest.schema.objects import ErrorObj, ImplementationIdentifier
from ohmstead.families.everest.schema.stamps import stamp
from ohmstead.families.everest.server import ChargePoint
from ohmstead.families.everest.simulator.outlet import Outlet
from ohmstead.families.everest.simulator.sharing import shared
from ohmstead.kit.link import TaskScope
from ohmstead.kit.world import Bus

ENFORCED_AFTER_S: Final = 0.3
"""From a new limit to the announcement that it is in force."""
PUBLISHED_EVERY_S: Final = 1
SECOND: Final = timedelta(seconds=1)


class Station:
    """A terminal of the simulated home."""

    def __init__(self, outlets: Sequence[Outlet], fuse_a: float, at: datetime, scope: TaskScope) -> None:
        self.outlets = outlets
        self.fuse_a = fuse_a
        self.at = at
        self.publishes_every_s = PUBLISHED_EVERY_S
        self.point: ChargePoint
        self._errors = 0
        for outlet in outlets:
            outlet.limited = lambda limited: scope.start(self.enforce(limited))

    def start(self, point: ChargePoint) -> None:
        """Be a charge point that knows nothing of what was before, its meters excepted."""
        self.point = point
        for outlet in self.outlets:
            outlet.join(point, self.at)
        self.share()

    def step(self, bus: Bus, dt_s: float) -> float:
        self.at = bus.at + SECOND
        self.share()
        drawn_w = sum(outlet.step(bus, self.at, dt_s) for outlet in self.outlets)
        if int(self.at.timestamp()) % self.publishes_every_s == 0:
            for outlet in self.outlets:
                outlet.publish(bus)
        return 0.0 - drawn_w

    def share(self) -> None:
        """Give each EVSE what it may draw now. One without a car is told what it would get with one."""
        own_a = [outlet.own_a(self.at) for outlet in self.outlets]
        for number, outlet in enumerate(self.outlets):
            wanted_a = [
                own if one is outlet or one.is_plugged else 0.0
                for own, one in zip(own_a, self.outlets, strict=True)
            ]
            outlet.offered_a = shared(self.fuse_a, wanted_a)[number]
            wanted_a[number] = self.fuse_a
            outlet.fuse_a = shared(self.fuse_a, wanted_a)[number]

    async def enforce(self, outlet: Outlet) -> None:
        """What follows from a new limit, and its announcement a moment later."""
        await asyncio.sleep(ENFORCED_AFTER_S)
        self.share()
        outlet.settle()
        outlet.publish_limits()

    def outlet(self, index: int) -> Outlet | None:
        return next((outlet for outlet in self.outlets if outlet.kind.index == index), None)

    def raise_error(self, kind: str, index: int, severity: Severity, message: str, sub_type: str) -> str:
        """Its uuid. Index 0 is the charger itself."""
        self._errors += 1
        uuid = f"00000000-0000-4000-8000-{self._errors:012d}"
        self.point.raise_error(
            ErrorObj(
                type=kind,
                sub_type=sub_type or None,
                description=f"{kind} was raised in the simulation",
                message=message,
                severity=severity,
                origin=ImplementationIdentifier(
                    module_id=f"connector_{index}" if index else "charger",
                    implementation_id=kind.partition("/")[0],
                    evse_index=index,
                    connector_index=1 if index else 0,
                ),
                timestamp=stamp(self.at),
                uuid=uuid,
            )
        )
        return uuid

    def clear_errors(self, uuid: str = "") -> None:
        """One of them, or all."""
        for error in self.point.active_errors:
            if uuid in ("", error.uuid):
                self.point.clear_error(error.uuid)
