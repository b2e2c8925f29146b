"""Register tables: lines that read and write."""

from __future__ import annotations

import pytest

from ohmstead.kit.wire.tables import Block, ReadOnly
from ohmstead.kit.wire.tables.codec import UNSIGNED
from ohmstead.kit.wire.tables.quantities import custom, reading, volts, watts
from tests.kit.wire.conftest import GOOD, Live, Mode, pages


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
