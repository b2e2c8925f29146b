"""The field tables against the list of known fields, both ways."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pytest

from ohmstead.families.franklinwh.client.readings import Current, Totals
from ohmstead.families.franklinwh.facts import codes
from ohmstead.families.franklinwh.facts.fields import TABLES, Field, Kind, Secrecy, When

LISTED = Path(__file__).parent.parent / "data" / "fields.csv"

KINDS: Final[Mapping[str, frozenset[Kind]]] = MappingProxyType(
    {
        "float": frozenset({Kind.NUMBER}),
        "int": frozenset({Kind.COUNT, Kind.SWITCH, Kind.NUMBER}),
        "str": frozenset({Kind.TEXT}),
        "enum": frozenset({Kind.TEXT}),
        "bool": frozenset({Kind.FLAG}),
        "str HH:MM": frozenset({Kind.CLOCK}),
        "int ms": frozenset({Kind.INSTANT}),
        "list": frozenset({Kind.NUMBERS, Kind.TEXTS}),
        "list[float]": frozenset({Kind.NUMBERS}),
        "list[float|null]": frozenset({Kind.NUMBERS}),
        "list[int]": frozenset({Kind.COUNTS}),
        "list[str]": frozenset({Kind.TEXTS}),
        "int|list": frozenset({Kind.CELLS}),
        "str|int": frozenset({Kind.ANYTHING}),
        "any": frozenset({Kind.ANYTHING}),
        "object": frozenset({Kind.ANYTHING}),
    }
)
SCALES: Final[Mapping[str, tuple[int, When]]] = MappingProxyType(
    {
        "0.001": (1000, When.ALWAYS),
        "0.1": (10, When.ALWAYS),
        "0.001 if int": (1000, When.WHOLE),
        "0.1 if int": (10, When.WHOLE),
        "1 / 0.001": (1000, When.STORED),
        "1 (report_type 1) / 0.001 (report_type 2)": (1000, When.STORED),
    }
)
"""Every other one is 1, or says in words what stays a matter of the wire."""


def rows() -> list[dict[str, str]]:
    with LISTED.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def key(field: Field) -> tuple[str, str]:
    return field.raw, field.attribute


def listed(source: str) -> dict[tuple[str, str], dict[str, str]]:
    found = {}
    for row in rows():
        attribute = "" if row["attribute"].startswith("(") else row["attribute"]
        if row["source"] == source:
            found[row["raw_field"], attribute] = row
    return found


@pytest.mark.long
def test_every_listed_field_stands_in_its_table_and_no_other_does() -> None:
    assert {row["source"] for row in rows()} == set(TABLES)
    for source, table in TABLES.items():
        assert [key(field) for field in table.fields if key(field) not in listed(source)] == []
        assert {key(field) for field in table.fields} == set(listed(source)), source
    assert sum(len(table.fields) for table in TABLES.values()) == len(rows()) == 550


def test_units_scales_types_and_codes_are_those_of_the_list() -> None:
    for source, table in TABLES.items():
        of_source = listed(source)
        for field in table.fields:
            row = of_source[key(field)]
            kind = row["type"].removesuffix("|null")
            unit = row["unit"].replace("degC", "°C").replace("[]", "").replace(" (unverified)", "")
            assert field.unit == unit, row
            assert (field.per, field.when) == SCALES.get(row["scale"], (1, When.ALWAYS)), row
            assert field.kind in KINDS[kind], row
            assert field.is_optional == ("|null" in row["type"]), row
            if isinstance(getattr(codes, row["enum"], None), Mapping):
                assert field.codes == row["enum"], row


def test_every_table_says_where_it_is_known_from() -> None:
    assert [table.source for table in TABLES.values() if not table.evidence] == []


def test_words_for_codes_exist() -> None:
    for table in TABLES.values():
        for field in table.fields:
            assert not field.codes or hasattr(codes, field.codes), field


def test_passwords_serials_and_networks_are_marked() -> None:
    secrecy = {field.raw: field.secrecy for table in TABLES.values() for field in table.fields}
    assert {raw for raw, kept in secrecy.items() if kept is Secrecy.SECRET} == {"wifi_Pw", "ap_Pw"}
    for raw in ("wifi_SSID", "ap_SSID", "wifiMAC", "Sw1Name"):
        assert secrecy[raw] is Secrecy.PERSONAL
    for raw in ("fhpSn", "gatewayId", "apowerSn", "sn"):
        assert secrecy[raw] is Secrecy.SERIAL


def test_no_table_names_an_attribute_twice_but_for_the_vendors_twins() -> None:
    twins = {
        "generator.v2l.enabled",
        "generator.v2l.run_state",
        "accessories_power(1).smart_circuits[].voltage",
    }
    twins |= {"accessories_power(1).smart_circuits[].current"}
    for table in TABLES.values():
        named = [field.attribute for field in table.fields if field.attribute]
        assert {name for name in named if named.count(name) > 1} <= twins, table.source


def test_stats_have_every_attribute_of_the_tables() -> None:
    for struct, prefix in ((Current, "current."), (Totals, "totals.")):
        wanted = {
            field.attribute.removeprefix(prefix)
            for table in TABLES.values()
            for field in table.fields
            if field.attribute.startswith(prefix)
        }
        assert wanted - {name for name in dir(struct) if not name.startswith("_")} == set()
