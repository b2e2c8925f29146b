"""One inverter, however much of it can be seen: directly, through the controller that manages it, or both.

What an inverter says itself wins; what its controller reports of it fills the gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from ohmstead.families.givenergy.types import EmsInverterStatus, Status
from ohmstead.families.givenergy.views import (
    Battery,
    BatteryModule,
    Ems,
    HvStack,
    ManagedInverter,
    SinglePhaseInverter,
    ThreePhaseInverter,
)

Inverter = SinglePhaseInverter | ThreePhaseInverter


class Source(Protocol):
    """A plant whose inverter can be asked."""

    @property
    def inverter(self) -> Inverter: ...
    @property
    def inverter_serial(self) -> str: ...
    @property
    def batteries(self) -> list[Battery]: ...
    @property
    def hv_stacks(self) -> list[HvStack]: ...
    @property
    def aio_battery_modules(self) -> list[BatteryModule]: ...


class InverterFacade(msgspec.Struct, frozen=True, kw_only=True):
    """See the module."""

    serial_number: str
    direct: Inverter | None = None
    summary: ManagedInverter | None = None
    batteries: Sequence[Battery] = ()
    hv_stacks: Sequence[HvStack] = ()
    battery_modules: Sequence[BatteryModule] = ()

    @property
    def data_source(self) -> str:
        """One of "direct", "ems_rollup" and "merged"."""
        if self.direct is None:
            return "ems_rollup"
        return "direct" if self.summary is None else "merged"

    @property
    def is_blinded(self) -> bool:
        """Whether only its controller speaks of it."""
        return self.direct is None

    @property
    def status(self) -> Status | EmsInverterStatus | None:
        own = None if self.direct is None else self.direct.status
        return own if own is not None or self.summary is None else self.summary.status

    @property
    def p_inverter_out(self) -> float | None:
        own: float | None = None
        if isinstance(self.direct, ThreePhaseInverter):
            own = self.direct.p_inverter_out
        elif self.direct is not None:
            own = self.direct.p_grid_out_ph1
        return own if own is not None or self.summary is None else self.summary.p_inverter_out

    @property
    def battery_soc(self) -> float | None:
        own = None if self.direct is None else self.direct.battery_soc
        return own if own is not None or self.summary is None else self.summary.battery_soc

    @property
    def t_inverter_heatsink(self) -> float | None:
        own = None if self.direct is None else self.direct.t_inverter_heatsink
        return own if own is not None or self.summary is None else self.summary.t_inverter_heatsink


def facades(ems: Ems | None, sources: Iterable[Source]) -> list[InverterFacade]:
    """One facade per inverter: those that a controller manages first, then those that only answer themselves."""
    direct = {source.inverter_serial: source for source in sources}
    managed = () if ems is None else ems.managed_inverters
    merged = [
        _facade(summary.serial_number, direct.pop(summary.serial_number, None), summary)
        for summary in managed
    ]
    return merged + [_facade(serial, source, None) for serial, source in direct.items()]


def _facade(serial: str, source: Source | None, summary: ManagedInverter | None) -> InverterFacade:
    if source is None:
        return InverterFacade(serial_number=serial, summary=summary)
    return InverterFacade(
        serial_number=serial,
        direct=source.inverter,
        summary=summary,
        batteries=source.batteries,
        hv_stacks=source.hv_stacks,
        battery_modules=source.aio_battery_modules,
    )
