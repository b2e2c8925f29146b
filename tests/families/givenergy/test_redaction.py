"""What may be shown of a serial."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.redaction import BLANK, redact_header, redact_serial
from ohmstead.families.givenergy.serials import words_of
from ohmstead.families.givenergy.types import Bank

CASES = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))[
    "redaction_serials"
]


def holding(bank: Bank, base: int, text: str) -> RegisterCache:
    cache = RegisterCache()
    cache.store(bank, base, words_of(text))
    return cache


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["in"] or "empty")
def test_a_serial_loses_its_unit_number(case: dict[str, Any]) -> None:
    found = redact_serial(case["in"])
    assert (found or case["in"]) == case.get("expect", case.get("expect_open"))
    assert (found or "") == case.get("expect", case.get("expect_strict"))


def test_a_header_that_is_no_serial_is_blanked_and_an_empty_one_stays() -> None:
    assert redact_header("SA2114G123") == "SA2114G000"
    assert redact_header("SA21\x0014G1") == BLANK
    assert redact_header("\0" * 10) == "\0" * 10
    assert redact_header(BLANK) == BLANK


def test_a_cache_is_redacted_wherever_serials_stand() -> None:
    safe = holding(Bank.HR, 13, "SA2114G123").redact_serials()
    assert safe.words(Bank.HR, 13, 5) == words_of("SA2114G000")


def test_a_serial_with_its_characters_exchanged_is_redacted_too() -> None:
    safe = holding(Bank.HR, 8, "HC42411G32").redact_serials()
    assert safe.words(Bank.HR, 8, 5) == words_of("HC42410G00")


def test_a_split_module_serial_is_redacted() -> None:
    cache = holding(Bank.IR, 110, "HC")
    cache.store(Bank.IR, 114, (0, *words_of("2414G123")))
    safe = cache.redact_serials()
    assert safe.words(Bank.IR, 114, 5) == (0, *words_of("2414G000"))
    assert safe.raw(Bank.IR, 110) == cache.raw(Bank.IR, 110)


def test_measurements_in_the_place_of_a_serial_stay() -> None:
    cache = RegisterCache()
    cache.store(Bank.IR, 110, (251, 252, 253, 254, 255))
    assert cache.redact_serials() == cache


def test_a_group_that_is_not_complete_stays() -> None:
    cache = holding(Bank.HR, 13, "SA2114G1")
    assert cache.redact_serials() == cache


def test_a_meter_identifier_is_always_zeroed() -> None:
    cache = RegisterCache({"MR(60)": 0x0DC1, "MR(61)": 0x49D7, "MR(62)": 0x0045})
    assert dict(cache.redact_serials()) == {"MR(60)": 0, "MR(61)": 0, "MR(62)": 0x0045}


def test_redacting_again_changes_nothing() -> None:
    safe = holding(Bank.HR, 13, "SA2114G123").redact_serials()
    assert safe.redact_serials() == safe
