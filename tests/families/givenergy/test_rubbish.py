"""Whatever stands in registers or in a text: something is made of it, and nothing breaks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.compact import parse_compact, to_compact
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.trust import Trust
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadReply
from ohmstead.kit.wire.tables import Page

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
WORDS = st.integers(0, 0xFFFF) | st.sampled_from([0, 1, 60, 2359, 0x4141, 0x4500, 0x8000, 0xFFFF])
PAGES = st.lists(st.none() | WORDS, min_size=60, max_size=60).map(lambda words: Page.of(tuple(words)))
CACHES = st.dictionaries(
    st.builds("{}({})".format, st.sampled_from(list(Bank)), st.integers(0, 0xFFFF)), WORDS, max_size=20
).map(RegisterCache)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TABLES)), PAGES)
def test_any_words_decode_and_each_attribute_agrees_with_the_whole(kind: str, page: Page) -> None:
    table = TABLES[kind]
    pages = dict.fromkeys(table.plan().pages, page)
    values = table.decode(pages)
    assert {name: line.read(pages) for name, line in table.lines.items()} == values


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.integers(0, 255), CACHES, max_size=4))
def test_registers_survive_both_text_forms(caches: dict[int, RegisterCache]) -> None:
    text = to_compact(caches)
    assert parse_compact(text) == {device: cache for device, cache in caches.items() if cache}
    assert to_compact(parse_compact(text.upper().replace("0X", "0x"))) == text
    for cache in caches.values():
        assert RegisterCache.from_json(cache.json()) == cache


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="0x1:IRHM(),6 #..afAF\nprobe@device", max_size=200))
def test_any_text_is_read_for_what_it_holds(text: str) -> None:
    caches = parse_compact(text)
    assert parse_compact(to_compact(caches)) == caches


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from([0x01, 0x11, 0x31, 0x32, 0x50, 0x70, 0xA0]), CACHES))
def test_a_plant_of_any_registers_can_be_looked_at(caches: dict[int, RegisterCache]) -> None:
    plant = Plant.from_caches(caches)
    plant.model_dump_json()
    assert plant.devices[0].is_control_authority
    assert plant.redact().redact().register_caches == plant.redact().register_caches


PACK_PAGES = st.lists(WORDS, min_size=60, max_size=60).map(tuple)


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0x11, 0x32, 0x50]), PACK_PAGES, st.integers(0, 400)), max_size=6))
def test_any_page_is_judged(pages: list[tuple[int, tuple[int, ...], int]]) -> None:
    trust = Trust(splice_reject_heal_seconds=1)
    cache = RegisterCache()
    at = NOON
    for device, words, gap_s in pages:
        at += timedelta(seconds=gap_s)
        reply = ReadReply(device, Bank.IR, 60, words, "", "")
        if trust.judge(reply, cache, at).may_store:
            cache.store(Bank.IR, 60, words, at)
