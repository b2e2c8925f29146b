"""Where the pages of the family's registers begin."""

from __future__ import annotations

import pytest

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.client.banks import ExtraBlock, measurements, settings
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.paging import PAGING
from ohmstead.families.givenergy.registers import TABLES


@pytest.mark.parametrize(
    ("address", "count", "found"),
    [
        (990, 30, [("IR(960)", 30, 10), ("IR(1000)", 0, 20)]),
        (1360, 54, [("IR(1360)", 0, 54)]),
        (1600, 60, [("IR(1600)", 0, 60)]),
        (2040, 60, [("IR(2040)", 0, 60)]),
        (2100, 1, [("IR(2100)", 0, 1)]),
    ],
)
def test_pages_are_counted_from_0_and_anew_from_1000_and_2040(
    address: int, count: int, found: list[tuple[str, int, int]]
) -> None:
    run = PAGING.windows("IR", address, count)
    assert [
        (window.key, window.place.start, window.words.stop - window.words.start) for window in run
    ] == found


@pytest.mark.parametrize("model", Model)
def test_what_is_read_in_one_go_lies_in_one_page(model: Model) -> None:
    plant = PlantCapabilities(
        device_type=model,
        lv_battery_addresses=(0x32,),
        meter_addresses=(1,),
        hv_bmu_addresses=(0x50,),
        bcu_stacks=((0, 1),),
        lv_bcu_address=0x31,
    )
    extra = frozenset({ExtraBlock.SMART_LOAD, ExtraBlock.HV_CABINET})
    for read in (*settings(plant, extra), *measurements(plant)):
        ask = read.request
        assert len(PAGING.windows(ask.bank, ask.base, ask.count)) == 1, ask


@pytest.mark.parametrize("kind", TABLES)
def test_lines_are_looked_for_where_a_cache_has_them(kind: str) -> None:
    assert {line.paging for line in TABLES[kind].lines.values()} == {PAGING}
