"""One EVSE: its session, its car and its meter, what limits it, and what it tells the server. The server tells it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

from ohmstead.families.everest.schema.enums import ChargeProtocolEnum
from ohmstead.families.everest.schema.extensions import LimitedByEnum
from ohmstead.families.everest.schema.modes import supports_bpt
from ohmstead.families.everest.schema.objects import DCChargeParametersObj, EVSEInfoObj
from ohmstead.families.everest.server import Ceiling, ChargePoint, Evse, EvseEvent, Limit
from ohmstead.families.everest.simulator.cars import PACK_V, PROTOCOLS, CarOptions, SimulatedCar
from ohmstead.families.everest.simulator.configurations import DcRange, EvseKind
from ohmstead.families.everest.simulator.enabling import Say
from ohmstead.families.everest.simulator.meter import Meter
from ohmstead.families.everest.simulator.plugs import Plugs
from ohmstead.families.everest.simulator.session import IN_TRANSACTION, Inputs, Session
from ohmstead.families.everest.simulator.sharing import SourceLimit, smallest
from ohmstead.kit.world import Bus

DC_EFFICIENCY: Final = 0.975
"""Of the power electronics, from the mains to the cable."""
DRAWING_W: Final = 10.0
NOMINAL_V: Final = 230.0
NOMINAL_HZ: Final = 50.0
LOCAL: Final = "LocalAPI"
"""What the interface's own say is called among those who enable and disable."""
HARDWARE, API = "hardware", "api"


class Outlet:
    """Stands behind an EVSE of the server: as its manager, and as the sink of its limits.

    `limited` is called with each new limit.
    """

    def __init__(self, kind: EvseKind, identifier: str, meter: Meter, *, is_free: bool = True) -> None:
        self.kind = kind
        self.identifier = identifier
        self.meter = meter
        self.session: Session
        self.plugs = Plugs(kind.connectors)
        self.vehicle = SimulatedCar(CarOptions())
        self.next_vehicle: SimulatedCar | None = None
        self.limits: dict[str, SourceLimit]
        self.live_phases = kind.phases
        self.wanted_phases: int | None = None
        self.is_authorised = is_free
        self.is_reserved = False
        self.is_held = False
        self.offered_a = kind.most_a
        self.asked_back_a = 0.0
        """Per phase, of a car that gives back."""
        self.fuse_a = kind.most_a
        """Its part of the fuse, if it wanted all it can get."""
        self.power_w = 0.0
        self.mains_v = NOMINAL_V
        self.at: datetime
        self.evse: Evse
        self.limited: Callable[[Outlet], object]
        self._is_free = is_free

    # --- what the server asks for ---

    async def limit(self, limit: Limit) -> None:
        phases = limit.phase_count or self.live_phases
        current_a = limit.import_a
        if limit.total_power_w is not None:
            current_a = limit.total_power_w / (self.mains_v * (3 if self.kind.dc else phases))
        self.asked_back_a = min(limit.export_a or 0.0, self.kind.most_export_a)
        if current_a is not None:
            self.limits[API] = SourceLimit(current_a)
        if limit.phase_count is not None and self.kind.switches_phases:
            self.wanted_phases = limit.phase_count
        self.limited(self)

    def ceilings(self) -> Sequence[Ceiling]:
        """All that limits besides the server's own limit."""
        others = [
            Ceiling(source=LimitedByEnum(source), value=limit.current_a, valid_until=limit.valid_until)
            for source, limit in self.limits.items()
            if source != API and limit.holds(self.at)
        ]
        return [*others, Ceiling(source=LimitedByEnum.FUSE, value=self.fuse_a)]

    async def pause(self) -> bool:
        self.is_held = True
        self.settle()
        return True

    async def resume(self) -> bool:
        self.is_held = False
        self.settle()
        return True

    async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:  # noqa: FBT001 - the protocol's
        is_so = self.plugs.say(connector_index, LOCAL, Say(enable, priority))
        self.settle()
        return is_so

    # --- its life ---

    def join(self, point: ChargePoint, at: datetime) -> None:
        """Become an EVSE of a charge point that has just started."""
        self.at = at
        self.session, self.is_held, self.asked_back_a = Session(), False, 0.0
        self.limits = {HARDWARE: SourceLimit(self.kind.most_a)}
        self.evse = point.add(self.kind.index, self, self if self.kind.has_sink else None)
        if self.kind.has_identifier:
            self.evse.info = EVSEInfoObj(
                index=self.kind.index,
                id=self.identifier,
                available_connectors=self.plugs.infos,
                supported_energy_transfer_modes=self.kind.modes,
            )
        self.evse.hardware_reported(self.kind.hardware)
        self.evse.happened(EvseEvent.ENABLED, at)
        is_dc = self.kind.dc is not None
        if not is_dc:
            self.evse.mains_reported(voltage_v=NOMINAL_V, frequency_hz=NOMINAL_HZ)
        self.evse.change(charge_protocol=ChargeProtocolEnum.UNKNOWN if is_dc else ChargeProtocolEnum.IEC61851)

    @property
    def is_plugged(self) -> bool:
        return self.vehicle.car.is_plugged

    @property
    def is_bidirectional(self) -> bool:
        """Whether the session that runs lets the car give back."""
        is_running = self.session.phase in IN_TRANSACTION
        return is_running and self.vehicle.kind.gives_back and supports_bpt(self.kind.modes)

    @property
    def is_giving(self) -> bool:
        return self.asked_back_a > 0.0 and self.is_bidirectional

    def own_a(self, at: datetime) -> float:
        """The smallest of its own limits, before the fuse is shared."""
        return smallest(self.limits, at)[1]

    def plug(self, connector_index: int) -> None:
        self.plugs.used = connector_index
        if self.next_vehicle is not None:
            self.vehicle, self.next_vehicle = self.next_vehicle, None
        self.vehicle.car.plug()

    def step(self, bus: Bus, at: datetime, dt_s: float) -> float:
        """Live a second on what is offered; W drawn from the mains, below 0 given to them."""
        self.at, self.mains_v = at, bus.voltage_v or self.mains_v
        self.vehicle.car.follow(at)
        self._report(self.session.step(self._inputs()))
        if not self.is_plugged or self.session.phase not in IN_TRANSACTION:
            self.live_phases = self.wanted_phases or self.live_phases
        self.power_w = self._flow(bus, dt_s)
        self.meter.count(self.power_w, self._counted_phases(), dt_s)
        if self.kind.dc is None:
            return self.power_w
        return self.power_w * DC_EFFICIENCY if self.power_w < 0 else self.power_w / DC_EFFICIENCY

    def settle(self) -> None:
        """Report what follows at once from something that was told."""
        self._report(self.session.step(self._inputs(), 0))

    def stop(self) -> None:
        """End the transaction on this side, as a driver does at the charge point."""
        self._report(self.session.stop())

    def publish(self, bus: Bus) -> None:
        """Limits in force, meter and display, as they go out each second."""
        self.publish_limits()
        reading = self.meter.reading(
            self.at, bus, self.power_w, self._counted_phases(), is_dc=self.kind.dc is not None
        )
        self.evse.meter_reported(reading, self.at)
        is_running = self.session.phase in IN_TRANSACTION
        self.evse.display_reported(self.vehicle.display(self.power_w) if is_running else None)
        if self.kind.dc is not None:
            self._publish_dc(self.kind.dc, is_running=is_running)

    def _publish_dc(self, dc: DcRange, *, is_running: bool) -> None:
        if not is_running:
            self.evse.dc_ended()
            return
        most_w = min(self.offered_a * self.mains_v * 3, dc.most_w)
        parameters = DCChargeParametersObj(
            evse_maximum_charge_current=dc.most_a,
            evse_maximum_charge_power=round(most_w),
            evse_maximum_voltage=dc.most_v,
            evse_minimum_charge_current=0.0,
            evse_minimum_charge_power=0.0,
            evse_minimum_voltage=dc.least_v,
            evse_maximum_discharge_current=self.kind.most_export_a,
            evse_maximum_discharge_power=self.kind.most_export_a * PACK_V,
            evse_minimum_discharge_current=0.0,
            evse_minimum_discharge_power=0.0,
        )
        self.evse.dc_reported(parameters, current_a=self.power_w / PACK_V, voltage_v=PACK_V)

    def publish_limits(self) -> None:
        self.evse.limits_enforced(self.offered_a, self.live_phases)

    def _inputs(self) -> Inputs:
        return Inputs(
            is_plugged=self.is_plugged and self.plugs.is_used_enabled,
            is_authorised=self.is_authorised,
            is_enabled=self.plugs.is_enabled,
            is_reserved=self.is_reserved,
            is_held=self.is_held,
            offered_a=self.offered_a,
            is_giving=self.is_giving,
            is_drawing=abs(self.power_w) >= DRAWING_W,
            is_dc=self.kind.dc is not None,
            switches=self.wanted_phases not in (None, self.live_phases),
        )

    def _report(self, events: Iterable[EvseEvent]) -> None:
        for event in events:
            match event:
                case EvseEvent.SESSION_STARTED:
                    self.vehicle.begin()
                    self.evse.used(self.plugs.used)
                    self.evse.change(charge_protocol=PROTOCOLS[self.vehicle.kind])
                case EvseEvent.SESSION_FINISHED:
                    self.is_held, self.is_authorised = False, self._is_free
                case EvseEvent.SWITCHING_PHASES:
                    self.live_phases = self.wanted_phases or self.live_phases
            self.evse.happened(event, self.at)
        self.evse.session_reported(is_bidirectional=self.is_bidirectional)
        if len(self.plugs.infos) > 1 and (status := self.evse.status) is not None:
            for connector in self.plugs.statuses(status, is_plugged=self.is_plugged):
                self.evse.connectors.reported(connector)

    def _flow(self, bus: Bus, dt_s: float) -> float:
        """W into the car; below 0 what it gives back."""
        is_live = bus.energised and self.session.is_offering
        if is_live and self.is_giving:
            volts = PACK_V if self.kind.dc else bus.voltage_v
            return 0.0 - self.vehicle.give(self.asked_back_a, volts, dt_s, self._counted_phases())
        return self._draw(self.offered_a if is_live else 0.0, bus.voltage_v, dt_s)

    def _draw(self, offered_a: float, mains_v: float, dt_s: float) -> float:
        if self.kind.dc is None:
            return self.vehicle.draw(offered_a, mains_v, dt_s, self.live_phases)
        most_w = min(offered_a * mains_v * 3, self.kind.dc.most_w)
        return self.vehicle.draw(min(most_w / PACK_V, self.kind.dc.most_a), PACK_V, dt_s, 1)

    def _counted_phases(self) -> int:
        return 1 if self.kind.dc else min(self.live_phases, self.vehicle.car.phases)
