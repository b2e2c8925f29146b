"""What went wrong in the field, for owners and in the clients they used: those cases that no other file here tells.

Told elsewhere: 2 to 6, 29, 30, 41 (detection); 13 to 16, 40, 42 to 44, 46 (commands, gates, writing); 20, 27, 28 (capture);
21 to 25 (line); 26, 45, 46 (polling).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ohmstead.families.givenergy import Client, Model, Plant, PlantCapabilities, RegisterCache, TimeSlot
from ohmstead.families.givenergy.client.receiving import Receiver
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadReply
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Site
START = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)


class Hands:
    """A clock whose hands a test moves."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        raise NotImplementedError


class Bench:
    """A plant that hears what a test says."""

    def __init__(self, model: Model = Model.HYBRID_GEN1, **capabilities: Any) -> None:
        self.clock = Hands()
        self.plant = Plant(clock=self.clock)
        self.plant.capabilities = PlantCapabilities(device_type=model, **capabilities)
        self._receiver = Receiver(self.plant, self.clock)

    def hear(
        self,
        device: int,
        bank: str,
        base: int,
        words: Sequence[int],
        *,
        after_s: float = 0.0,
        envelope: str = "SA2114G123",
    ) -> None:
        self.clock.at += timedelta(seconds=after_s)
        self._receiver.take(ReadReply(device, Bank(bank), base, tuple(words), envelope, "WF2125G456"))

    def word(self, device: int, register: str) -> int | None:
        return self.plant.cache(device).get(register)


def page(base: int, **places: int) -> list[int]:
    """Zeros but for some registers: `page(60, r74=3300)`."""
    words = [0] * 60
    for place, word in places.items():
        words[int(place[1:]) - base] = word
    return words


def serial(text: str) -> list[int]:
    return [int.from_bytes(text[n : n + 2].encode()) for n in range(0, 10, 2)]


def pack(**places: int) -> list[int]:
    """A healthy page of a pack."""
    words = [3300] * 16 + [200] * 4 + [52800, 250, 0, 52800] + [0, 16000, 0, 16000, 0, 9000] + [0] * 30
    words[37], words[38], words[40], words[41], words[42] = 16, 3005, 56, 0, 16000
    words[43], words[44] = 210, 190
    words[50:55] = serial("BG2114G123")
    for place, word in places.items():
        words[int(place[1:]) - 60] = word
    return words


def values(model: Model, cache: Mapping[str, int], **more: Any) -> Any:
    """The inverter as a plant of that model sees it."""
    plant = Plant()
    plant.register_caches[0x11] = RegisterCache(cache)
    plant.capabilities = PlantCapabilities(device_type=model, **more)
    return plant.inverter


def test_case_1_a_battery_does_not_rename_the_inverter() -> None:
    b = Bench(Model.ALL_IN_ONE)
    b.hear(0x11, "IR", 0, [1] * 60, envelope="CH2414G001")
    b.hear(0x50, "IR", 60, page(60, r60=3300), envelope="BA2414G777")
    b.hear(0x70, "IR", 60, page(60, r60=3300), envelope="BC2414G888")
    assert b.plant.inverter_serial_number == "CH2414G001"


def test_case_7_an_undefined_value_is_none_and_the_rest_is_decoded() -> None:
    unit = values(Model.HYBRID_GEN1, {"IR(0)": 77, "IR(1)": 3248, "HR(27)": 9})
    assert unit.status is None
    assert unit.battery_power_mode is None
    assert unit.v_pv1 == 324.8


@pytest.mark.parametrize(("start", "end"), [(60, 430), (30, 60), (60, 60), (2460, 100)])
def test_case_8_a_slot_with_an_end_of_60_is_none(start: int, end: int) -> None:
    assert values(Model.HYBRID_GEN1, {"HR(94)": start, "HR(95)": end}).charge_slot_1 is None


def test_case_8_a_cleared_slot_is_midnight_to_midnight() -> None:
    unit = values(Model.HYBRID_GEN1, {"HR(94)": 0, "HR(95)": 0})
    assert unit.charge_slot_1 == TimeSlot.from_components(0, 0, 0, 0)


@pytest.mark.parametrize("clock", [(26, 0, 1, 0, 0, 0), (26, 2, 3, 24, 0, 0), (26, 2, 30, 1, 0, 0)])
def test_case_9_a_clock_that_makes_no_sense_is_none(clock: tuple[int, ...]) -> None:
    cache = {f"HR({35 + n})": value for n, value in enumerate(clock)}
    assert values(Model.HYBRID_GEN1, cache).system_time is None


def test_case_10_a_frosty_inverter_is_below_zero() -> None:
    assert values(Model.HYBRID_GEN1, {"IR(41)": 0xFFE2}).t_inverter_heatsink == -3.0


def test_case_11_a_high_voltage_battery_is_within_bounds() -> None:
    assert values(Model.ALL_IN_ONE, {"IR(50)": 31490}).v_battery == 314.9


def test_case_12_a_work_time_of_all_ones_is_none() -> None:
    assert values(Model.HYBRID_GEN1, {"IR(47)": 0xFFFF, "IR(48)": 0xFFFF}).work_time_total_hours is None


@pytest.mark.parametrize(("firmware", "slots"), [(302, 2), (303, 10)])
def test_case_17_a_third_generation_has_ten_slots_from_firmware_303_on(firmware: int, slots: int) -> None:
    unit = values(Model.HYBRID_GEN3, {"HR(0)": 0x2001, "HR(21)": firmware}, arm_firmware_version=firmware)
    assert (len(unit.slot_map.charge), len(unit.slot_map.discharge)) == (slots, slots)


def test_case_18_an_81xx_unit_is_read_as_single_phase_though_it_answers_the_1000_range() -> None:
    cache = {"HR(0)": 0x8102, "IR(52)": 65036, **{f"IR({n})": 0 for n in range(1000, 1060)}}
    unit = values(Model.HYBRID_HV_GEN3, cache)
    assert type(unit).__name__ == "SinglePhaseInverter"
    assert unit.p_battery == -500


@warped
async def test_case_19_a_gateway_counts_high_words_first(site: Open) -> None:
    async with site("gateway") as s:
        client: Client = await s.detected()
        await client.load_config()
        gateway = (await client.refresh()).gateway
        assert gateway is not None
        assert gateway.software_version == "GAAA0014"
        totals = {name: value for name, value in gateway.model_dump().items() if name.endswith("_total")}
        assert any(totals.values())
        assert all(value < 100_000 for value in totals.values() if value is not None)


def test_case_31_what_is_no_register_is_left_out_of_a_saved_cache(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        cache = RegisterCache.from_json(
            '{"HR(1)": 70000, "HR(2)": true, "HR(3)": "x", "HR(4)": 1.5, "HR(5)": 7}'
        )
    assert dict(cache) == {"HR(5)": 7}
    assert len(caplog.records) == 4


def test_case_32_asking_for_a_register_does_not_create_it() -> None:
    cache = RegisterCache({"HR(5)": 7})
    assert cache.get("HR(6)") is None
    assert cache.raw("HR", 6) is None
    assert cache.words("HR", 5, 2) is None
    assert "HR(6)" not in cache
    assert dict(cache) == {"HR(5)": 7}


@warped
async def test_case_33_a_power_factor_has_the_sign_of_its_power(site: Open) -> None:
    async with site("hybrid-3ph") as s:
        client: Client = await s.detected()
        await client.load_config()
        for meter in (await client.refresh()).meters.values():
            for phase in ("phase_1", "phase_2", "phase_3", "total"):
                factor, power = getattr(meter, f"pf_{phase}"), getattr(meter, f"p_active_{phase}")
                if factor is not None:
                    assert -1 <= factor <= 1
                    assert factor * power >= 0


def test_case_34_a_stack_counts_charging_and_an_inverter_discharging() -> None:
    b = Bench(Model.HYBRID_3PH, bcu_stacks=((0, 6),))
    b.hear(0x70, "IR", 60, page(60, r60=0x4141, r64=6, r76=0x10000 - 105, r79=0x10000 - 41))
    b.hear(0x11, "IR", 1120, page(1120, r1137=41250))
    assert b.plant.hv_stacks[0].bcu.battery_current == -10.5
    assert b.plant.hv_stacks[0].bcu.battery_power == -4100
    assert b.plant.inverter.battery_discharge_power is not None


def test_case_35_a_page_of_zeros_after_data_is_held_and_ages() -> None:
    b = Bench()
    b.hear(0x11, "IR", 0, page(0, r1=3248))
    b.hear(0x11, "IR", 0, [0] * 60, after_s=15)
    assert b.word(0x11, "IR(1)") == 3248
    assert b.plant.block_age(0x11, Bank.IR, 0, 60) == 15


def test_case_36_a_short_read_of_zeros_is_believed() -> None:
    b = Bench()
    b.hear(0x11, "IR", 0, page(0, r1=3248))
    b.hear(0x11, "IR", 0, [0] * 30, after_s=15)
    assert b.word(0x11, "IR(1)") == 0


def test_case_37_a_new_battery_firmware_is_believed_when_it_stays() -> None:
    b = Bench(lv_battery_addresses=(0x32,))
    for _ in range(2):
        b.hear(0x32, "IR", 60, pack(), after_s=15)
    for poll in range(61):
        b.hear(0x32, "IR", 60, pack(r98=3006), after_s=15)
        assert b.word(0x32, "IR(98)") == (3005 if poll < 60 else 3006)


def test_case_38_cells_at_the_knee_of_their_curve_may_leap() -> None:
    b = Bench(lv_battery_addresses=(0x32,))
    for _ in range(2):
        b.hear(0x32, "IR", 60, pack(), after_s=15)
    leap = {f"r{n}": 3500 for n in range(60, 68)}
    b.hear(0x32, "IR", 60, pack(r80=54400, **leap), after_s=15)
    assert b.word(0x32, "IR(60)") == 3500


@pytest.mark.parametrize(("gap_s", "soc", "expected"), [(45, 57, 57), (301, 90, 90), (45, 90, 56)])
def test_case_39_after_an_outage_data_is_believed_again(gap_s: float, soc: int, expected: int) -> None:
    b = Bench(lv_battery_addresses=(0x32,))
    for _ in range(2):
        b.hear(0x32, "IR", 60, pack(), after_s=15)
    b.hear(0x32, "IR", 60, pack(r100=soc, r88=0, r89=15000 if soc == 90 else 9100), after_s=gap_s)
    assert b.word(0x32, "IR(100)") == expected
