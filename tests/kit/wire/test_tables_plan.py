"""Whole tables at once: pages that are decoded when they change."""

from __future__ import annotations

from ohmstead.kit.wire.tables import Plan
from tests.kit.wire.conftest import GOOD, Live, Mode, pages


def test_a_dump_has_every_name_in_the_tables_order() -> None:
    values = Live.decode(GOOD)
    assert list(values) == list(Live.lines)
    assert values["grid_w"] == -2
    assert values["far"] is None


def test_a_dump_reads_what_each_attribute_reads_however_much_is_known() -> None:
    for known in range(16):
        some = pages(
            *[word if index != known else None for index, word in enumerate(GOOD["IR(0)"].words[:15])]
        )
        assert Live.decode(some) == {name: getattr(Live(some), name) for name in Live.lines}


def test_many_patterns_of_known_registers_cost_speed_and_nothing_else() -> None:
    for unknown in range(15):
        words: list[int | None] = [1] * 15
        words[unknown] = None
        assert Live.decode(pages(*words))["prices"] == (None if unknown > 11 else (1, 1, 1))


MARKS = {name: 1 << place for place, name in enumerate(Live.lines)}
MARKED = Plan(tuple(Live.lines.values()), MARKS)


def names(marks: int) -> set[str]:
    return {name for name, bit in MARKS.items() if marks & bit}


def test_values_are_brought_up_to_date_page_by_page() -> None:
    before = {**pages(2305), **pages(1500, base=200)}
    picture = MARKED.picture({})
    assert names(MARKED.update(picture, {}, before)) == set(Live.lines)
    assert picture.values == picture.plain == Live.decode(before)
    after = {**before, **pages(2500, base=200)}
    assert names(MARKED.update(picture, before, after)) == {"far"}
    assert (picture.values["grid_v"], picture.values["far"]) == (230.5, 2.5)


def test_of_a_page_that_was_known_only_what_looks_at_a_changed_register_is_read_again() -> None:
    picture = MARKED.picture(GOOD)
    after = {"IR(0)": GOOD["IR(0)"].with_words(9, (0, 0x0743))}
    again = names(MARKED.update(picture, GOOD, after))
    assert again == {"mode", "mode_or_off", "soc", "cycles", "across_kwh"}
    assert picture.values == Live.decode(after)


def test_an_update_gives_what_reading_everything_gives_whatever_changed_and_in_whichever_direction() -> None:
    plan, before = Live.plan(), GOOD
    picture = plan.picture(before)
    for changed in (*range(15), *range(15)):
        first, last = sorted((changed, 14 - changed % 7))
        words = tuple((word or 0) ^ 3 for word in before["IR(0)"].words[first : last + 1])
        after = {"IR(0)": before["IR(0)"].with_words(first, words), **pages(7, base=200 + 60 * (changed % 2))}
        plan.update(picture, before, after)
        assert picture.values == Live.decode(after)
        before = after
    for some in (pages(1, 2), GOOD, {}):
        plan.update(picture, before, some)
        assert picture.values == Live.decode(some)
        before = some


def test_a_value_across_two_pages_is_brought_up_to_date_with_either() -> None:
    before = pages(1, 2, base=59)
    picture = MARKED.picture(before)
    for base, word, value in ((59, 3, 196610), (60, 7, 65543)):
        after = {**before, **pages(word, base=base)}
        assert names(MARKED.update(picture, before, after)) == {"across_kwh"}
        assert picture.values["across_kwh"] == value
        MARKED.update(picture, after, before)


def test_a_picture_has_every_value_in_a_form_that_json_has() -> None:
    picture = Live.plan().picture(pages(*GOOD["IR(0)"].words[:15]))
    assert (type(picture.values["mode"]), type(picture.plain["mode"])) == (Mode, int)
    assert picture.plain == picture.values
    Live.plan().update(picture, pages(*GOOD["IR(0)"].words[:15]), {})
    assert set(picture.plain.values()) == {None}
