"""A walk through every line of every table: what holds for all of them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import pytest

from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.registers.availability import EVERY, Evidence, Tier, availability
from ohmstead.families.givenergy.types import TimeSlot
from ohmstead.kit.wire.tables import Field, ReadOnly

VERSION = (0x4741, 0x4141, 0x0000, 0x0104)
WORD_SAMPLES = [0, 1, 2, 3, 5, 140, 0x4141, 9531, 19980]


def overlapping(fields: list[Field[Any]]) -> set[str]:
    """Lines whose bits another line has too."""
    found: set[str] = set()
    owners: dict[tuple[str, int], list[Field[Any]]] = {}
    for field in fields:
        for address in field.registers:
            for other in owners.setdefault((field.bank, address), []):
                if other.codec.mask & field.codec.mask:
                    found |= {field.name, other.name}
            owners[field.bank, address].append(field)
    return found


@pytest.mark.parametrize("kind", TABLES)
def test_lines_that_share_a_register_say_so_and_no_others(kind: str) -> None:
    fields = list(TABLES[kind].lines.values())
    assert {field.name for field in fields if field.facts.shared} == overlapping(fields)


@pytest.mark.parametrize("kind", TABLES)
def test_each_line_cites_its_source_and_its_evidence(kind: str) -> None:
    for field in TABLES[kind].lines.values():
        assert field.source, field
        assert field.facts.evidence in set(Evidence), field
        assert field.facts.models, field


@pytest.mark.parametrize("kind", TABLES)
def test_limits_of_writes_fit_the_register(kind: str) -> None:
    for field in TABLES[kind].lines.values():
        if field.write is not None:
            low, high = field.write.low or 0, 0xFFFF if field.write.high is None else field.write.high
            assert field.write.tier in set(Tier), field
            assert field.bank == "HR", field
            assert 0 <= low <= high <= 0xFFFF, field


@pytest.mark.parametrize("kind", TABLES)
def test_bounds_are_values_that_the_registers_can_hold(kind: str) -> None:
    for field in TABLES[kind].lines.values():
        if field.facts.bounds is not None:
            low, high = field.facts.bounds
            assert low < high, field
            assert field._raw(low) <= field.codec.high, field
            assert field._raw(high) >= field.codec.low, field


@pytest.mark.parametrize("kind", TABLES)
def test_what_a_line_writes_it_reads_back(kind: str) -> None:
    for field in TABLES[kind].lines.values():
        samples = (
            [VERSION] if field.count == len(VERSION) else [(word,) * field.count for word in WORD_SAMPLES]
        )
        assert sum(reads_back(field, words) for words in samples), field


def reads_back(field: Field[Any], words: tuple[int, ...]) -> bool:
    """False where the words are no value of the field."""
    value = field.decode(words + (None,) * 60)
    if value is None:
        return False
    try:
        written = field.encode(value, words)
    except ReadOnly:
        assert field.facts.shared, field
        return True
    assert len(written) == field.count, field
    assert field.decode(written + (None,) * 60) == value, field
    return True


def test_a_slot_and_a_clock_are_written_as_people_mean_them() -> None:
    table = TABLES["inverter_single_phase"]
    assert table.field("charge_slot_1").encode(TimeSlot(time(1, 15), time(5, 45))) == (115, 545)
    assert table.field("system_time").encode(datetime(2026, 2, 3, 4, 5, 6)) == (26, 2, 3, 4, 5, 6)  # noqa: DTZ001


def test_every_list_of_models_is_understood() -> None:
    texts = {field.facts.models for table in TABLES.values() for field in table.lines.values()}
    known = {text for text in texts if availability(text).every or availability(text).entries}
    assert texts - known == {
        "unconfirmed",
        "unconfirmed(newer firmware)",
        "unconfirmed(commercial)",
        "unconfirmed(HV cabinet)",
        "EMS-managed;unconfirmed",
        "EMS plants",
        "factory block, not polled",
        "not own data",
        "bus address not known",
    }
    assert EVERY in known
