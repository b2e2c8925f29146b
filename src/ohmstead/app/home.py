"""The simulated homes that `ohmstead demo` shows: where they stand, and what hangs on their bus."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from ohmstead.kit.registry import family, load
from ohmstead.kit.world import Household, Place, World
from ohmstead.model import Clock, Simulator, SimulatorOptions

MORNING: Final = datetime(2026, 6, 25, 9)  # noqa: DTZ001 - civil time of whichever home
"""A long day with most of it still to come; seed 1 sends it passing clouds, and a bright day after it."""


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A simulated device, and what the site file says of it."""

    family: str
    options: SimulatorOptions
    settings: tuple[str, ...] = ()
    """Lines of its table in the site file."""


ROOFS: Final = (
    Placed(
        family="hoymiles",
        options=SimulatorOptions(name="roof", extras={"meter": "true", "clock": "set"}),
        settings=("gap_s = 0.02",),
    ),
    Placed(
        family="hoymiles",
        options=SimulatorOptions(name="garage", extras={"clock": "set"}),
        settings=("gap_s = 0.02",),
    ),
)
"""The meter at the house is the roof's. Where a minute passes each second, there is no time for the distance that real
ones want between frames.
"""
BATTERY: Final = Placed(
    family="givenergy",
    options=SimulatorOptions(
        name="battery",
        model="hybrid-gen2",
        extras={"household": "world", "latency": "none", "cloud": "off"},
    ),
    settings=("gap_s = 0.02",),
)
"""A hybrid on the main connection, with strings and a battery of its own. It shares its line with nobody."""

CHARGER: Final = Placed(
    family="tesla-wall-connector",
    options=SimulatorOptions(
        name="drive",
        model="25.34.1-eu3",
        extras={"latency": "none", "commute": "true", "request": "8", "plugged": "true"},
    ),
)
"""Its car leaves and comes back on working days; its limit is temporary and can stop it."""
SECOND_CHARGER: Final = Placed(
    family="tesla-wall-connector",
    options=SimulatorOptions(
        name="carport",
        seed=2,  # another unit has another serial number
        model="24.36.3-eu1",
        extras={"latency": "none", "car": "pwm", "request": "10", "soc": "70", "plugged": "true"},
    ),
)
"""Another maker's car on one phase, at home all day."""
CHARGE_POINT: Final = Placed(
    family="everest",
    options=SimulatorOptions(
        name="workshop",
        model="ac-phase-switch",
        extras={"car": "hlc", "request": "6", "soc": "75", "plugged": "true"},
    ),
)
"""A car that tells its charge; it can be told to charge on one phase, where the sun gives little."""
US_CHARGER: Final = Placed(
    family="tesla-wall-connector",
    options=SimulatorOptions(
        name="drive",
        model="25.34.1-us2",
        extras={"latency": "none", "commute": "true", "request": "16", "plugged": "true"},
    ),
)
"""The same between two legs."""
ANNEX: Final = Placed(
    family="franklinwh",
    options=SimulatorOptions(
        name="annex",
        model="au_v1_full",
        extras={
            "plain": "true",
            "latency": "0",
            "circuit": "annex",
            "zone": "Europe/Berlin",
            "solar": "4000",
            "soc": "35",
            "outage": "12:00-13:30",
            "delay-scale": "0.1",
        },
    ),
)
"""A house in the yard behind a connection of its own, so that no two batteries share a meter. Its street is dark over
noon every day, and then its generator starts.
"""
US_ANNEX: Final = Placed(
    family="franklinwh",
    options=SimulatorOptions(
        name="annex",
        model="us_v1_full",
        extras={
            "plain": "true",
            "latency": "0",
            "circuit": "annex",
            "zone": "America/Denver",
            "soc": "45",
            "outage": "12:00-13:30",
            "delay-scale": "0.1",
        },
    ),
)
"""The same in split phase, with a vehicle port."""


class Home(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    time_zone: str
    currency: str
    place: Place
    nominal_voltage_v: float
    nominal_frequency_hz: float
    devices: tuple[Placed, ...]
    masters: Mapping[str, tuple[str, ...]] = {}
    """By role: whose meters count, where several see the same edge."""
    tariff: tuple[str, ...] = ()
    """Lines of the site file: what energy costs there."""

    @property
    def morning(self) -> datetime:
        return MORNING.replace(tzinfo=ZoneInfo(self.time_zone))


HOMES: Final[Mapping[str, Home]] = {
    "eu": Home(
        name="Demo home",
        time_zone="Europe/Berlin",
        currency="EUR",
        place=Place(latitude_deg=50.0, longitude_deg=10.0, utc_offset_s=2 * 3600.0),
        nominal_voltage_v=230.0,
        nominal_frequency_hz=50.0,
        devices=(*ROOFS, BATTERY, CHARGER, SECOND_CHARGER, CHARGE_POINT, ANNEX),
        # Two CTs sit at the house's street, and the annex has a street of its own. What the hybrid calls the house's load
        # is less what the roofs feed beside it, so the load is what the balance leaves.
        masters={"grid": ("battery", "annex"), "load": ()},
        tariff=(
            "import_per_kwh = 0.32",
            "export_per_kwh = 0.08",
            "grid_g_per_kwh = 350",
            "generator_per_kwh = 0.65",
            "generator_g_per_kwh = 850",
            'periods = [{ start = "22:00", end = "06:00", import_per_kwh = 0.24 }]',
        ),
    ),
    # Split phase: 120 V from each leg to neutral; an inverter sits between the legs.
    "us": Home(
        name="Demo home",
        time_zone="America/Denver",
        currency="USD",
        place=Place(latitude_deg=39.7, longitude_deg=-105.0, utc_offset_s=-6 * 3600.0),
        nominal_voltage_v=240.0,
        nominal_frequency_hz=60.0,
        devices=(*ROOFS, US_CHARGER, US_ANNEX),
        masters={"load": ()},
        tariff=(
            "import_per_kwh = 0.14",
            "export_per_kwh = 0.06",
            "grid_g_per_kwh = 480",
            "generator_per_kwh = 0.55",
            "generator_g_per_kwh = 900",
            'periods = [{ start = "17:00", end = "21:00", import_per_kwh = 0.31 }]',
        ),
    ),
}


@asynccontextmanager
async def simulated(
    home: Home, clock: Clock, seed: int, secrets: dict[str, str] | None = None
) -> AsyncIterator[Mapping[str, str]]:
    """Lives in the context; yields the URL of each simulated device by name.

    What logs in to them is put into `secrets`, by the references that the site's secrets file has.
    """
    kept = {} if secrets is None else secrets
    world = World(
        clock,
        seed=seed,
        place=home.place,
        nominal_voltage_v=home.nominal_voltage_v,
        nominal_frequency_hz=home.nominal_frequency_hz,
    )
    world.attach("household", Household(home.place, seed=seed))
    async with AsyncExitStack() as stack:
        urls = {
            placed.options.name: await simulated_device(stack, placed, world, kept) for placed in home.devices
        }
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        passing = tasks.create_task(world.run())
        stack.callback(passing.cancel)
        yield urls


async def simulated_device(
    stack: AsyncExitStack, placed: Placed, world: World, secrets: dict[str, str]
) -> str:
    card = family(placed.family)
    simulator: Simulator = await stack.enter_async_context(load(card.simulate)(placed.options, world))
    account, secret = simulator.ready.get("account"), simulator.ready.get("secret")
    if account and secret:
        secrets[f"{card.name}/{account}"] = secret
    said = simulator.ready.get("url")  # where an address alone is not enough
    return said or f"{card.schemes[0]}://{placed.options.host}:{next(iter(simulator.endpoints.values()))}"


def secrets_text(secrets: Mapping[str, str]) -> str:
    """A secrets file. What is simulated has made-up secrets without quotes in them."""
    return "".join(f'"{reference}" = "{secret}"\n' for reference, secret in secrets.items())


def site_text(home: Home, urls: Mapping[str, str], *, rpc_port: int = 0) -> str:
    """A site file, as a person would write it. Control is on: these devices are nobody's but the demo's.

    Its chargers are EVSEs at `rpc_port`; 0: at a free one.
    """
    lines = [
        "[site]",
        f'name = "{home.name}"',
        f'time_zone = "{home.time_zone}"',
        f'currency = "{home.currency}"',
        f"latitude_deg = {home.place.latitude_deg}",
        f"longitude_deg = {home.place.longitude_deg}",
    ]
    lines += ["", "[rpcapi]", f"port = {rpc_port}"]
    if home.masters:
        lines += ["", "[site.masters]"]
        lines += [f"{role} = {json.dumps(names)}" for role, names in home.masters.items()]
    if home.tariff:
        lines += ["", "[tariff]", *home.tariff]
    settings = {placed.options.name: placed.settings for placed in home.devices}
    for name, url in urls.items():
        lines += ["", "[[device]]", f'name = "{name}"', f'url = "{url}"', "control = true", *settings[name]]
    return "\n".join(lines) + "\n"
