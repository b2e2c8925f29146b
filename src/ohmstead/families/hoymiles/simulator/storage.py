"""The simulated storage gateway: a hybrid inverter with two strings of panels and a battery, and what it says of them.

On the house's side: solar + battery + grid = load, every second. Powers of battery and grid are positive while charging
and while importing; nobody has published which way real ones count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.protos.storage_data_pb2 import StorageDataFromDtu
from ohmstead.families.hoymiles.protos.storage_settings_pb2 import StorageUserSetToDtu
from ohmstead.families.hoymiles.simulator import storage_data
from ohmstead.families.hoymiles.simulator.battery_law import RATED_W, Mode, Situation, complaints, wanted_w
from ohmstead.families.hoymiles.simulator.device_clock import DeviceClock
from ohmstead.families.hoymiles.simulator.profiles import Profile
from ohmstead.families.hoymiles.simulator.storage_data import Flows, Picture
from ohmstead.families.hoymiles.wire import Extension, Frame
from ohmstead.kit.world import Bus, Cells, Panel, PanelState, World

SOLAR_EFFICIENCY: Final = 0.98
CAPACITY_WH: Final = 10_000.0
STRING_W: Final = 2400.0
STRING_V: Final = (272.0, 328.0)
GATEWAY_SERIALS: Final = 10_000_000_000_000
INVERTER_SERIALS: Final = 20_000_000_000_000
SERIAL_SPAN: Final = 1_000_000
CHANNEL_GATEWAY: Final = 255
REJECTED: Final = 1


class StorageGateway:
    """A terminal of the simulated home."""

    def __init__(
        self, profile: Profile, world: World, *, name: str = "hoymiles", is_clock_set: bool = False
    ) -> None:
        self.profile = profile
        self.world = world
        self.name = name
        random = world.random(f"{name}/identity")
        self.number = GATEWAY_SERIALS + random.randrange(SERIAL_SPAN)
        self.serial = str(self.number)
        self.inverter_number = INVERTER_SERIALS + random.randrange(SERIAL_SPAN)
        self.clock = DeviceClock(world.at, random, is_set=is_clock_set)
        self.drops_network = False
        self.cells = Cells(CAPACITY_WH, max_charge_w=RATED_W, max_discharge_w=RATED_W)
        self.settings = StorageUserSetToDtu(mode=Mode.SELF_CONSUMPTION, reserve_soc=10)
        self.panels = tuple(
            Panel(
                STRING_W, azimuth_deg=azimuth, mpp_voltage_v=STRING_V[0], open_circuit_voltage_v=STRING_V[1]
            )
            for azimuth in (180.0, 225.0)
        )
        self.flows = Flows()
        self._output_w = 0.0
        self._strings: tuple[PanelState, ...] = ()
        self._string_wh = [0.0 for _ in self.panels]
        self._bus = world.bus
        self._day = self._local(world.at).date()
        self._is_first = True
        self._due = world.at
        self._data = StorageDataFromDtu()

    @property
    def has_power(self) -> bool:
        """The battery keeps it up."""
        return True

    @property
    def cipher(self) -> Cipher | None:
        return None

    def answers_to(self, frame: Frame) -> bool:
        """The first request cannot know the serial; all others must."""
        asked = frame.extension
        return asked is not None and (
            asked.gateway_serial == self.number
            or (asked.channel == CHANNEL_GATEWAY and not asked.gateway_serial)
        )

    def extension(self, asked: Extension | None) -> Extension | None:
        return Extension(self.number, asked.channel if asked is not None else CHANNEL_GATEWAY)

    def settle(self) -> None:
        self._strings = tuple(panel.operate(self.world, self.world.at) for panel in self.panels)
        self._refresh(self.world.at)

    def step(self, bus: Bus, dt_s: float) -> float:
        """The home's demand is what it put out and what came from the street in the second before."""
        self._bus = bus
        self._strings = tuple(panel.operate(self.world, bus.at) for panel in self.panels)
        if (day := self._local(bus.at).date()) != self._day:
            self._day = day
            self.flows.reset()
            self._string_wh = [0.0 for _ in self.panels]
        if not bus.energised:
            self._output_w = self.cells.exchange(0.0, dt_s)
            self.flows.count(0.0, 0.0, 0.0, dt_s)
        else:
            self._work(bus, dt_s)
        if bus.at >= self._due or self._is_first:
            self._refresh(bus.at)
        return self._output_w

    def _work(self, bus: Bus, dt_s: float) -> None:
        solar_w = min(RATED_W, SOLAR_EFFICIENCY * sum(s.power_w for s in self._strings))
        # In the first second the bus does not know the home yet.
        demand_w = self._output_w + bus.grid_w if not self._is_first else 0.0
        now = Situation(self._local(bus.at), demand_w, solar_w, self.cells.soc_pct)
        battery_w = wanted_w(self.settings, now) if not self._is_first else 0.0
        battery_w = self.cells.exchange(min(max(battery_w, -RATED_W), RATED_W - solar_w), dt_s)
        self._is_first = False
        self._output_w = solar_w + battery_w
        self.flows.count(demand_w, solar_w, battery_w, dt_s)
        for number, state in enumerate(self._strings):
            self._string_wh[number] += state.power_w * dt_s / 3600.0

    def set_up(self, settings: StorageUserSetToDtu) -> int:
        """Store what an owner wants; an error code when it makes no sense or is for another inverter."""
        if list(settings.inverter_serials) not in ([], [self.inverter_number]) or any(complaints(settings)):
            return REJECTED
        self.settings = settings
        return 0

    def data(self) -> StorageDataFromDtu:
        """As it stood at the last refresh."""
        return self._data

    def _refresh(self, at: datetime) -> None:
        self._due = at + timedelta(seconds=self.profile.refresh_s)
        self._data = storage_data.message(
            Picture(
                serial=self.inverter_number,
                time_s=self.clock.time_s(at),
                bus=self._bus,
                strings=self._strings,
                string_wh=tuple(self._string_wh),
                cells=self.cells,
                flows=self.flows,
                ambient_c=self.world.ambient_c(at),
            )
        )

    def reboot(self, *, keeps_clock: bool) -> None:
        self.clock.restart(self.world.at, is_set=keeps_clock)

    def state(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "profile": self.profile.slug,
            "gateway": self.serial,
            "inverter": str(self.inverter_number),
            "at": self.world.at.isoformat(),
            "is_clock_set": self.clock.is_set,
            "mode": Mode(self.settings.mode).name.lower(),
            "reserve_soc_pct": self.settings.reserve_soc,
            "soc_pct": round(self.cells.soc_pct, 3),
            **{name: round(value, 3) for name, value in msgspec.structs.asdict(self.flows.now).items()},
        }

    def _local(self, at: datetime) -> datetime:
        return at + timedelta(seconds=self.world.place.utc_offset_s)
