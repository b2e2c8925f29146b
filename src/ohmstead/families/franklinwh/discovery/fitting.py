"""Which accessories are fitted, which parts they are in the catalogue, and what follows for the vehicle port."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh import circuits, generator
from ohmstead.families.franklinwh.discovery import tables
from ohmstead.families.franklinwh.discovery.snapshot import (
    Accessories,
    AccessoryItem,
    Flags,
    GeneratorSummary,
    SmartCircuits,
)
from ohmstead.families.franklinwh.facts.codes import (
    ACCESSORY_API_TYPE,
    GENERATOR_STATE,
    V2L_RUN_STATE,
    AccessoryKind,
    Country,
)
from ohmstead.families.franklinwh.facts.hardware import ACCESSORIES, accessory_id
from ohmstead.families.franklinwh.typed import first, typed
from ohmstead.families.franklinwh.v2l import Hardware, eligibility

Known = Mapping[str, Any]
"""Answers by the names of `tables`, flattened. Any: JSON."""

STATED_VERSION: Final = re.compile(r"V([12])\b", re.IGNORECASE)
"""A name that tells its version is believed rather than what the gateway suggests."""
PORT_ROW: Final = 3


def accessories(answers: Mapping[str, Any], known: Known, country: int, generation: int) -> Accessories:
    listed = answers.get("accessories")
    items = tuple(
        _item(entry, country, generation)
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, Mapping)
    )
    kinds = {item.accessory_type for item in items}
    state = first(known, tables.GENERATOR_CODE, int)
    port_state = first(known, tables.V2L_STATE, int)
    boxes = first(known, ("device.apbox20Num",), int)
    has_generator = AccessoryKind.GENERATOR in kinds
    return Accessories(
        items=items,
        has_smart_circuits=AccessoryKind.CIRCUITS in kinds,
        has_generator=has_generator,
        has_apbox=bool(boxes),
        has_ahub=known.get("entrance.ahubAddressingFlag") not in (None, 0, False),
        has_mac1="device.msaInstallStartDetectTime" in known,
        smart_circuits=_smart_circuits(answers, known, items),
        generator=_generator(answers, known, state) if has_generator or _is_enabled(known) else None,
        generator_state=GENERATOR_STATE[state] if state is not None else None,
        v2l_state=V2L_RUN_STATE[port_state] if port_state is not None else None,
        apbox_count=boxes,
        apbox_di=first(known, ("runtime.di",), tuple[int, ...]),
        apbox_do_status=first(known, ("runtime.doStatus",), tuple[int, ...]),
    )


def flags(
    answers: Mapping[str, Any], known: Known, fitted: Accessories, country: int, generation: int
) -> Flags:
    is_licensed = first(known, tables.LICENCE, int) == 1
    is_detected = fitted.has_generator or _is_enabled(known)
    port = eligibility(
        Hardware(
            has_circuits=fitted.has_smart_circuits,
            has_generator=is_detected,
            country=country,
            generation=_version(fitted, generation),
            is_licensed=is_licensed,
        )
    )
    found = typed(
        Flags,
        known,
        tables.FLAGS,
        v2l_enabled=is_licensed,
        v2l_eligible=port.eligible,
        v2l_note=port.note,
        v2l_reason=port.reason.value,
        generator_detected=is_detected,
        ahub_detected=fitted.has_ahub,
        mac1_detected=fitted.has_mac1,
        vpp_enrolled=_enrolled(answers),
        solar_detail=_solar_ports(known),
    )
    if found.nem_type_raw is None or country != Country.UNITED_STATES:
        return found
    return msgspec.structs.replace(found, nem_type=tables.NEM.get(found.nem_type_raw))


def _version(fitted: Accessories, generation: int) -> int:
    """Of the circuits module: its own name knows best."""
    module = fitted.smart_circuits
    return module.version if module is not None and module.version is not None else generation


def _item(entry: Mapping[str, Any], country: int, generation: int) -> AccessoryItem:
    item = typed(AccessoryItem, entry, tables.ITEM)
    if item.accessory_type is None:
        return item
    kind = item.accessory_type
    if kind not in (AccessoryKind.GENERATOR, AccessoryKind.CIRCUITS):
        return msgspec.structs.replace(item, type_name=ACCESSORY_API_TYPE[kind])
    stated = STATED_VERSION.search(item.name or "")
    number = accessory_id(AccessoryKind(kind), country, int(stated[1]) if stated else generation)
    model = ACCESSORIES[number]
    return msgspec.structs.replace(item, type_name=model.name, catalogue_id=number, sku=model.sku)


def _smart_circuits(
    answers: Mapping[str, Any], known: Known, items: tuple[AccessoryItem, ...]
) -> SmartCircuits | None:
    number = next((i.catalogue_id for i in items if i.accessory_type == AccessoryKind.CIRCUITS), None)
    if number is None:
        return None
    model = ACCESSORIES[number]
    rows = PORT_ROW if model.vehicle_port else model.circuits
    record = answers.get("circuits")
    record = record if isinstance(record, Mapping) else {}
    shown = circuits.circuits({**record, "SwMerge": 0}, rows)
    return SmartCircuits(
        count=model.circuits,
        rows=rows,
        version=2 if number in SECOND_VERSION else 1,
        merged=circuits.is_merged(record) if record else None,
        names=tuple(circuit.name for circuit in shown.values()),
        modes=tuple(circuit.mode for circuit in shown.values()),
        v2l_port=bool(model.vehicle_port),
        v2l_enabled=first(known, tables.LICENCE, bool),
        schedules=tuple(circuit.time_schedules for circuit in shown.values()),
    )


SECOND_VERSION: Final = frozenset({203, 204})


def _generator(answers: Mapping[str, Any], known: Known, state: int | None) -> GeneratorSummary:
    record = answers.get("generator")
    detail = generator.generator_detail(record if isinstance(record, Mapping) else {}, present=True)
    return GeneratorSummary(
        present=True,
        enabled=_is_enabled(known) if detail.enabled is None else detail.enabled == 1,
        state=state if detail.state is None else detail.state,
        mode=detail.mode,
        manual_switch=detail.manual_switch,
        start_below_soc=detail.start_below_soc,
        stop_above_soc=detail.stop_above_soc,
        rated_power=detail.rated_power,
        model=detail.model,
        charge_windows=tuple((w.start or "", w.end or "") for w in detail.windows if w.enabled == 1),
    )


def _is_enabled(known: Known) -> bool:
    return first(known, ("device.genEn", "runtime.genEn"), int) == 1


def _enrolled(answers: Mapping[str, Any]) -> bool | None:
    programmes = answers.get("programmes")
    if not isinstance(programmes, Mapping):
        return None
    return first(programmes, ("programFlag", "flag"), bool)


def _solar_ports(known: Known) -> tuple[str, ...]:
    ports = {
        "installPv1Port": "PV port 1",
        "installPv2Port": "PV port 2",
        "installProximalsolar": "solar beside the gateway",
        "remoteSolarEn": "remote solar",
        "installApboxSolar": "solar on an aPbox",
    }
    return tuple(
        words for key, words in ports.items() if first(known, (f"runtime.{key}", f"solar.{key}"), int) == 1
    )
