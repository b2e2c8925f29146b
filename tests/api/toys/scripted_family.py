"""A family whose homes do what a test says: three devices behind one source, and every role if wanted.

Found like any family outside the tree, by its entry point (`install`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ohmstead.model import (
    LIMITS_SOLAR,
    Ability,
    BatteryReading,
    ChargerReading,
    ChargerState,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    Family,
    GeneratorReading,
    GridReading,
    Interval,
    Outcome,
    PollingContract,
    Quality,
    Reading,
    Receipt,
    Sample,
    Services,
    SolarReading,
    Source,
    Unreachable,
    VehiclePortReading,
    WriteClass,
)

FAMILY = Family(
    name="scripted",
    title="Scripted",
    schemes=("scripted",),
    config="scripted_family:ScriptedConfig",
    connect="scripted_family:connect",
    simulate="",
    capture="scripted_family:ScriptedCodec",
)


class ScriptedConfig(DeviceConfig, frozen=True, kw_only=True):
    """Nothing of its own."""


class ScriptedHome:
    """What the devices measure, and how they take commands."""

    def __init__(self) -> None:
        self.south_w: float | None = 612.0
        self.garage_w: float | None = 200.0
        self.grid_w: float | None = -395.0
        self.has_every_role = False
        self.is_away = False
        self.limit_pct = 100.0
        self.outcome = Outcome.CONFIRMED
        self.takes_s = 0.0
        self.name = "South roof"
        self.extra_details: tuple[Detail, ...] = ()
        self.interval_s = 5.0


HOMES: dict[str, ScriptedHome] = {}
"""What answers at each host; a host without a home does not answer."""


class ScriptedCodec:
    """One frame a piece, in which digits are blanked."""

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        return [bytes(ord("*") if byte in b"0123456789" else byte for byte in data)]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:
        return {"text": frame.decode("utf-8", "replace")}


class ScriptedLimit:
    envelope = Envelope(unit="%", allowed=(Interval(2, 100),), step=0.1, write_class=WriteClass.FLASH)

    def __init__(self, home: ScriptedHome, device: DeviceId, services: Services) -> None:
        self._home = home
        self._device = device
        self._services = services

    async def limit_solar(self, limit_pct: float) -> Receipt:
        await asyncio.sleep(self._home.takes_s)
        self._home.limit_pct = limit_pct
        return Receipt(
            device=self._device,
            ability=LIMITS_SOLAR.name,
            at=self._services.clock.now(),
            outcome=self._home.outcome,
            asked=limit_pct,
            read_back=limit_pct if self._home.outcome is Outcome.CONFIRMED else None,
        )


class ScriptedSource:
    def __init__(self, name: str, home: ScriptedHome, services: Services) -> None:
        self._home = home
        self._services = services
        self._tap = services.tap(name)
        self.south, self.garage, self.meter = (
            DeviceId(f"{name}/{serial}") for serial in ("1164a00212345", "4143a01054321", "10d2e00300001")
        )

    @property
    def contract(self) -> PollingContract:
        return PollingContract(interval_s=self._home.interval_s, shortest_s=1, why="as the script says")

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        found = (
            (self.south, "HMS-1600-4T", "V01.01.02", self._home.name),
            (self.garage, "HMSW-1600-4T", "V01.00.10", "Garage roof"),
            (self.meter, "DDSU666", "", "Grid meter"),
        )
        return {
            device: DeviceInfo(
                id=device,
                family="scripted",
                model=model,
                serial=device.partition("/")[2],
                firmware=firmware,
                name=name,
            )
            for device, model, firmware, name in found
        }

    def ability(self, device: DeviceId, ability: Ability[Any]) -> Any:  # Any: as in the protocol
        is_able = ability is LIMITS_SOLAR and device == self.south
        return ScriptedLimit(self._home, device, self._services) if is_able else None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        if self._home.is_away:
            raise Unreachable(
                "192.0.2.7 does not answer on port 10081. Is the device powered and on this network?"
            )
        if self._tap is not None:
            self._tap("<", f"{self.south} <script>".encode())
        now = self._services.clock.now()
        readings: list[Reading] = [
            SolarReading(device=self.south, at=now, power_w=self._home.south_w, energy_wh=841_201.0),
            SolarReading(device=self.garage, at=now, power_w=self._home.garage_w, energy_wh=1_284_513.0),
            GridReading(
                device=self.meter,
                at=now,
                power_w=self._home.grid_w,
                imported_wh=5_123_400.0,
                exported_wh=2_381_200.0,
                voltage_v=231.4,
                frequency_hz=49.98,
                connected=True if self._home.has_every_role else None,
            ),
        ]
        if self._home.has_every_role:
            readings += [
                BatteryReading(device=self.meter, at=now, power_w=-640.0, soc_pct=63.0, capacity_wh=10_200.0),
                GeneratorReading(device=self.meter, at=now, power_w=0.0, running=False),
                ChargerReading(
                    device=self.meter, at=now, power_w=3680.0, state=ChargerState.CHARGING, limit_a=16.0
                ),
                VehiclePortReading(device=self.meter, at=now, power_w=1200.0, active=True),
            ]
        details = {self.south: (*south_details(self._home.limit_pct), *self._home.extra_details)}
        stamped = {
            device: tuple(Detail(**{**_fields(d), "at": d.at or now}) for d in found)
            for device, found in details.items()
        }
        stamped[self.south] += (
            Detail(
                key="link",
                label="Link",
                value=62,
                unit="%",
                at=now - timedelta(minutes=7),
                quality=Quality.STALE,
            ),
        )
        return Sample(at=now, readings=tuple(readings), details=stamped)


def south_details(limit_pct: float) -> tuple[Detail, ...]:
    ports = tuple(
        Detail(key=f"port_{port}.{key}", label=f"Port {port} {key}", value=value, unit=unit)
        for port in (1, 2, 3, 4)
        for key, value, unit in (("voltage", 34.2, "V"), ("current", 4.11, "A"), ("power", 140.6, "W"))
    )
    return (
        *ports,
        Detail(key="limit", label="Limit", value=limit_pct, unit="%"),
        Detail(key="temperature", label="Temperature", value=41.3, unit="°C"),
        Detail(key="wifi_key", label="Wi-Fi key", value="correct horse battery", secret=True),
    )


def _fields(detail: Detail) -> dict[str, Any]:  # Any: fields of several types
    return {name: getattr(detail, name) for name in Detail.__struct_fields__}


@asynccontextmanager
async def connect(config: ScriptedConfig, services: Services) -> AsyncIterator[Source]:
    host = urlsplit(config.url).hostname or ""
    if host not in HOMES:
        raise Unreachable(f"{host} does not answer on port 10081. Is the device powered and on this network?")
    yield ScriptedSource(config.name, HOMES[host], services)


def install(folder: Path, prepend: Callable[[str], None]) -> None:
    """As pip would: a distribution with an entry point that names the card."""
    information = folder / "scripted_family-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: scripted-family\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[ohmstead.families]\nscripted = scripted_family:FAMILY\n")
    prepend(str(folder))
