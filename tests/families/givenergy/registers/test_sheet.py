"""The tables against the register sheet, both ways: every row is a line, and every line is a row."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.registers import TABLES
from ohmstead.kit.wire.tables import Field

SHEET = Path(__file__).parent.parent / "data" / "registers.csv"
ROWS = [row for row in csv.DictReader(SHEET.read_text(encoding="utf-8").splitlines()) if row["name"]]
KINDS = sorted({row["device_kind"] for row in ROWS})


def rows_of(kind: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in ROWS if row["device_kind"] == kind}


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_is_a_line_and_every_line_a_row(kind: str) -> None:
    assert set(TABLES[kind].lines) == set(rows_of(kind))


def test_every_kind_of_the_sheet_has_a_table() -> None:
    assert set(TABLES) == set(KINDS)


def limit(text: str) -> int | None:
    return int(text) if text else None


@pytest.mark.parametrize("kind", KINDS)
def test_each_line_says_what_its_row_says(kind: str) -> None:
    wrong = [
        f"{name}.{what}: {mine!r} is not {sheet!r}"
        for name, row in rows_of(kind).items()
        for what, mine, sheet in compared(TABLES[kind].field(name), row)
        if mine != sheet
    ]
    assert wrong == []


def compared(field: Field[Any], row: dict[str, str]) -> list[tuple[str, object, object]]:
    facts = field.facts
    return [
        ("bank", field.bank, row["bank"]),
        ("address", field.address, int(row["address"])),
        ("count", field.count, int(row["count"])),
        ("unit", facts.unit, row["unit"]),
        (
            "scale",
            Decimal(facts.times) / facts.per,
            Decimal(row["scale"] or ("0.01" if row["type"] == "fixed2" else "1")),
        ),
        ("signed", is_signed(field), row["type"] in {"int16", "int32"}),
        ("bounds", facts.bounds, bounds(row)),
        ("tier", facts.write.tier if facts.write else "", row["write_tier"]),
        ("low", facts.write.low if facts.write else None, limit(row["valid_min"])),
        ("high", facts.write.high if facts.write else None, limit(row["valid_max"])),
        ("models", facts.models, row["models"]),
        ("evidence", facts.evidence, row["source"]),
        ("secret", facts.secret, is_identifier(row)),
    ]


def is_signed(field: Field[Any]) -> bool:
    return field.is_number and field.codec.low < 0


def bounds(row: dict[str, str]) -> tuple[float, float] | None:
    if not row["max"] or row["type"].startswith("pf_"):
        return None  # a power factor's kind knows its own bounds
    return float(row["min"] or 0), float(row["max"])


def is_identifier(row: dict[str, str]) -> bool:
    return row["type"] == "serial" or (row["type"] == "string" and "serial" in row["name"])


@pytest.mark.parametrize(
    ("row_type", "raw", "value"),
    [
        ("uint16", (7,), 7),
        ("int16", (0xFFFE,), -2),
        ("uint32", (1, 2), 65538),
        ("uint32_le", (2, 1), 65538),
        ("int32", (0xFFFF, 0xFFFE), -2),
    ],
)
def test_each_number_is_read_as_its_row_says(row_type: str, raw: tuple[int, ...], value: int) -> None:
    rows = [
        row for row in ROWS if row["type"] == row_type and int(row["count"]) == len(raw) and not row["min"]
    ]
    for row in rows:
        expected = float(value * Decimal(row["scale"] or "1"))
        assert TABLES[row["device_kind"]].field(row["name"]).decode(raw) == expected, row
