"""Where pages begin."""

from __future__ import annotations

import pytest

from ohmstead.kit.wire.tables import Block, Paging
from ohmstead.kit.wire.tables.quantities import kilowatt_hours, number
from tests.kit.wire.conftest import pages

ODD = Paging(again=(100, 250))


@pytest.mark.parametrize(
    ("address", "count", "found"),
    [
        (5, 0, []),
        (0, 60, [("IR(0)", 0, 60)]),
        (59, 2, [("IR(0)", 59, 1), ("IR(60)", 0, 1)]),
        (90, 30, [("IR(60)", 30, 10), ("IR(100)", 0, 20)]),
        (100, 60, [("IR(100)", 0, 60)]),
        (150, 110, [("IR(100)", 50, 10), ("IR(160)", 0, 60), ("IR(220)", 0, 30), ("IR(250)", 0, 10)]),
        (310, 60, [("IR(310)", 0, 60)]),
    ],
)
def test_pages_are_counted_from_0_and_anew_where_a_map_says_so(
    address: int, count: int, found: list[tuple[str, int, int]]
) -> None:
    run = ODD.windows("IR", address, count)
    assert [
        (window.key, window.place.start, window.words.stop - window.words.start) for window in run
    ] == found
    words = tuple(range(count))
    assert ODD.words(pages(*words, base=address, paging=ODD), "IR", address, count) == words


class Odd(Block, paging=ODD):
    """What the tables of an invented map are."""


class Counters(Odd, bank="IR", source="invented"):
    first = number(99)
    across_kwh = kilowatt_hours(99, wide=True, shared=True)
    within_kwh = kilowatt_hours(119, wide=True)


class Look(Block):
    """No table of that map, but what its instances are."""


class Live(Look, Counters):
    pass


def places(table: type[Block]) -> list[list[str]]:
    return [[window.key for window in line.windows] for line in table.lines.values()]


def test_a_tables_lines_lie_in_the_pages_of_its_map() -> None:
    assert places(Live) == [["IR(60)"], ["IR(60)", "IR(100)"], ["IR(100)"]]
    seen = pages(1, 2, base=99, paging=ODD) | pages(*range(20), 1, base=100, paging=ODD)
    assert Live(seen).across_kwh == 65536
    assert Live.decode(seen) == {"first": 1, "across_kwh": 65536, "within_kwh": 19 * 65536 + 1}


class Newer(Live, inherited_models="B"):
    """For other models."""


def test_a_variant_lies_where_its_lines_did() -> None:
    assert places(Newer) == places(Live)
