"""Every transaction of the client against the simulated DTU it is for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.alarms import AlarmState
from ohmstead.families.hoymiles.client.commands import CommandResult
from ohmstead.families.hoymiles.simulator import PROFILES
from ohmstead.model import (
    BudgetSpent,
    ConfigError,
    Outcome,
    OutcomeUnknown,
    Refused,
    Unsafe,
    Unsupported,
)
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
ENCRYPTING = PROFILES["hmsw-enc"]


@warped
async def test_a_dtu_that_encrypts_is_read_and_commanded(bench: Open) -> None:
    async with bench(profile=ENCRYPTING) as b:
        assert (await b.client.live()).dtu_power_w > 500
        assert b.client.is_encrypted
        assert (await b.client.heartbeat()).dtu_serial == b.dtu.serial
        result = await b.client.set_power_limit(50)
        assert (result.outcome, result.read_back_pct) == (Outcome.CONFIRMED, 50.0)
        assert b.service.unsealed == 0


@warped
async def test_a_dtu_that_encrypts_says_which_extra_it_needs(
    bench: Open, without: Callable[..., None]
) -> None:
    async with bench(profile=ENCRYPTING) as b:
        without("cryptography")
        with pytest.raises(
            ConfigError, match=r"^A DTU that encrypts .* pip install 'ohmstead\[encryption\]'"
        ):
            await b.client.live()


@warped
async def test_a_heartbeat_that_is_not_sealed_will_do(bench: Open) -> None:
    async with bench(profile=ENCRYPTING) as b:
        b.service.seals_heartbeats = False
        assert (await b.client.heartbeat()).dtu_serial == b.dtu.serial


@warped
async def test_a_dtu_that_restarted_has_another_key_and_the_read_survives(bench: Open) -> None:
    async with bench(profile=ENCRYPTING) as b:
        await b.client.live()
        b.dtu.reboot(keeps_clock=True)
        assert (await b.client.live()).dtu_power_w > 0
        # One look at the inventory on first contact, and one after the old key failed.
        assert b.service.frames["A301"] == 2
        assert b.service.unsealed == 1


@warped
async def test_a_write_after_a_restart_goes_out_once_and_under_the_new_key(bench: Open) -> None:
    async with bench(profile=ENCRYPTING) as b:
        await b.client.live()
        b.dtu.reboot(keeps_clock=True)
        result = await b.client.switch_inverters(is_on=False)
        assert result.succeeded
        assert b.service.frames["2305"] == 1


@warped
async def test_a_dtu_of_several_inverters_that_encrypts_is_read(bench: Open) -> None:
    async with bench(profile=PROFILES["dtu-wlite-s"]) as b:
        found = await b.client.live()
        assert len(found.single_phase) == len(b.dtu.inverters)


@warped
async def test_fourteen_inverters_behind_one_dtu_are_read(bench: Open) -> None:
    profile = PROFILES["dtu-pro-s"]
    models = (profile.inverters[0],) * 14
    async with bench(profile=profile, models=models) as b:
        found = await b.client.live()
        assert len({i.serial for i in found.single_phase}) == 14
        assert len(found.ports) == 14 * 4
        assert not found.is_partial


@warped
async def test_a_dtu_of_the_first_firmware_is_read_by_the_older_question(bench: Open) -> None:
    async with bench(profile=PROFILES["dtu-old"]) as b:
        found = await b.client.live()
        assert b.client.speaks_old_data
        (inverter,) = found.single_phase
        assert inverter.active_power_w == pytest.approx(b.dtu.inverters[0].power_w, rel=0.05)
        assert [port.port for port in found.ports] == [1, 2]
        assert found.dtu_power_w == inverter.active_power_w
        asked = b.service.frames["A311"]
        await b.client.live()
        assert b.service.frames["A311"] == asked  # it is not asked again what it does not know


@warped
async def test_a_three_phase_inverter_is_read(bench: Open) -> None:
    async with bench(profile=PROFILES["dtu-hmt"]) as b:
        found = await b.client.live()
        (inverter,) = found.three_phase
        assert inverter.voltage_ab_v == pytest.approx(inverter.voltage_a_v * 3**0.5, rel=0.02)
        assert len(found.ports) == 6


@warped
async def test_the_network_says_its_mode(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.network()
        assert found.signal_dbm < 0


@warped
async def test_todays_power_is_a_curve(bench: Open) -> None:
    async with bench(speed=60.0) as b:
        await elapse(5 * 60)  # five hours: two packets
        found = await b.client.power_history()
        assert found.step_s == 120
        assert len(found.points) > 100
        assert not found.has_gaps
        times = [point.at for point in found.points]
        assert times == sorted(times)
        assert max(point.power_w for point in found.points) > 500


@warped
async def test_a_curve_of_a_clock_that_was_never_set_is_told_backwards_from_now(bench: Open) -> None:
    async with bench(speed=60.0, is_clock_set=False) as b:
        await elapse(60)
        found = await b.client.power_history()
        assert found.clock is None
        assert all(point.at is None for point in found.points)
        ages = [point.age_s for point in found.points]
        assert ages == sorted(ages, reverse=True)
        assert ages[-1] == 120.0


@warped
async def test_alarms_are_prepared_followed_and_fetched(bench: Open) -> None:
    async with bench() as b:
        await b.client.switch_inverters(is_on=False)
        found = await b.client.alarms()
        off = next(alarm for alarm in found if alarm.number == 124)
        assert (off.label, off.state, off.is_active) == ("switched off remotely", AlarmState.ACTIVE, True)
        assert off.inverter_serial == f"{b.dtu.inverters[0].serial:012X}"
        await b.client.switch_inverters(is_on=True)
        off = next(alarm for alarm in await b.client.alarms() if alarm.number == 124)
        assert off.state is AlarmState.ENDED


@warped
async def test_alarms_are_fetched_again_only_when_a_counter_changed(bench: Open) -> None:
    async with bench() as b:
        live = await b.client.live()
        assert await b.client.new_alarms(live) is not None
        assert await b.client.new_alarms(live) is None
        await b.client.switch_inverters(is_on=False)
        await elapse(40)
        found = await b.client.new_alarms(await b.client.live())
        assert found is not None
        assert 124 in {alarm.number for alarm in found}


@warped
async def test_an_inverter_is_switched_off_and_on_and_restarted(bench: Open) -> None:
    async with bench() as b:
        serial = f"{b.dtu.inverters[0].serial:012X}"
        assert (await b.client.switch_inverters(is_on=False, inverters=[serial])).succeeded == (serial,)
        await elapse(5)
        b.world.catch_up()
        assert b.dtu.inverters[0].power_w == 0.0
        await b.client.switch_inverters(is_on=True)
        assert (await b.client.restart_inverters()).succeeded == (serial,)


@warped
async def test_a_dtu_that_restarts_need_not_acknowledge(bench: Open) -> None:
    async with bench() as b:
        outcome = await b.client.restart_dtu()
        assert outcome in {Outcome.SENT, Outcome.ACKNOWLEDGED}
        assert b.service.reboot_asked.is_set()


@warped
async def test_a_temporary_limit_is_for_firmware_that_keeps_it_in_ram(bench: Open) -> None:
    async with bench(profile=ENCRYPTING) as b:
        await b.client.set_temporary_limit(300)
        await elapse(30)
        b.world.catch_up()
        assert b.dtu.inverters[0].power_w == pytest.approx(300, abs=5)
        assert b.dtu.inverters[0].flash_writes == 0
        with pytest.raises(Unsafe):
            await b.client.set_temporary_limit(0)
    async with bench() as b:
        with pytest.raises(Unsupported, match=r"firmware V01\.01\.01"):
            await b.client.set_temporary_limit(300)
        assert b.service.frames["A305"] == 0


@warped
async def test_a_raw_persistent_limit_is_not_to_be_had(bench: Open) -> None:
    async with bench() as b:
        with pytest.raises(Unsafe, match="set_power_limit"):
            await b.client.command(Action.POWER_LIMIT, text="A:500,B:0,C:0\r")


@warped
async def test_what_may_wear_the_flash_is_budgeted_and_can_be_forced(bench: Open) -> None:
    async with bench() as b:
        await b.client.set_power_limit(50)
        with pytest.raises(BudgetSpent):
            await b.client.set_power_limit(60)
        assert (await b.client.set_power_limit(60, force=True)).outcome is Outcome.CONFIRMED


@pytest.mark.parametrize("action", [Action.DTU_UPGRADE, Action.SET_GRID_FILE, Action.SET_SERVER])
def test_what_can_break_a_device_needs_a_word(action: Action) -> None:
    from ohmstead.families.hoymiles.client import commands  # noqa: PLC0415 - one test's

    with pytest.raises(Unsafe, match="unsafe=True"):
        commands.check(action, "text\r", unsafe=False)
    commands.check(action, "text\r", unsafe=True)
    with pytest.raises(Unsafe, match="nobody has published"):
        commands.check(Action.METER_CT, "", unsafe=True)


@warped
async def test_the_image_is_written_whole_and_read_again(bench: Open) -> None:
    async with bench() as b:
        before = await b.client.config()
        result = await b.client.change_config({"server_send_time": 15})
        assert (result.outcome, result.changed) == (Outcome.CONFIRMED, ("server_send_time",))
        after = await b.client.config()
        assert after.image.server_send_time == 15
        kept = {"wifi_ssid", "server_domain", "power_limit", "ap_password"}
        assert all(getattr(after.image, name) == getattr(before.image, name) for name in kept)


@warped
async def test_a_network_is_changed_only_on_purpose(bench: Open) -> None:
    async with bench() as b:
        with pytest.raises(Unsafe, match="unsafe=True"):
            await b.client.set_wifi("NewNet", "long enough")
        assert b.service.frames["A310"] == 0
        result = await b.client.set_wifi("NewNet", "long enough", unsafe=True)
        assert result.outcome is Outcome.CONFIRMED
        assert "long enough" not in repr(result)
        with pytest.raises(Unsafe, match="8 to 63"):
            await b.client.set_wifi("NewNet", "short", unsafe=True)
        with pytest.raises(Unsafe, match="cannot be set"):
            await b.client.change_config({"wifi_quality": 5}, unsafe=True)


@warped
async def test_the_grid_profile_is_read(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.grid_profile(f"{b.dtu.inverters[0].serial:012X}")
        assert found.is_intact
        assert found.values["nominal_voltage"] == 230.0
        assert found.values["nominal_frequency"] == 50.0


@warped
async def test_the_radio_finds_inverters(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.radio_search()
        assert f"{b.dtu.inverters[0].serial:012X}" in found.inverter_serials


@warped
async def test_what_the_dtu_does_itself_is_not_taken_for_the_command_before(bench: Open) -> None:
    async with bench() as b:
        assert (await b.client.restart_inverters()).succeeded
        await elapse(90)  # commands are told apart by the second in which they were given
        result = await b.client.performance_mode()
        assert result == CommandResult(action=Action.POLL_ALL)


@warped
async def test_a_command_of_unknown_outcome_is_no_failure_and_no_success(bench: Open) -> None:
    async with bench() as b:
        b.fault("lost-acknowledgement", times=1)
        with pytest.raises(OutcomeUnknown):
            await b.client.switch_inverters(is_on=False)


@warped
async def test_a_dtu_pro_refuses_limits_with_its_code(bench: Open) -> None:
    async with bench(profile=PROFILES["dtu-pro-s"]) as b:
        with pytest.raises(Refused) as caught:
            await b.client.set_power_limit(50)
        assert caught.value.code == 7


@warped
async def test_a_read_too_soon_is_the_last_one_again(bench: Open) -> None:
    async with bench(is_paced=True, is_clock_set=False) as b:
        first = await b.client.live()
        again = await b.client.live()
        assert (again.is_cached, again.is_stale, again.received_at) == (True, True, first.received_at)
        assert b.service.frames["A311"] == 1
        assert not (await b.client.live(at_once=True)).is_cached
        await elapse(33)
        assert not (await b.client.live()).is_cached


@warped
async def test_reads_keep_away_from_uploads(bench: Open) -> None:
    profile = msgspec.structs.replace(PROFILES["hmsw-old"])
    async with bench(profile=profile, spares_uploads=True) as b:
        reads = []
        for _ in range(60):
            if not (await b.client.live()).is_cached:
                reads.append(b.world.clock.now().timestamp() % 900)
            await elapse(35)
        assert len(reads) > 40
        assert all(30 <= second <= 900 - 30 for second in reads)


@warped
async def test_an_owner_without_a_cloud_is_read_at_any_time(bench: Open) -> None:
    async with bench(is_paced=True, spares_uploads=False) as b:
        assert (await b.client.live()).dtu_power_w > 0
        assert b.client.pace.upload_min == 0
        assert b.client.pace.interval_s == 32.0


@warped
async def test_a_connection_may_stay_for_several_questions(bench: Open) -> None:
    async with bench() as b:
        async with b.client.staying():
            await b.client.live()
            await b.client.config()
            assert (await b.client.switch_inverters(is_on=False)).succeeded
            assert b.service.connections == 1
        await b.client.heartbeat()
        assert b.service.connections == 2


@warped
async def test_a_connection_that_stays_waits_its_turn_and_the_next_one_its_distance(bench: Open) -> None:
    loop = asyncio.get_running_loop()
    async with bench(speed=60.0) as b:
        reading = asyncio.ensure_future(b.client.live())
        await elapse(0.1)
        async with b.client.staying():
            assert reading.done()  # a second connection would have ended it
            assert (await reading).dtu_power_w > 0
            await b.client.config()
            asking = asyncio.ensure_future(b.client.network())
            await elapse(0.1)
        assert asking.done()
        left_s = loop.time()
        await b.client.heartbeat()
        assert loop.time() - left_s >= 2.0
        assert b.service.connections == 3


@warped
async def test_a_connection_that_stayed_and_was_lost_is_followed_by_one_for_each_question(
    bench: Open,
) -> None:
    async with bench() as b, b.client.staying():
        await b.client.live()
        await b.another_client().heartbeat()
        assert (await b.client.live()).dtu_power_w > 500
        assert (await b.client.config()).dtu_serial == b.dtu.serial
