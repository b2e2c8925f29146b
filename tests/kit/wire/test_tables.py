"""Register tables: lines that read and write, pages that are decoded when they change."""

from __future__ import annotations

from enum import IntEnum

import pytest

from ohmstead.kit.wire.tables import (
    UNKNOWN,
    Block,
    Page,
    Plan,
    ReadOnly,
    Write,
    page_key,
    page_start,
    windows,
    words_of,
)
from ohmstead.kit.wire.tables.codec import UNSIGNED
from ohmstead.kit.wire.tables.quantities import (
    HIGH_BYTE,
    LOW_BYTE,
    celsius,
    choice,
    custom,
    flag,
    kilowatt_hours,
    number,
    numbers,
    percent,
    ratio,
    reading,
    volts,
    watts,
)


class Mode(IntEnum):
    OFF = 0
    ON = 1


class Live(Block, bank="IR", source="invented", models="A;B", evidence="guess"):
    grid_v = volts(0, per=10, bounds=(180, 260))
    grid_w = watts(1, signed=True)
    total_kwh = kilowatt_hours(2, wide=True, per=10)
    low_kwh = kilowatt_hours(4, wide=True, low_first=True)
    net_w = watts(6, wide=True, signed=True, times=-1)
    heat_c = celsius(8, signed=True, per=10, note="as measured inside")
    mode = choice(9, Mode)
    mode_or_off = choice(9, Mode, otherwise=Mode.OFF, shared=True)
    soc = percent(10, part=LOW_BYTE)
    cycles = number(10, part=HIGH_BYTE)
    switch = flag(11, part=(3, 1))
    prices = numbers(12, 3)
    across_kwh = kilowatt_hours(59, wide=True)
    far = ratio(200, per=1000, models="B", evidence="seen", write=Write("user", 0, 10))


def pages(*words: int | None, base: int = 0, bank: str = "IR") -> dict[str, Page]:
    found: dict[str, Page] = {}
    for address, word in enumerate(words, base):
        key = page_key(bank, address)
        page = found.get(key, Page.of(UNKNOWN))
        if word is not None:
            found[key] = page.with_words(address - page_start(address), (word,))
    return found


GOOD = pages(2305, 0xFFFE, 1, 2, 2, 1, 0xFFFF, 0xFFFE, 0xFFF6, 1, 0x0742, 8, 5, 6, 7)


def test_a_line_is_a_definition_on_the_table_and_a_value_on_an_instance() -> None:
    assert Live.grid_v.unit == "V"
    assert Live.grid_v.registers == range(1)
    assert Live(GOOD).grid_v == 230.5
    assert repr(Live.grid_v) == "<IR(0) grid_v>"


def test_each_kind_of_number_is_read_as_it_stands_on_the_wire() -> None:
    live = Live(GOOD)
    assert live.grid_w == -2
    assert live.total_kwh == 6553.8
    assert live.low_kwh == 65538
    assert live.net_w == 2
    assert live.heat_c == -1.0
    assert live.soc == 0x42
    assert live.cycles == 7
    assert live.prices == (5, 6, 7)


def test_switches_and_choices_are_read_from_their_bits() -> None:
    assert Live(GOOD).switch is True
    assert Live(pages(*[0] * 11, 7)).switch is False
    assert Live(GOOD).mode is Mode.ON
    assert Live(pages(*[0] * 9, 5)).mode is None
    assert Live(pages(*[0] * 9, 5)).mode_or_off is Mode.OFF


@pytest.mark.parametrize(
    ("raw", "value"), [(1799, None), (1800, 180.0), (2600, 260.0), (2601, None), (0, 0.0)]
)
def test_a_value_outside_its_bounds_is_none_but_zeros_are_not_filled_in(
    raw: int, value: float | None
) -> None:
    assert Live(pages(raw)).grid_v == value
    assert Live.decode(pages(raw))["grid_v"] == value


def test_a_scaled_value_is_the_number_that_people_write() -> None:
    assert [Live.heat_c.decode((raw,)) for raw in (57, 1, 3, 7)] == [5.7, 0.1, 0.3, 0.7]


def test_what_has_not_been_seen_is_none() -> None:
    live = Live(pages(None, 5, 1))
    assert live.grid_v is None
    assert live.grid_w == 5
    assert live.total_kwh is None
    assert Live({}).soc is None


def test_a_field_across_two_pages_is_read_whole() -> None:
    assert Live(pages(1, 2, base=59)).across_kwh == 65538
    assert Live(pages(1, base=59)).across_kwh is None
    assert Live.decode(pages(1, 2, base=59))["across_kwh"] == 65538


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


@pytest.mark.parametrize(
    ("address", "count", "found"),
    [
        (5, 0, []),
        (0, 60, [("IR(0)", 0, 60)]),
        (59, 2, [("IR(0)", 59, 1), ("IR(60)", 0, 1)]),
        (990, 30, [("IR(960)", 30, 10), ("IR(1000)", 0, 20)]),
        (1360, 54, [("IR(1360)", 0, 54)]),
        (1600, 60, [("IR(1600)", 0, 60)]),
        (1990, 60, [("IR(1960)", 30, 10), ("IR(1980)", 20, 40), ("IR(2040)", 0, 10)]),
        (2040, 60, [("IR(2040)", 0, 60)]),
    ],
)
def test_pages_are_counted_from_0_and_between_1000_and_2000_anew(
    address: int, count: int, found: list[tuple[str, int, int]]
) -> None:
    run = windows("IR", address, count)
    assert [(window.key, window.offset, window.words.stop - window.words.start) for window in run] == found
    words = tuple(range(count))
    assert words_of(pages(*words, base=address), "IR", address, count) == words


def test_many_patterns_of_known_registers_cost_speed_and_nothing_else() -> None:
    for unknown in range(15):
        words: list[int | None] = [1] * 15
        words[unknown] = None
        assert Live.decode(pages(*words))["prices"] == (None if unknown > 11 else (1, 1, 1))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("grid_v", 230.46, (2305,)),
        ("grid_w", -2, (0xFFFE,)),
        ("total_kwh", 6553.8, (1, 2)),
        ("low_kwh", 65538, (2, 1)),
        ("net_w", 2, (0xFFFF, 0xFFFE)),
        ("mode", Mode.ON, (1,)),
        ("prices", (5, 6, 7), (5, 6, 7)),
    ],
)
def test_a_line_writes_what_it_reads(field: str, value: object, words: tuple[int, ...]) -> None:
    assert Live.field(field).encode(value) == words


def test_a_part_of_a_register_leaves_the_rest_as_it_is() -> None:
    assert Live.soc.encode(0x42, (0x0700,)) == (0x0742,)
    assert Live.switch.encode(value=True, before=(0x0100,)) == (0x0108,)


@pytest.mark.parametrize("value", [40000.0, -40000.0, float("nan"), float("inf")])
def test_a_value_that_does_not_fit_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Live.grid_w.encode(value)


def test_a_value_cannot_be_set() -> None:
    with pytest.raises(AttributeError, match="grid_v"):
        Live(GOOD).grid_v = 5


def test_a_reading_of_another_line_is_not_written() -> None:
    line = custom(0, reading(UNSIGNED))
    with pytest.raises(ReadOnly):
        line.encode(5)


def test_a_line_knows_its_precision_and_its_registers() -> None:
    assert [Live.precision_of(name) for name in ("grid_v", "grid_w", "far", "mode")] == [1, 0, 3, None]
    assert Live.registers_of("total_kwh") == ("IR(2)", "IR(3)")
    with pytest.raises(LookupError, match="nothing"):
        Live.registers_of("nothing")


def test_a_line_says_for_itself_what_its_block_says_otherwise() -> None:
    assert (Live.grid_v.facts.models, Live.grid_v.facts.evidence, Live.grid_v.source) == (
        "A;B",
        "guess",
        "invented",
    )
    assert (Live.far.facts.models, Live.far.facts.evidence) == ("B", "seen")
    assert Live.far.write is not None
    assert [Live.far.write.allows(raw) for raw in (0, 10, 11)] == [True, True, False]


class Newer(Live, bank="IR", source="invented later", inherited_models="C"):
    grid_v = volts(20, per=100)


def test_a_variant_has_the_lines_that_differ() -> None:
    assert Newer.grid_v.address == 20
    assert Newer.lines["grid_v"].facts.models == ""
    assert Newer.grid_w.facts.models == "C"
    assert Live.grid_w.facts.models == "A;B"
    assert Newer(pages(2305, base=20)).grid_v == 23.05
    assert set(Newer.lines) == set(Live.lines)


class Site(Block, bank="HR", source="invented"):
    limit_w = watts(0)


class Whole(Newer, Site):
    """Both."""


def test_a_device_is_put_together_from_blocks_of_several_banks() -> None:
    whole = Whole({**pages(2305, base=20), **pages(900, bank="HR")})
    assert (whole.grid_v, whole.limit_w) == (23.05, 900)
    assert len(Whole.lines) == len(Live.lines) + 1


def test_lines_without_a_source_are_no_table() -> None:
    with pytest.raises(TypeError, match="source"):
        type("Nameless", (Block,), {"limit_w": watts(0)}, bank="HR")
