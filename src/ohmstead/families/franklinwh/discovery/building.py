"""From the cloud's answers to a snapshot. Pure: whatever is missing or odd leaves defaults, and never raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.discovery import tables
from ohmstead.families.franklinwh.discovery.fitting import accessories, flags
from ohmstead.families.franklinwh.discovery.quirks import ACCESSORY, region_quirks
from ohmstead.families.franklinwh.discovery.snapshot import (
    Agate,
    Batteries,
    DeviceSnapshot,
    Electrical,
    GridLimits,
    PackUnit,
    Site,
)
from ohmstead.families.franklinwh.facts.codes import (
    BMS_STATE,
    NETWORK_TYPE,
    PCS_STATE,
    RUN_STATUS,
    SIM_STATUS,
    WORK_MODE,
    relay_connected,
)
from ohmstead.families.franklinwh.facts.hardware import GATEWAYS, PACKS, gateway_model
from ohmstead.families.franklinwh.typed import first, typed

Answers = Mapping[str, Any]
"""The `result` of each call, by the names of `tables`. Any: JSON."""

NEWER: Final = 2


def built(
    answers: Answers, *, serial: str, tier: int, at: datetime, errors: Mapping[str, str]
) -> DeviceSnapshot:
    known = flattened(answers)
    site, agate = _site(answers, known), _agate(known, serial)
    country, generation = site.country_id or 0, agate.generation or 1
    fitted = accessories(answers, known, country, generation)
    return DeviceSnapshot(
        tier=tier,
        timestamp=at,
        region_quirks=region_quirks(site.country_id),
        accessory_quirks=tuple(
            words for item in fitted.items for words in ACCESSORY.get(item.catalogue_id or 0, ())
        ),
        errors=dict(errors),
        site=site,
        agate=agate,
        batteries=_batteries(answers, known),
        accessories=fitted,
        flags=flags(answers, known, fitted, country, generation),
        grid=typed(GridLimits, known, tables.GRID),
        electrical=_electrical(answers, known),
        warranty=records(answers.get("warranty")),
        programmes=records(answers.get("programmes")),
        local={name: answers[name] for name in LOCAL if name in answers},
    )


LOCAL: Final = ("interfaces", "reachability", "switches")


def flattened(answers: Answers) -> dict[str, Any]:
    """`device.countryId` and so on, without what is null: so that the next place is looked at."""
    parts = dict(answers)
    composite = records(answers.get("composite"))
    parts["runtime"] = records(composite.get("runtimeData"))
    parts["solar"] = records(composite.get("solarHaveVo"))
    parts["dispatch"] = records(answers.get("tariff"))
    parts["tariff"] = records(parts["dispatch"].get("template"))
    return {
        f"{name}.{key}": value
        for name, part in parts.items()
        for key, value in records(part).items()
        if value is not None
    }


def records(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def entries(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _site(answers: Answers, known: Mapping[str, Any]) -> Site:
    profiles = records(answers.get("profiles"))
    current = profiles.get("currentId")
    name = next((p.get("name") for p in entries(profiles.get("list")) if p.get("id") == current), None)
    return typed(Site, {**known, "profile.name": name}, {**tables.SITE, "grid_profile": ("profile.name",)})


def _agate(known: Mapping[str, Any], serial: str) -> Agate:
    agate = typed(Agate, known, tables.AGATE, serial=serial)
    model = gateway_model(agate.hw_version)
    return msgspec.structs.replace(
        agate,
        model=model.name if model else None,
        model_name=model.name if model else f"Unknown ({agate.hw_version})",
        sku=model.sku if model else None,
        generation=model.generation if model else _presumed(agate.hw_version),
        conn_type_name=_word(NETWORK_TYPE, agate.conn_type),
        sim_status_name=_word(SIM_STATUS, agate.sim_status),
        activated=_instant(known.get("gateway.activeTime")),
        installed=_instant(known.get("gateway.installTime")),
        created=_instant(known.get("gateway.createTime")),
    )


def _presumed(hw_version: int | None) -> int | None:
    """Of hardware that no catalogue lists: what is numbered after the newest is of its generation."""
    if hw_version is None:
        return None
    return NEWER if hw_version > max(GATEWAYS) else 1


def _batteries(answers: Answers, known: Mapping[str, Any]) -> Batteries:
    told = {unit.serial: unit for unit in map(_unit, entries(answers.get("packs")))}
    listed = [_listed_unit(entry) for entry in entries(known.get("device.apowerList"))]
    states = _states(known)
    units = [told.pop(unit.serial, unit) for unit in listed] + list(told.values())
    return Batteries(
        count=len(units),
        total_capacity_kwh=first(known, ("device.totalCap",), float),
        total_rated_power_kw=first(known, ("device.fixedPowerTotal",), float),
        units=tuple(msgspec.structs.replace(unit, **states.get(unit.serial, {})) for unit in units),
    )


def _unit(entry: Mapping[str, Any]) -> PackUnit:
    unit = typed(PackUnit, entry, tables.PACK)
    model = PACKS.get(unit.pe_hw_ver if unit.pe_hw_ver is not None else -1)
    return msgspec.structs.replace(unit, model_name=model.name if model else None)


def _listed_unit(entry: Mapping[str, Any]) -> PackUnit:
    """In the device record ratings are W and Wh."""
    power_w, capacity_wh = first(entry, ("ratedPwr",), float), first(entry, ("rateBatCap",), float)
    return typed(
        PackUnit,
        entry,
        {"serial": ("id",)},
        rated_power_kw=None if power_w is None else power_w / 1000,
        rated_capacity_kwh=None if capacity_wh is None else capacity_wh / 1000,
    )


def _states(known: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By serial, from the index-aligned lists of runtime data."""
    serials, works = known.get("runtime.fhpSn"), known.get("runtime.bms_work")
    powers = known.get("runtime.pe_stat")
    if not (isinstance(serials, list) and isinstance(works, list)):
        return {}
    stats = powers if isinstance(powers, list) else [None] * len(serials)
    return {
        str(serial): {
            name: labels[code]
            for name, labels, code in (("bms_state", BMS_STATE, work), ("pcs_state", PCS_STATE, stat))
            if isinstance(code, int)
        }
        for serial, work, stat in zip(serials, works, stats, strict=False)
    }


def _electrical(answers: Answers, known: Mapping[str, Any]) -> Electrical:
    electrical = typed(Electrical, known, tables.ELECTRICAL)
    main = known.get("runtime.main_sw")
    raw = dict(zip(tables.MAIN_RELAYS, main, strict=False)) if isinstance(main, list) else {}
    raw |= {ours: known.get(f"electrical.{theirs}") for ours, theirs in tables.RELAYS.items()}
    relays = {name: value for name, value in raw.items() if isinstance(value, int)}
    modes = entries(records(answers.get("modes")).get("list"))
    return msgspec.structs.replace(
        electrical,
        relays={name: relay_connected(value) for name, value in relays.items()},
        relays_raw=relays,
        operating_mode_name=_word(WORK_MODE, electrical.operating_mode),
        run_status_name=_word(RUN_STATUS, electrical.run_status),
        tou_dispatch_count=_blocks(answers.get("tariff")),
        supported_modes=tuple(_mode_names(modes)),
    )


def _mode_names(modes: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for mode in modes:
        work_mode = mode.get("workMode")
        yield WORK_MODE[work_mode] if isinstance(work_mode, int) else str(mode.get("name"))


def _blocks(tariff: object) -> int | None:
    """Time blocks of the tariff, over all its seasons and kinds of day."""
    if not isinstance(tariff, Mapping):
        return None
    return sum(
        len(entries(day.get("detailVoList")))
        for season in entries(tariff.get("strategyList"))
        for day in entries(season.get("dayTypeVoList"))
    )


def _word(labels: Mapping[int, str], code: int | None) -> str | None:
    return None if code is None else labels[code]


def _instant(milliseconds: object) -> datetime | None:
    try:
        return (
            datetime.fromtimestamp(float(milliseconds) / 1000, UTC)
            if isinstance(milliseconds, int | float)
            else None
        )
    except (ValueError, OverflowError, OSError):
        return None
