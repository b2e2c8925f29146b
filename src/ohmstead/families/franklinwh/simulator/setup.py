"""What a simulator is told to be: the options of the card, read and checked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.facts.codes import WorkMode
from ohmstead.families.franklinwh.simulator.cloud.told import DAY_S, CloudOptions, V2lControl
from ohmstead.families.franklinwh.simulator.extras import EXTRAS, QUIRKS
from ohmstead.families.franklinwh.simulator.plant.genset import ManualModel
from ohmstead.families.franklinwh.simulator.plant.options import PlantOptions
from ohmstead.families.franklinwh.simulator.plant.profiles import PROFILES, Profile
from ohmstead.families.franklinwh.simulator.plant.street import DarkHours, dark_hours
from ohmstead.model import ConfigError, SimulatorOptions

NAME: Final = "franklinwh"
MODES: Final[Mapping[str, WorkMode]] = {
    "self": WorkMode.SELF_CONSUMPTION,
    "tou": WorkMode.TIME_OF_USE,
    "backup": WorkMode.EMERGENCY_BACKUP,
}


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    profile: Profile
    is_plain: bool
    brings_household: bool
    has_legacy_ids: bool
    noise_w: float
    circuit: str
    """Of the simulated home, for the first gateway."""
    dark: DarkHours | None
    cloud: CloudOptions
    plant: PlantOptions


def setup(options: SimulatorOptions) -> Setup:
    """Raises `ConfigError` for an option that makes no sense."""
    given = {extra.name: options.extras.get(extra.name, extra.default) for extra in EXTRAS}
    quirks = _quirks(given["quirks"])
    slug = options.model or next(iter(PROFILES))
    if slug not in PROFILES:
        raise ConfigError(f"no model is called {slug!r}; there are {', '.join(PROFILES)}.")
    return Setup(
        name=options.name or NAME,
        profile=_in_zone(PROFILES[slug], given["zone"]),
        is_plain=given["plain"] == "true",
        brings_household=_chosen(given, "household") == "own",
        has_legacy_ids="legacy-ids" in quirks,
        noise_w=_number(given, "noise", 0.0, 1000.0),
        circuit=given["circuit"] or "main",
        dark=_dark(given["outage"]),
        cloud=_cloud(given, quirks),
        plant=_plant(given, quirks),
    )


def _dark(text: str) -> DarkHours | None:
    try:
        return dark_hours(text)
    except ValueError as error:
        raise ConfigError(f"{error}.", example="--outage 13:00-14:30") from None


def _in_zone(profile: Profile, zone: str) -> Profile:
    name = zone or profile.region.zone
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
        raise ConfigError(
            f"no time zone is called {name!r} here; give an IANA name, or install ohmstead[site].",
            example="--zone Europe/Berlin",
        ) from None
    return msgspec.structs.replace(profile, region=msgspec.structs.replace(profile.region, zone=name))


def _cloud(given: Mapping[str, str], quirks: frozenset[str]) -> CloudOptions:
    return CloudOptions(
        account=given["account"],
        password=given["password"],
        token_life_s=_number(given, "token-days", 0.0, 3650.0) * DAY_S,
        token_code=BodyCode.TOKEN_NEW if "token-10009" in quirks else BodyCode.TOKEN,
        has_lock="no-lock" not in quirks,
        latency_scale=_number(given, "latency", 0.0, 100.0),
        checks_crc="strict-crc" in quirks,
        wants_whole_records="strict-partial" in quirks,
        wants_accessories="strict-permissions" in quirks,
        has_status="strict-wire" not in quirks,
        has_circuits_v2="circuits-v2" in quirks,
        is_v2l_unsigned="v2l-unsigned" in quirks,
        acknowledges_v2l="v2l-acknowledged" in quirks,
        has_third_circuit="three-circuits" in quirks,
        v2l_control=V2lControl(_chosen(given, "v2l-control")),
        has_control="no-control" not in quirks,
    )


def _plant(given: Mapping[str, str], quirks: frozenset[str]) -> PlantOptions:
    return PlantOptions(
        mode=MODES[_chosen(given, "mode")],
        soc_pct=_number(given, "soc", 0.0, 100.0),
        solar_w=_number(given, "solar", 0.0, 1e6),
        manual_model=ManualModel.MOMENTARY if "momentary" in quirks else ManualModel.CONTRACT,
        delay_scale=_number(given, "delay-scale", 0.0, 100.0),
        starts_on_outage="threshold-only" not in quirks,
        is_licensed="v2l-unlicensed" not in quirks,
        feeds_in="v2l-feeds-in" in quirks,
        has_off_grid_codes="off-grid-codes" in quirks,
    )


def _quirks(text: str) -> frozenset[str]:
    found = frozenset(filter(None, (part.strip() for part in text.split(","))))
    if unknown := found - set(QUIRKS):
        raise ConfigError(
            f"no quirk is called {', '.join(sorted(unknown))}; there are {', '.join(QUIRKS)}.",
            example="--quirks legacy-ids,strict-crc",
        )
    return found


def _chosen(given: Mapping[str, str], name: str) -> str:
    known = next(extra.choices for extra in EXTRAS if extra.name == name)
    if given[name] not in known:
        raise ConfigError(f"{name} is {given[name]!r}; it can be {', '.join(known)}.")
    return given[name]


def _number(given: Mapping[str, str], name: str, least: float, most: float) -> float:
    try:
        number = float(given[name])
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise ConfigError(f"{name} is {given[name]!r}; it is a number from {least:g} to {most:g}.")
    return number
