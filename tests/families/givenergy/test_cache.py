"""The register store of one device."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.types import Bank

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_reading_an_absent_register_does_not_create_it() -> None:
    cache = RegisterCache({"HR(20)": 7})
    assert cache.get("HR(21)") is None
    assert cache.raw(Bank.IR, 500) is None
    assert cache.words(Bank.HR, 20, 2) is None
    assert dict(cache) == {"HR(20)": 7}


def test_registers_are_found_by_name_in_both_spellings() -> None:
    cache = RegisterCache({"IR:60": 3232})
    assert cache["IR(60)"] == cache["IR:60"] == 3232
    assert "IR(61)" not in cache
    assert "nonsense" not in cache
    assert len(cache) == 1


def test_a_snapshot_keeps_its_moment() -> None:
    cache = RegisterCache()
    cache.store(Bank.IR, 0, (1,) * 60, NOON)
    before = cache.pages()
    cache.store(Bank.IR, 0, (2,) * 60, NOON)
    assert before["IR(0)"].words[0] == 1
    assert cache.pages()["IR(0)"].words[0] == 2


def test_snapshots_of_the_same_moment_are_one_and_each_moment_has_its_own() -> None:
    cache = RegisterCache()
    moments = []
    for word in (1, 2, 3):
        cache.store(Bank.IR, 0, (word,) * 60, NOON)
        cache.store(Bank.HR, 0, (word,) * 60, NOON)
        moments.append(cache.pages())
        assert cache.pages() is moments[-1]
    assert [(pages["IR(0)"].words[0], pages["HR(0)"].words[0]) for pages in moments] == [
        (1, 1),
        (2, 2),
        (3, 3),
    ]


def test_a_run_over_two_pages_is_one_run() -> None:
    cache = RegisterCache()
    assert cache.store(Bank.HR, 499, tuple(range(100, 164)), NOON)
    assert cache.words(Bank.HR, 538, 4) == (139, 140, 141, 142)
    assert cache.raw(Bank.HR, 562) == 163


def test_a_page_stays_the_same_object_while_nothing_changes() -> None:
    cache = RegisterCache()
    cache.store(Bank.IR, 0, (1,) * 60, NOON)
    page = cache.pages()["IR(0)"]
    assert not cache.store(Bank.IR, 0, (1,) * 60, NOON)
    assert cache.pages()["IR(0)"] is page
    assert cache.store(Bank.IR, 59, (9,), NOON)
    assert cache.pages()["IR(0)"] is not page
    assert cache.raw(Bank.IR, 58) == 1


def test_a_block_over_two_pages_is_confirmed_until_one_of_them_says_something_else() -> None:
    cache = RegisterCache()
    later = NOON + timedelta(seconds=30)
    words = (1,) * 60
    cache.store(Bank.IR, 1620, words, NOON)
    state = cache.blocks[Bank.IR, 1620, 60]
    cache.store(Bank.IR, 0, words, NOON)
    assert cache.confirm(state, words, later)
    assert cache.page_times() == {"IR(1600)": NOON, "IR(1660)": NOON, "IR(0)": NOON} | dict.fromkeys(
        ("IR(1600)", "IR(1660)"), later
    )
    cache.store(Bank.IR, 1650, (7,), NOON)
    assert not cache.confirm(state, words, later + timedelta(seconds=30))
    assert state.stored_at == later


def test_a_block_is_confirmed_by_the_words_that_it_was_last_stored_from_alone() -> None:
    cache = RegisterCache()
    words = (1, 2, 3)
    cache.store(Bank.IR, 60, words, NOON)
    state = cache.blocks[Bank.IR, 60, 3]
    assert cache.confirm(state, words, NOON)
    cache.store(Bank.IR, 60, (4, 5, 6), NOON)
    assert not cache.confirm(state, words, NOON)
    cache.store(Bank.IR, 60, words, NOON)
    assert cache.confirm(state, words, NOON)


def test_a_block_knows_when_it_came_and_when_it_last_said_something_new() -> None:
    cache = RegisterCache()
    later = NOON + timedelta(seconds=30)
    cache.store(Bank.IR, 60, (1, 2), NOON)
    cache.store(Bank.IR, 60, (1, 2), later)
    state = cache.blocks[Bank.IR, 60, 2]
    assert (state.stored_at, state.changed_at, state.is_present) == (later, NOON, True)
    cache.store(Bank.IR, 60, (1, 3), later + timedelta(seconds=1))
    assert cache.blocks[Bank.IR, 60, 2].changed_at == later + timedelta(seconds=1)


@pytest.mark.parametrize("word", ["70000", "true", '"x"', "1.5", "-1"])
def test_a_stored_value_that_is_no_register_is_left_out_with_a_warning(
    word: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        cache = RegisterCache.from_json(f'{{"HR(0)": 8193, "HR(1)": {word}, "HR:2": 5, "IR(3)": null}}')
    assert dict(cache) == {"HR(0)": 8193, "HR(2)": 5}
    assert len(caplog.records) == 1


def test_a_name_of_no_bank_is_left_out_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert dict(RegisterCache.from_json('{"XX(0)": 1, "HR(99999)": 2, "HR(1)": 3}')) == {"HR(1)": 3}
    assert len(caplog.records) == 2


@pytest.mark.parametrize("text", ["", "[1]", "{", "7"])
def test_text_that_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no object of registers"):
        RegisterCache.from_json(text)


def test_the_json_names_each_register() -> None:
    assert json.loads(RegisterCache({"IR(60)": 2, "HR(0)": 1}).json()) == {"HR(0)": 1, "IR(60)": 2}
