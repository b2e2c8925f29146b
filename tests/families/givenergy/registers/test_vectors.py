"""Registers of real units, decoded by the tables: every attribute of every cache we have."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.compact import parse_compact, to_compact
from ohmstead.families.givenergy.registers import TABLES, kinds
from ohmstead.kit.wire.tables import Facts, Field
from ohmstead.kit.wire.tables.codec import SIGNED, WIDE, WIDE_LOW_FIRST, WIDE_SIGNED, bits

Show = Callable[[object], object]
VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent.parent / "data" / "vectors.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", VECTORS["register_caches"], ids=lambda case: case["source"])
def test_a_cache_decodes_completely(case: dict[str, Any], shown: Show) -> None:
    cache = RegisterCache.from_json(case["json"])
    decoded = TABLES[case["device_kind"]].decode(cache.pages())
    assert {name: shown(value) for name, value in decoded.items()} == case["expect"]


@pytest.mark.parametrize("case", VECTORS["register_caches"], ids=lambda case: case["source"])
def test_a_cache_survives_json_and_compact_text(case: dict[str, Any]) -> None:
    cache = RegisterCache.from_json(case["json"])
    assert RegisterCache.from_json(cache.json()) == cache
    device = int(case["compact"][2:4], 16)
    assert to_compact({device: cache}) == case["compact"]
    assert parse_compact(case["compact"])[device] == cache


@pytest.mark.parametrize("case", VECTORS["register_caches"], ids=lambda case: case["source"])
def test_one_attribute_reads_as_the_whole_table_does(case: dict[str, Any]) -> None:
    table = TABLES[case["device_kind"]]
    pages = RegisterCache.from_json(case["json"]).pages()
    decoded = table.decode(pages)
    assert {name: field.read(pages) for name, field in table.lines.items()} == decoded


CODECS: Mapping[str, Field[Any]] = {
    "int16": Field(0, SIGNED, Facts(), is_number=True),
    "uint32": Field(0, WIDE, Facts(), is_number=True),
    "uint32_le": Field(0, WIDE_LOW_FIRST, Facts(), is_number=True),
    "int32": Field(0, WIDE_SIGNED, Facts(), is_number=True),
    "timeslot": kinds.time_slot(0),
    "datetime6": kinds.clock(0),
    "serial": kinds.serial(0),
    "hex16": kinds.hex_word(0),
    "hex32": kinds.hex_words(0),
    "fixed2": kinds.two_decimals(0),
    "pf_offset": kinds.power_factor(0),
    "pf_meter": kinds.meter_power_factor(0),
    "gateway_version": kinds.gateway_version(0),
    "u8_hi": Field(0, bits(8, 8), Facts(), is_number=True),
    "u8_lo": Field(0, bits(0, 8), Facts(), is_number=True),
    "bits:6:2": Field(0, bits(6, 2), Facts(), is_number=True),
}


@pytest.mark.parametrize("case", VECTORS["converters"], ids=lambda case: f"{case['type']}-{case['raw']}")
def test_each_kind_of_value_is_read_as_devices_mean_it(case: dict[str, Any], shown: Show) -> None:
    raw = tuple(case["raw"])
    if case["type"] == "fw_pair":
        raw = (raw[0], 0, raw[1])
    field = {**CODECS, "fw_pair": kinds.firmware_pair(0)}[case["type"]]
    assert shown(field.decode(raw)) == case["expect"]
