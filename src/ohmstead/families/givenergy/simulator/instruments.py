"""Everything a living plant shows, written when somebody looks: the body lives by the second, registers only when read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from ohmstead.families.givenergy.registers.battery_hv import BcuTable
from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.simulator.dynamics.body import Body
from ohmstead.families.givenergy.simulator.gauges import ems, gateway, meters, single_phase, three_phase
from ohmstead.families.givenergy.simulator.gauges.counters import Counters, Line
from ohmstead.families.givenergy.simulator.gauges.packs import Pack
from ohmstead.families.givenergy.simulator.gauges.stacks import Stack
from ohmstead.families.givenergy.simulator.gauges.view import View
from ohmstead.families.givenergy.simulator.plant import Plant
from ohmstead.families.givenergy.simulator.profiles import INVERTER, MODULES, PACKS, STACKS, Kind
from ohmstead.families.givenergy.simulator.sheet import Sheet
from ohmstead.kit.world import World

LONGEST_WORK_H: Final = 876_000.0

_COUNTERS: Final[dict[Kind, tuple[Line, ...]]] = {
    Kind.SINGLE_PHASE: single_phase.COUNTERS,
    Kind.THREE_PHASE: three_phase.COUNTERS,
    Kind.EMS: ems.COUNTERS,
    Kind.GATEWAY: gateway.COUNTERS,
}


class Instruments:
    def __init__(self, plant: Plant, body: Body, world: World, name: str) -> None:
        self._plant = plant
        self._body = body
        self._world = world
        self._shown_at: datetime | None = None
        self._inverter = Sheet(plant.store, INVERTER)
        self._work_h = self._inverter.number(SinglePhaseTable.work_time_total_hours)
        self.packs = _packs(plant, body, world, name)
        self._stack = _stack(plant, body)
        self._meters = {
            address: place
            for address, place in meters.PLACES.get(plant.profile.slug, {}).items()
            if plant.store.has(address)
        }
        self._counters = self._all_counters()

    def _all_counters(self) -> Sequence[Counters]:
        plant, tallies = self._plant, self._body.tallies
        model = plant.model if plant.profile.kind is Kind.SINGLE_PHASE else None
        own = Counters(self._inverter, tallies, _COUNTERS[plant.profile.kind], model, plant.firmware)
        of_meters = [
            Counters(Sheet(plant.store, address), tallies, meters.counters(place), None, 0)
            for address, place in self._meters.items()
        ]
        return (own, *of_meters)

    def show(self) -> None:
        """Bring the registers up to the world's second."""
        at = self._world.at
        if at == self._shown_at:
            return
        self._shown_at = at
        view = View(self._body, self._world.bus)
        self._show_plant(view)
        for address, place in self._meters.items():
            meters.show(Sheet(self._plant.store, address), view, self._plant.profile.kind, place)
        for counters in self._counters:
            counters.write()
        for pack in self.packs:
            pack.look(at.timestamp())
        if self._stack is not None:
            self._stack.show()
        self._show_time(at)

    def forget(self) -> None:
        """Somebody wrote: show again, though it is the same second."""
        self._shown_at = None

    def _show_plant(self, view: View) -> None:
        sheet, volts = self._inverter, self._battery_v()
        show: dict[Kind, Callable[[], None]] = {
            Kind.SINGLE_PHASE: lambda: single_phase.show(sheet, view, volts, has_meter=bool(self._meters)),
            Kind.THREE_PHASE: lambda: three_phase.show(sheet, view, volts),
            Kind.EMS: lambda: ems.show(sheet, view, volts),
            Kind.GATEWAY: lambda: gateway.show(sheet, view),
        }
        show[self._plant.profile.kind]()
        sheet.set(SinglePhaseTable.battery_calibration_stage, self._body.calibration.stage)

    def _show_time(self, at: datetime) -> None:
        self._inverter.set(SinglePhaseTable.system_time, self._body.clock.shows(at))
        if 0.0 < self._work_h < LONGEST_WORK_H:
            self._inverter.set(SinglePhaseTable.work_time_total_hours, self._work_h + int(self._body.hours))

    def _battery_v(self) -> float:
        """At the inverter's terminals: packs are in parallel."""
        batteries = self._body.bank.batteries
        return sum(cells.voltage_v for cells in batteries) / len(batteries) if batteries else 0.0


def _packs(plant: Plant, body: Body, world: World, name: str) -> list[Pack]:
    addresses = [address for address in PACKS if plant.is_pack(address)]
    return [
        Pack(Sheet(plant.store, address), cells, world.random(f"{name}/pack {address:#x}"))
        for address, cells in zip(addresses, body.bank.batteries, strict=False)
    ]


def _stack(plant: Plant, body: Body) -> Stack | None:
    controllers = [address for address in STACKS if plant.store.has(address)]
    if not controllers or not body.bank.batteries:
        return None
    controller = Sheet(plant.store, controllers[0])
    count = int(controller.number(BcuTable.number_of_modules))
    modules = [Sheet(plant.store, address) for address in MODULES if plant.store.has(address)][:count]
    return Stack(controller, modules, body.bank.batteries[0], body.tallies)
