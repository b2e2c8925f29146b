"""What a living plant shows agrees with itself, with its home and with its settings."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
SINGLE_PHASE = ("hybrid-gen1", "hybrid-gen2", "ac", "all-in-one", "hybrid-hv-gen3")
NIGHT = datetime(2026, 6, 21, 21, 0, tzinfo=UTC)
"""23:00 on the inverter's clock, which is an hour ahead: 22:00."""
DAWN = datetime(2026, 6, 21, 3, 0, tzinfo=UTC)
SELDOM_S = 3600.0
"""How often a home need live up to the clock where a test lives through days: whoever looks at it has it do so anyway."""


def signed(word: int) -> int:
    return word - 0x10000 if word & 0x8000 else word


def wide(high: int, low: int) -> int:
    return high << 16 | low


@pytest.mark.long
@pytest.mark.parametrize("plant", SINGLE_PHASE)
@warped
async def test_terminal_power_is_load_plus_export_all_day(bench: Open, plant: str) -> None:
    async with bench(plant, at=DAWN, every_s=SELDOM_S) as b, b.ear() as ear:
        for _ in range(40):
            await b.live(1800)
            page = await ear.read(0x11, "IR", 0, 60)
            assert signed(page[24]) == page[42] + signed(page[30])
            assert signed(page[30]) == round(-b.world.grid.power_w)
            assert page[42] >= 0


@warped
async def test_a_battery_discharging_counts_as_positive_and_its_charge_follows(bench: Open) -> None:
    async with bench("hybrid-gen2", at=NIGHT) as b, b.ear() as ear:
        await ear.write(96, 0)
        await b.live(60)
        before = await ear.read(0x11, "IR", 0, 60)
        assert signed(before[52]) > 100
        assert signed(before[51]) > 0
        assert before[14] == 5
        await b.live(5400)
        after = await ear.read(0x11, "IR", 0, 60)
        assert after[59] < before[59]
        stored_wh = [9463 * page[59] / 100 for page in (before, after)]
        discharged_wh = 100 * (after[37] - before[37])
        assert stored_wh[0] - stored_wh[1] == pytest.approx(discharged_wh / 0.96, abs=200)


@warped
async def test_counters_grow_by_steps_and_those_of_today_end_with_the_inverters_day(bench: Open) -> None:
    async with bench("hybrid-gen1", at=datetime(2026, 6, 21, 21, 50, tzinfo=UTC)) as b, b.ear() as ear:
        today = [17, 19, 25, 26, 36, 37, 44, 182, 183]
        totals = [(21, 22), (32, 33), (11, 12), (45, 46), (6, 7)]
        before = {address: await ear.register(address) for address in (*today, 180, 181)}
        lifetime = [wide(*(await ear.read(0x11, "IR", high, 2))) for high, _ in totals]
        assert before[17] == 106
        await b.live(3600 + 1200)  # past 00:00 on a clock that shows an hour more than UTC
        for address in today:
            assert await ear.register(address) < max(10, before[address])
        for (high, _), was in zip(totals, lifetime, strict=True):
            assert wide(*(await ear.read(0x11, "IR", high, 2))) >= was
        assert await ear.register(180) > before[180] - 1


@pytest.mark.long
@warped
async def test_the_day_of_a_plant_balances(bench: Open) -> None:
    midnight = datetime(2026, 6, 21, 23, 0, tzinfo=UTC)
    async with bench("hybrid-gen1", at=midnight, every_s=SELDOM_S) as b, b.ear() as ear:
        await b.live(5)
        before = await totals(b, ear)
        await b.live(86_390)
        after = await totals(b, ear)
        found = {name: after[name] - before[name] for name in before}
        assert found["solar"] > 20
        into = found["solar"] + found["import"] + found["discharge"]
        out_of = found["export"] + found["charge"] + found["load"]
        assert into == pytest.approx(out_of, abs=0.6)


async def totals(b: Any, ear: Any) -> dict[str, float]:
    page = await ear.read(0x11, "IR", 0, 60)
    more = await ear.read(0x11, "IR", 180, 4)
    return {
        "load": b.plant.life.body.tallies["load"].total_wh / 1000,
        "solar": wide(page[45], page[46]) / 10,
        "import": wide(page[32], page[33]) / 10,
        "export": wide(page[21], page[22]) / 10,
        "discharge": more[0] / 10,
        "charge": more[1] / 10,
    }


@warped
async def test_a_charge_window_fills_the_battery_to_its_target_and_waits_there(bench: Open) -> None:
    async with bench("hybrid-gen2", at=datetime(2026, 6, 21, 22, 0, tzinfo=UTC)) as b, b.ear() as ear:
        for register, value in ((94, 2310), (95, 200), (20, 1), (116, 60), (96, 1), (111, 50)):
            await ear.write(register, value)
        await b.live(300)
        assert signed(await ear.register(52)) >= 0
        await b.live(600)
        assert signed(await ear.register(52)) == pytest.approx(-3600, abs=5)
        assert await ear.register(14) == 2
        await b.live(3600)
        assert await ear.register(59) == 60
        assert signed(await ear.register(52)) == 0


@warped
async def test_the_reserve_ends_discharging(bench: Open) -> None:
    async with bench("hybrid-gen2", at=NIGHT) as b, b.ear() as ear:
        assert await ear.register(59) == 45
        await b.live(30)
        assert signed(await ear.register(52)) > 100
        await ear.write(110, 60)
        await b.live(60)
        assert signed(await ear.register(52)) == 0
        assert signed(await ear.register(30)) < -100


@warped
async def test_limits_pause_and_rate_hold_the_battery_back(bench: Open) -> None:
    async with bench("all-in-one", at=NIGHT) as b, b.ear() as ear:
        await ear.write(59, 1)
        await ear.write(27, 0)
        await ear.write(56, 2000)
        await ear.write(57, 2359)
        for register, value, expected_w in (
            (111, 50, 6000),
            (112, 10, 1513),  # a tenth of 15.1 kWh an hour
            (112, 50, 6000),
            (314, 25, 1500),
            (314, 100, 6000),
            (50, 50, 3000),
            (50, 100, 6000),
            (318, 2, 0),
            (318, 0, 6000),
        ):
            await ear.write(register, value)
            await b.live(30)
            assert signed(await ear.register(52)) == pytest.approx(expected_w, abs=15), (register, value)


@warped
async def test_a_pause_window_pauses_only_there(bench: Open) -> None:
    async with bench("all-in-one", at=NIGHT) as b, b.ear() as ear:
        for register, value in ((319, 2230), (320, 2300), (318, 3)):
            await ear.write(register, value)
        await b.live(600)
        assert signed(await ear.register(52)) > 100
        await b.live(1500)
        assert signed(await ear.register(52)) == 0
        await b.live(1800)
        assert signed(await ear.register(52)) > 100


@warped
async def test_surplus_goes_where_the_export_priority_says(bench: Open) -> None:
    async with bench("all-in-one") as b, b.ear() as ear:
        await b.live(60)
        assert signed(await ear.register(52)) < -500
        await ear.write(311, 2)
        await b.live(60)
        assert signed(await ear.register(52)) == 0
        assert signed(await ear.register(30)) > 500
        await ear.write(311, 1)
        await b.live(60)
        assert signed(await ear.register(52)) == pytest.approx(-(await ear.register(18)), abs=5)


@warped
async def test_a_three_phase_unit_obeys_its_force_flags(bench: Open) -> None:
    async with bench("hybrid-3ph") as b, b.ear() as ear:
        await ear.write(1122, 1)
        await b.live(30)
        page = await ear.read(0x11, "IR", 1120, 60)
        assert wide(page[16], page[17]) > 40_000  # tenths of a watt
        assert wide(page[18], page[19]) == 0
        await ear.write(1122, 0)
        await ear.write(1123, 1)
        await b.live(30)
        page = await ear.read(0x11, "IR", 1120, 60)
        assert wide(page[16], page[17]) == 0
        assert wide(page[18], page[19]) > 80_000
        lines = await ear.read(0x11, "IR", 1061, 3)
        assert all(3950 < line < 4050 for line in lines)


@warped
async def test_an_ems_schedule_moves_the_inverters_it_manages(bench: Open) -> None:
    async with bench("ems") as b, b.ear() as ear:
        for register, value in ((2053, 800), (2054, 1200), (2055, 100)):
            await ear.write(register, value)
        await b.live(30)
        page = await ear.read(0x11, "IR", 2040, 60)
        assert [signed(word) for word in page[14:16]] == [-3000, -3000]
        assert signed(page[50]) == -6000
        assert signed(page[49]) == signed(page[6])
        assert page[46] == page[48] + signed(page[49]) + signed(page[50])
        await ear.write(2040, 0)
        await b.live(30)
        page = await ear.read(0x11, "IR", 2040, 60)
        assert signed(page[50]) > -4000


@warped
async def test_a_gateways_balance_is_its_export(bench: Open) -> None:
    async with bench("gateway") as b, b.ear() as ear:
        await b.live(600)
        page = await ear.read(0x11, "IR", 1600, 60)
        p_ac, p_pv, p_load, charge = signed(page[16]), page[17], page[18], signed(page[19])
        assert p_ac == p_pv - p_load - charge
        assert charge > 500
        meters = [await ear.read(device, "IR", 60, 30) for device in (1, 2)]
        assert [signed(meter[8]) for meter in meters] == [pytest.approx(-p_ac, abs=2), p_pv]
        assert meters[0][20:23] == (0, 0, 0)


@warped
async def test_packs_measure_themselves_now_and_then_and_agree_with_their_cells(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        pages, changes = [], []
        for second in range(300):
            await b.live(1)
            page = await ear.read(0x32, "IR", 60, 60)
            if not pages or page != pages[-1]:
                pages.append(page)
                changes.append(second)
        gaps = [after - before for before, after in pairwise(changes)]
        assert len(gaps) >= 4
        assert all(14 <= gap <= 51 for gap in gaps)
        for page in pages:
            assert sum(page[:16]) == page[20]
            assert abs(wide(page[22], page[23]) - page[20]) <= 50
        assert pages[0][50:55] == (0x4247, 0x3231, 0x3334, 0x4730, 0x3030)


@warped
async def test_a_stack_counts_charging_as_positive(bench: Open) -> None:
    async with bench("hybrid-3ph") as b, b.ear() as ear:
        await ear.write(1123, 1)
        await b.live(30)
        page = await ear.read(0x70, "IR", 60, 60)
        assert page[10] == 3
        assert signed(page[16]) > 100
        assert signed(page[19]) > 80
        module = await ear.read(0x50, "IR", 60, 60)
        mean_mv = sum(module[:24]) / 24
        assert page[13] * 100 == pytest.approx(mean_mv * 144, rel=0.002)


@warped
async def test_in_an_outage_there_is_no_voltage_and_nothing_flows(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        await b.live(10)
        b.world.grid.fail()
        await b.live(10)
        page = await ear.read(0x11, "IR", 0, 60)
        assert (page[5], page[24], page[30], page[52], page[49]) == (0, 0, 0, 0, 0)


@warped
async def test_a_dropped_clock_write_changes_nothing_until_the_last_one(bench: Open) -> None:
    async with bench("hybrid-gen2") as b, b.ear() as ear:
        assert (await ear.read(0x11, "HR", 35, 5)) == (26, 6, 21, 9, 0)
        for register, value in ((35, 31), (36, 5), (37, 4), (38, 23), (39, 59)):
            await ear.write(register, value)
        assert (await ear.read(0x11, "HR", 35, 4)) == (26, 6, 21, 9)
        await ear.write(40, 50)
        assert (await ear.read(0x11, "HR", 35, 6)) == (31, 5, 4, 23, 59, 50)
        exported = await ear.register(25)
        assert exported == 189
        await b.live(15)
        assert (await ear.read(0x11, "HR", 35, 5)) == (31, 5, 5, 0, 0)
        assert await ear.register(25) == 0


@pytest.mark.long
@warped
async def test_a_clock_drifts_as_it_is_told(bench: Open) -> None:
    async with bench("hybrid-gen2", clock_drift="60", every_s=SELDOM_S) as b, b.ear() as ear:
        await b.live(6 * 3600)
        assert (await ear.read(0x11, "HR", 37, 4)) == (21, 15, 0, 15)


@warped
async def test_calibration_walks_through_its_stages_and_can_be_stopped(bench: Open) -> None:
    async with bench("ac", every_s=SELDOM_S) as b, b.ear() as ear:
        await ear.write(29, 1)
        seen = [await ear.register(29, bank="HR")]
        for _ in range(24 * 60):
            await b.live(60)
            stage = await ear.register(29, bank="HR")
            if stage != seen[-1]:
                seen.append(stage)
            if stage == 0:
                break
        assert seen == [1, 2, 3, 4, 5, 6, 7, 0]
        await ear.write(29, 3)
        assert await ear.register(29, bank="HR") == 3
        await ear.write(29, 0)
        assert await ear.register(29, bank="HR") == 0


@warped
async def test_cleared_totals_start_from_nothing(bench: Open) -> None:
    async with bench("hybrid-gen1") as b, b.ear() as ear:
        assert wide(*(await ear.read(0x11, "IR", 11, 2))) == 211463
        await ear.write(162, 1)
        assert wide(*(await ear.read(0x11, "IR", 11, 2))) == 0


@warped
async def test_a_reboot_drops_everybody_and_keeps_the_settings(bench: Open) -> None:
    async with bench("hybrid-gen2") as b:
        async with b.ear() as ear:
            await ear.write(110, 33)
            await ear.write(163, 100)
            await b.live(4)
            assert b.plant.state()["clients"] == 1
            await b.live(4)
            assert b.plant.state()["is_away"] is True
            assert b.plant.state()["clients"] == 0
        await b.live(90)
        async with b.ear() as ear:
            assert await ear.register(110, bank="HR") == 33
            assert b.plant.state()["reboots"] == 1
