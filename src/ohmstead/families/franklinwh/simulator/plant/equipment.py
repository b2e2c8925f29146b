"""What a gateway has and remembers, and what owner, cloud and control interface may do to it. Time passes in `gateway`."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.families.franklinwh.facts.hardware import PACKS
from ohmstead.families.franklinwh.simulator.plant.circuits import Circuits
from ohmstead.families.franklinwh.simulator.plant.counters import Flows, Ledger
from ohmstead.families.franklinwh.simulator.plant.genset import Genset
from ohmstead.families.franklinwh.simulator.plant.islanding import Islanding
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.plant.packs import Packs
from ohmstead.families.franklinwh.simulator.plant.profiles import Identity, Region, Site
from ohmstead.families.franklinwh.simulator.plant.settings import Settings
from ohmstead.families.franklinwh.simulator.plant.tariff import block_at, compiled, default_document
from ohmstead.families.franklinwh.simulator.plant.vehicle import VehiclePort
from ohmstead.kit.world import Circuit, Panel, World

DEAD_BAND_W: Final = 30.0
DARK: Final = Flows()


class Equipment:
    def __init__(
        self,
        site: Site,
        region: Region,
        identity: Identity,
        world: World,
        circuit: Circuit,
        *,
        programmes: Mapping[WorkMode, int],
        options: PlantOptions,
    ) -> None:
        self.site = site
        self.region = region
        self.identity = identity
        self.world = world
        self.circuit = circuit
        self.options = options
        self.zone = ZoneInfo(region.zone)
        self.programmes = dict(programmes)
        self.settings = Settings(work_mode=options.mode, programme=self.programmes[options.mode])
        self.packs = _packs(site, options)
        self.panels = Panel(options.solar_w, azimuth_deg=180.0 if world.place.latitude_deg >= 0.0 else 0.0)
        self.islanding = Islanding()
        self.genset = _genset(site, options)
        self.port = _port(site, options)
        self.circuits = Circuits(
            is_fitted=site.has_circuits, is_merged=site.is_merged, has_vehicle_port=site.has_vehicle_port
        )
        self.tariff = default_document(identity.gateway, country=region.country, province=region.province)
        self.plan = compiled(self.tariff)
        self.local = world.at.astimezone(self.zone)
        self.ledger = Ledger(self.local.date())
        self.port_wh = [0.0, 0.0]
        """Out of the vehicle port and into it, over its life."""
        self.flows = DARK
        """Of the last second that is known whole."""
        self.is_exhausted = False
        self.alarms: dict[str, datetime] = {}
        self.clock_offset_s = 0.0
        """By which the gateway's own clock is wrong; it shows, and nothing else comes of it."""
        self.steps = 0
        self._pending: Flows | None = None
        self._output_w = 0.0
        self._solar_w = 0.0
        self._minute = -1
        self._dispatch = block_at(self.plan, self.local).dispatch

    def save_plan(self, document: dict[str, Any]) -> None:  # Any: JSON
        """Raises `Unusable` for a plan that cannot be followed."""
        self.plan = compiled(document)
        self.tariff = document
        self._dispatch = block_at(self.plan, self.local).dispatch

    def set_mode(
        self, mode: WorkMode, *, programme: int, until: datetime | None = None, then: WorkMode | None = None
    ) -> None:
        told = self.settings
        told.work_mode, told.programme = mode, programme
        told.backup_from = self.world.at if until is not None else None
        told.backup_until = until
        told.next_mode = then or told.next_mode

    def leave_grid(self, floor_pct: float) -> bool:
        """Whether it does: not with less in the packs than the floor that is asked for."""
        if self.packs.soc_pct < floor_pct:
            return False
        self.settings.floor_pct = floor_pct
        self.islanding.request()
        return True

    def raise_alarm(self, code: str) -> None:
        self.alarms.setdefault(code, self.world.at)

    def snapshot(self) -> Mapping[str, object]:
        """Everything that changes, to be put back with `restore`; the home around it has a life of its own."""
        return {name: deepcopy(getattr(self, name)) for name in _CHANGING}

    def restore(self, snapshot: Mapping[str, object]) -> None:
        for name, value in snapshot.items():
            setattr(self, name, deepcopy(value))

    @property
    def run_status(self) -> int:
        """0 standby, 1 charging, 2 discharging; off grid 5 to 7 with some firmware."""
        battery_w = self.flows.battery_w
        status = 0 if abs(battery_w) < DEAD_BAND_W else (2 if battery_w > 0.0 else 1)
        is_off = not self.islanding.is_connected
        return status + 5 if is_off and self.options.has_off_grid_codes else status

    @property
    def is_street_up(self) -> bool:
        return self.circuit.grid.is_up


_CHANGING: Final = (
    "settings",
    "packs",
    "islanding",
    "genset",
    "port",
    "circuits",
    "tariff",
    "plan",
    "local",
    "ledger",
    "port_wh",
    "flows",
    "is_exhausted",
    "alarms",
    "clock_offset_s",
    "steps",
    "_pending",
    "_output_w",
    "_solar_w",
    "_minute",
    "_dispatch",
)


def _packs(site: Site, options: PlantOptions) -> Packs:
    rating = PACKS[site.pack_version]
    return Packs(
        site.packs,
        capacity_wh=rating.capacity_wh,
        charge_w=rating.charge_w,
        discharge_w=rating.discharge_w,
        soc_pct=options.soc_pct,
        one_way_efficiency=options.efficiency,
    )


def _genset(site: Site, options: PlantOptions) -> Genset:
    return Genset(
        is_fitted=site.has_generator,
        manual_model=options.manual_model,
        delay_scale=options.delay_scale,
        starts_on_outage=options.starts_on_outage,
    )


def _port(site: Site, options: PlantOptions) -> VehiclePort:
    return VehiclePort(
        is_fitted=site.has_vehicle_port, is_licensed=options.is_licensed, feeds_in=options.feeds_in
    )
