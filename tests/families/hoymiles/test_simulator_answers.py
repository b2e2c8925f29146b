"""Every exchange a local client can start, by raw frames: what the DTU says, and how it changes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
import pytest
from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action, limit_text
from ohmstead.families.hoymiles.messages import EXCHANGES
from ohmstead.families.hoymiles.messages.app import (
    ALARMS,
    AUTO_SEARCH,
    COMMAND,
    COMMAND_STATUS,
    CONFIG_GET,
    CONFIG_SET,
    DEV_CONFIG_FETCH,
    DEV_CONFIG_PUT,
    GRID_SELF_TEST,
    HEARTBEAT,
    HIST_ENERGY,
    HIST_POWER,
    NETWORK_INFO,
    REAL_DATA,
    REAL_DATA_NEW,
)
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Header, Party, Request
from ohmstead.families.hoymiles.protos.alarms_pb2 import AlarmsToDtu
from ohmstead.families.hoymiles.protos.command_pb2 import CommandStatusToDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu, ConfigGetToDtu, ConfigSetToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigFetchToDtu, DevConfigPutToDtu
from ohmstead.families.hoymiles.protos.history_pb2 import HistEnergyToDtu, HistPowerToDtu
from ohmstead.families.hoymiles.protos.live_old_pb2 import RealDataToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu, RealDataNewToDtu
from ohmstead.families.hoymiles.protos.network_pb2 import NetworkInfoToDtu
from ohmstead.families.hoymiles.protos.search_pb2 import AutoSearchToDtu
from ohmstead.families.hoymiles.protos.self_test_pb2 import GridSelfTestToDtu
from ohmstead.families.hoymiles.simulator import (
    DTU_HMT,
    DTU_OLD,
    DTU_PRO_S,
    DTU_WLITE_S,
    HMS_800W_2T,
    HMSW_ENC,
    HMSW_MID,
    HMSW_OLD,
    OldAnswer,
    Profile,
)
from ohmstead.families.hoymiles.wire import Conversation, Frame, Seal
from ohmstead.kit.wire import Damage, crc16_modbus
from ohmstead.kit.world import Panel
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
M = TypeVar("M", bound=Message)

DTUS = [HMSW_MID, HMSW_OLD, HMSW_ENC, DTU_PRO_S, DTU_WLITE_S, DTU_OLD, DTU_HMT]
EVENING = datetime(2026, 6, 21, 17, 30, tzinfo=UTC)


async def ask(b: Any, exchange: Exchange[Request, Answer], request: Request) -> Answer:
    """One request on a connection of its own, sealed where the DTU asks for that."""
    answer = await silent_or(b, exchange, request)
    assert answer is not None
    return answer


async def silent_or(b: Any, exchange: Exchange[Request, Answer], request: Request) -> Answer | None:
    """The answer within five seconds, or nothing."""
    conversation = Conversation(b.dtu.cipher)
    async with b.dial() as link:
        await link.send(conversation.send(Frame(exchange.request_id, 7, request.SerializeToString())))
        await elapse(5)
        await link.send(conversation.send(Frame(0xA301, 9)))
        found: list[Frame | Damage] = []
        while not any(isinstance(f, Frame) and f.sequence == 9 for f in found):
            data = await link.receive()
            assert len(data) <= 1024
            found += conversation.receive(data)
    frames = [f for f in found if isinstance(f, Frame) and f.sequence == 7]
    if not frames:
        return None
    (frame,) = frames
    assert frame.command_id == exchange.answer_id
    # The heartbeat's answer is sealed though its request is not: a published client needs it so.
    is_sealed = exchange.encrypted or exchange is HEARTBEAT
    assert (frame.seal is Seal.GOOD) is (b.dtu.cipher is not None and is_sealed)
    return exchange.answer.FromString(frame.payload)


def command(action: int, text: str = "", *inverters: int) -> CommandToDtu:
    return CommandToDtu(
        time=1, action=action, packet_count=1, transaction_id=77, data=text, inverter_serials=inverters
    )


async def do(b: Any, action: int, text: str = "", *inverters: int) -> int:
    """The error code; what was accepted is over afterwards."""
    answer = await ask(b, COMMAND, command(action, text, *inverters))
    assert (answer.action, answer.transaction_id) == (action, 77)
    await elapse(6)
    b.world.catch_up()
    return int(answer.error_code)


# --- what every profile answers --------------------------------------------------------------------------------------------

SILENT = {"dtu-old": {"real_data_new"}}


@pytest.mark.parametrize("profile", DTUS, ids=lambda p: p.slug)
@warped
async def test_every_exchange_of_a_local_client_is_answered(bench: Open, profile: Profile) -> None:
    async with bench(profile=profile) as b:
        for exchange in EXCHANGES:
            if exchange.started_by is not Party.APP or exchange.header is not Header.PLAIN:
                continue
            answer = await silent_or(b, exchange, exchange.request())
            is_silent = exchange.name in SILENT.get(profile.slug, ())
            assert (answer is None) is is_silent, exchange.name


@pytest.mark.parametrize("profile", [HMSW_ENC, DTU_WLITE_S], ids=lambda p: p.slug)
@warped
async def test_an_encrypting_dtu_hears_nothing_that_is_not_sealed(bench: Open, profile: Profile) -> None:
    async with bench(profile=profile) as b:
        async with b.dial() as link:
            await link.send(Conversation().send(Frame(0xA311, 1)))
            await elapse(2)
            await link.send(Conversation().send(Frame(0xA301, 2)))
            (answer,) = Conversation().receive(await link.receive())
        assert answer.sequence == 2
        assert b.service.unsealed == 1


@warped
async def test_each_start_draws_another_seed(bench: Open) -> None:
    async with bench(profile=HMSW_ENC) as b:
        before = b.dtu.keys.seed
        b.dtu.reboot(keeps_clock=True)
        assert b.dtu.keys.seed != before
        assert len(b.dtu.keys.seed) == 16


# --- live data -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "entries", "packets"), [(DTU_PRO_S, 13, 2), (DTU_WLITE_S, 14, 2), (DTU_HMT, 7, 1)]
)
@warped
async def test_packets_hold_ten_entries_and_stay_below_a_kilobyte(
    bench: Open, profile: Profile, entries: int, packets: int
) -> None:
    async with bench(profile=profile) as b:
        found = [await ask(b, REAL_DATA_NEW, RealDataNewToDtu(packet_index=n)) for n in range(packets)]
        assert [p.packet_count for p in found] == [packets] * packets
        assert sum(len(p.single_phase) + len(p.three_phase) + len(p.ports) for p in found) == entries
        assert len({p.time for p in found}) == 1
        first = found[0]
        powers = [e.active_power for e in first.single_phase] + [e.active_power for e in first.three_phase]
        assert first.dtu_power == sum(powers)


@warped
async def test_three_phases_share_the_power(bench: Open) -> None:
    async with bench(profile=DTU_HMT) as b:
        (inverter,) = (await ask(b, REAL_DATA_NEW, RealDataNewToDtu())).three_phase
        assert inverter.voltage_a == inverter.voltage_b == inverter.voltage_c
        assert inverter.voltage_ab == pytest.approx(inverter.voltage_a * 3**0.5, abs=1)
        apparent = 3 * inverter.voltage_a / 10 * inverter.current_a / 100
        assert apparent * inverter.power_factor / 1000 == pytest.approx(inverter.active_power / 10, rel=0.01)


@warped
async def test_the_older_request_gets_the_older_body_the_newer_or_nothing(bench: Open) -> None:
    async with bench(profile=DTU_PRO_S) as b:
        found = [await ask(b, REAL_DATA, RealDataToDtu(packet_index=n)) for n in range(2)]
        assert [len(p.ports) for p in found] == [8, 2]
        assert found[0].device_count == 3
        assert found[0].ports[0].grid_power == found[0].ports[1].grid_power > 5000
        b.dtu.profile = msgspec.structs.replace(DTU_PRO_S, old_answer=OldAnswer.NEW)
        answer = await ask(b, REAL_DATA, RealDataToDtu())
        assert len(RealDataNewFromDtu.FromString(answer.SerializeToString()).single_phase) == 3
        b.dtu.profile = msgspec.structs.replace(DTU_PRO_S, old_answer=OldAnswer.SILENCE)
        assert await silent_or(b, REAL_DATA, RealDataToDtu()) is None


@pytest.mark.long
@warped
async def test_inverters_of_an_external_dtu_leave_one_after_the_other_at_night(bench: Open) -> None:
    async with bench(profile=DTU_PRO_S, at=EVENING) as b:
        by_day = await ask(b, REAL_DATA_NEW, RealDataNewToDtu())
        assert all(entry.link_status for entry in by_day.single_phase)
        await elapse(4 * 3600)
        b.world.catch_up()
        by_night = [await ask(b, REAL_DATA_NEW, RealDataNewToDtu(packet_index=n)) for n in range(2)]
        (inverter, *_) = by_night[0].single_phase
        assert {field.name for field, _ in inverter.ListFields()} == {"serial", "link_quality"}
        assert {f.name for port in by_night[1].ports for f, _ in port.ListFields()} == {
            "serial",
            "port",
            "energy_total",
        }
        assert by_night[0].dtu_power == by_night[0].dtu_energy_today == 0
        await do(b, Action.ALARMS_ALL)
        alarms = (await ask(b, ALARMS, AlarmsToDtu())).alarms
        assert {alarm.code for alarm in alarms if alarm.code & 0x0FFF == 130} == {130}
        await elapse(8 * 3600)
        b.world.catch_up()
        alarms = (await ask(b, ALARMS, AlarmsToDtu())).alarms
        assert {alarm.code for alarm in alarms if alarm.code & 0x0FFF == 130} == {130 | 0x4000}


# --- alarms ----------------------------------------------------------------------------------------------------------------


@warped
async def test_alarms_are_there_once_they_were_prepared(bench: Open) -> None:
    async with bench() as b:
        b.dtu.inverters[0].alarms.begin(217, b.world.at, 683, 600)
        assert (await ask(b, ALARMS, AlarmsToDtu())).packet_count == 0
        assert await do(b, Action.ALARMS_ALL) == 0
        found = await ask(b, ALARMS, AlarmsToDtu())
        assert (found.packet_count, found.warn_device) == (1, 1)
        assert [(a.code, a.sequence) for a in found.alarms] == [(32769, 1), (217, 2)]
        assert (found.alarms[1].data1, found.alarms[1].data2) == (683, 600)
        live = await ask(b, REAL_DATA_NEW, RealDataNewToDtu())
        await elapse(70)
        live = await ask(b, REAL_DATA_NEW, RealDataNewToDtu())
        assert live.single_phase[0].warning_counter == 2


@warped
async def test_many_alarms_come_in_packets_of_twenty(bench: Open) -> None:
    async with bench() as b:
        for number in range(45):
            b.dtu.inverters[0].alarms.event(11, b.world.at + timedelta(seconds=number))
        await do(b, Action.ALARMS_ONE, "", b.dtu.inverters[0].serial)
        found = [await ask(b, ALARMS, AlarmsToDtu(packet_index=n)) for n in range(3)]
        assert [len(p.alarms) for p in found] == [20, 20, 6]
        assert {p.packet_count for p in found} == {3}


@warped
async def test_switching_off_is_an_alarm_that_ends_with_switching_on(bench: Open) -> None:
    async with bench() as b:
        await do(b, Action.INVERTER_OFF)
        assert b.world.power_w("hoymiles") == 0.0
        await do(b, Action.ALARMS_ALL)
        assert (await ask(b, ALARMS, AlarmsToDtu())).alarms[-1].code == 124
        await do(b, Action.INVERTER_ON)
        assert (await ask(b, ALARMS, AlarmsToDtu())).alarms[-1].code == 124 | 0x4000
        await do(b, Action.CLEAR_ALARMS)
        assert not (await ask(b, ALARMS, AlarmsToDtu())).alarms


@warped
async def test_an_input_without_a_panel_and_a_dead_grid_are_complained_of(bench: Open) -> None:
    async with bench() as b:
        inverter = b.dtu.inverters[0]
        inverter.panels = (Panel(400.0, shading=lambda _: 0.0), inverter.panels[1])
        await elapse(5)
        b.world.catch_up()
        b.world.grid.fail()
        await elapse(5)
        b.world.catch_up()
        await do(b, Action.ALARMS_ALL)
        assert {209, 147} <= {alarm.code for alarm in (await ask(b, ALARMS, AlarmsToDtu())).alarms}


# --- configuration ---------------------------------------------------------------------------------------------------------


@warped
async def test_a_written_image_is_the_whole_image(bench: Open) -> None:
    async with bench() as b:
        before = await ask(b, CONFIG_GET, ConfigGetToDtu())
        image = ConfigSetToDtu(
            **{
                f.name: getattr(before, f.name)
                for f in ConfigSetToDtu.DESCRIPTOR.fields
                if f.name in ConfigGetFromDtu.DESCRIPTOR.fields_by_name
            }
        )
        image.server_domain, image.app_page, image.power_limit = "cloud.example", 1, 500
        assert (await ask(b, CONFIG_SET, image)).error_code == 0
        assert not b.service.network_dropped.is_set()
        after = await ask(b, CONFIG_GET, ConfigGetToDtu())
        assert after.server_domain == "cloud.example"
        assert (after.wifi_ssid, after.wifi_mac_0, after.power_limit) == ("SimulatedHome", 2, 1000)
        assert (await ask(b, CONFIG_SET, ConfigSetToDtu(wifi_ssid="Elsewhere"))).error_code == 0
        emptied = await ask(b, CONFIG_GET, ConfigGetToDtu())
        assert (emptied.wifi_ssid, emptied.server_domain, emptied.dhcp) == ("Elsewhere", "", 0)
        assert b.service.network_dropped.is_set()


@warped
async def test_the_limit_reads_back_where_the_firmware_says_it(bench: Open) -> None:
    for profile, in_config, in_live in (
        (HMSW_MID, 400, 400),
        (HMSW_ENC, 0, 400),
        (DTU_WLITE_S, 0, 400),
        (DTU_HMT, 400, None),
    ):
        async with bench(profile=profile) as b:
            assert await do(b, Action.POWER_LIMIT, limit_text(40)) == 0
            await elapse(70)
            assert (await ask(b, CONFIG_GET, ConfigGetToDtu())).power_limit == in_config
            live = await ask(b, REAL_DATA_NEW, RealDataNewToDtu())
            if in_live is not None:
                assert live.single_phase[0].power_limit == in_live
            assert b.dtu.inverters[0].flash_writes == 1


@warped
async def test_the_network_and_the_radio_search_are_told(bench: Open) -> None:
    async with bench(models=(HMS_800W_2T,) * 60) as b:
        network = await ask(b, NETWORK_INFO, NetworkInfoToDtu())
        assert (network.set_mode, network.active_mode, network.signal) == (1, 1, -62)
        first = await ask(b, AUTO_SEARCH, AutoSearchToDtu())
        rest = await ask(b, AUTO_SEARCH, AutoSearchToDtu(packet_index=1))
        assert first.packet_count == rest.packet_count == 2
        assert [*first.inverter_serials, *rest.inverter_serials] == [i.serial for i in b.dtu.inverters]


# --- history ---------------------------------------------------------------------------------------------------------------


@warped
async def test_the_curve_of_the_day_goes_on_as_the_day_does(bench: Open) -> None:
    async with bench() as b:
        first = await ask(b, HIST_POWER, HistPowerToDtu())
        assert (first.step, len(first.power_values)) == (120, 100)
        midnight = datetime.fromtimestamp(first.absolute_start, UTC) + timedelta(seconds=3600)
        assert (midnight.hour, midnight.minute) == (0, 0)
        last = await ask(b, HIST_POWER, HistPowerToDtu(packet_index=first.packet_count - 1))
        assert last.absolute_start == first.absolute_start + (first.packet_count - 1) * 12_000
        assert last.power_values[-1] == pytest.approx(last.relative_power, rel=0.05)
        before = 100 * (first.packet_count - 1) + len(last.power_values)
        await elapse(1200)
        later = await ask(b, HIST_POWER, HistPowerToDtu(packet_index=first.packet_count - 1))
        assert 100 * (first.packet_count - 1) + len(later.power_values) == before + 10
        assert (await ask(b, HIST_POWER, HistPowerToDtu(requested_day=4_000_000_000))).power_values == []


@warped
async def test_without_a_clock_a_curve_starts_nowhere(bench: Open) -> None:
    async with bench(is_clock_set=False) as b:
        assert (await ask(b, HIST_POWER, HistPowerToDtu())).absolute_start == 4294967295


@warped
async def test_seven_days_of_energy_are_kept(bench: Open) -> None:
    async with bench() as b:
        (today,) = (await ask(b, HIST_ENERGY, HistEnergyToDtu())).days
        assert 2000 < today.energy < 4000
        live = await ask(b, REAL_DATA_NEW, RealDataNewToDtu())
        assert live.dtu_energy_today == pytest.approx(today.energy, rel=0.02)
        assert sum(port.energy_today for port in live.ports) > live.dtu_energy_today
        for day in range(1, 10):
            b.dtu.history.tick(b.world.at + timedelta(days=day), 500.0 + day)
        days = (await ask(b, HIST_ENERGY, HistEnergyToDtu())).days
        assert len(days) == 7
        assert [d.time for d in days] == sorted(d.time for d in days)


# --- commands --------------------------------------------------------------------------------------------------------------


@warped
async def test_a_temporary_limit_holds_until_the_next_start(bench: Open) -> None:
    async with bench(profile=HMSW_ENC) as b:
        assert await do(b, Action.POWER_LIMIT_TEMPORARY, "S:1,P:2000\r") == 0
        await elapse(20)
        b.world.catch_up()
        assert b.dtu.inverters[0].power_w == 200.0
        assert b.dtu.inverters[0].flash_writes == 0
        b.dtu.reboot(keeps_clock=True)
        await elapse(20)
        b.world.catch_up()
        assert b.dtu.inverters[0].power_w > 500


@pytest.mark.parametrize(
    ("profile", "action", "code"),
    [
        (HMSW_MID, Action.POWER_LIMIT_TEMPORARY, 7),
        (HMSW_MID, Action.STORAGE_REBOOT, 0),
        (DTU_PRO_S, Action.POWER_LIMIT, 7),
        (DTU_PRO_S, Action.STORAGE_REBOOT, 7),
        (DTU_PRO_S, Action.INVERTER_OFF, 0),
        (HMSW_MID, Action.THEFT_SETTINGS, 7),
        (HMSW_MID, 9999, 7),
    ],
)
@warped
async def test_each_firmware_refuses_what_it_refuses(
    bench: Open, profile: Profile, action: int, code: int
) -> None:
    async with bench(profile=profile) as b:
        assert await do(b, action, "A:500,B:0,C:0\r") == code
        assert all(inverter.is_on for inverter in b.dtu.inverters)


@warped
async def test_a_command_may_be_aborted(bench: Open) -> None:
    async with bench() as b:
        await ask(b, COMMAND, command(Action.POWER_LIMIT, limit_text(20)))
        b.dtu.commanding._queue[0].since = b.world.at  # asking took a while; it is under way again
        assert (await ask(b, COMMAND, command(Action.ABORT))).error_code == 0
        assert b.dtu.inverters[0].limit_pct == 100.0
        status = await ask(b, COMMAND_STATUS, CommandStatusToDtu())
        assert list(status.inverters_failed) == [b.dtu.inverters[0].serial]


@warped
async def test_worn_out_flash_fails(bench: Open) -> None:
    async with bench() as b:
        b.dtu.inverters[0].flash_endurance = 1
        await do(b, Action.POWER_LIMIT, limit_text(80))
        await ask(b, COMMAND, command(Action.POWER_LIMIT, limit_text(60)))
        await elapse(6)
        status = await ask(b, COMMAND_STATUS, CommandStatusToDtu())
        assert list(status.inverters_failed) == [b.dtu.inverters[0].serial]
        assert b.dtu.inverters[0].limit_pct == 80.0


@warped
async def test_provisioning_replaces_the_list(bench: Open) -> None:
    async with bench(profile=DTU_PRO_S) as b:
        first, *_ = (inverter.serial for inverter in b.dtu.inverters)
        request = CommandToDtu(action=Action.PROVISION, device_kind=1, total_a=1, inverters_a=[first])
        assert (await ask(b, COMMAND, request)).error_code == 0
        await elapse(70)
        assert len((await ask(b, REAL_DATA_NEW, RealDataNewToDtu())).single_phase) == 1
        assert len((await ask(b, AUTO_SEARCH, AutoSearchToDtu())).inverter_serials) == 3


@warped
async def test_the_grid_profile_is_read_and_written_with_its_checksum(bench: Open) -> None:
    async with bench() as b:
        serial = b.dtu.inverters[0].serial
        device = f"{serial:012X}"
        assert await do(b, Action.GRID_FILE_READ, "", serial) == 0
        found = await ask(b, DEV_CONFIG_FETCH, DevConfigFetchToDtu(device_serial=device, rule_type=1))
        assert (len(found.data), found.crc) == (112, crc16_modbus(found.data))
        assert (found.data[:4].hex(), int.from_bytes(found.data[6:8], "big")) == ("03002001", 2300)
        nothing = await ask(b, DEV_CONFIG_FETCH, DevConfigFetchToDtu(device_serial="nonsense", rule_type=1))
        assert nothing.data == b""
        put = DevConfigPutToDtu(data=bytes(112), crc=0, device_serial=device, rule_type=1)
        assert (await ask(b, DEV_CONFIG_PUT, put)).status == 1
        put.crc = crc16_modbus(put.data)
        assert (await ask(b, DEV_CONFIG_PUT, put)).status == 0


@warped
async def test_a_self_test_has_results_once_it_was_run(bench: Open) -> None:
    async with bench() as b:
        assert (await ask(b, GRID_SELF_TEST, GridSelfTestToDtu())).packet_count == 0
        assert await do(b, Action.SELF_TEST) == 0
        (result,) = (await ask(b, GRID_SELF_TEST, GridSelfTestToDtu())).results
        assert result.high_voltage_1.default_value == 2875
        assert result.high_voltage_1.result_value < result.high_voltage_1.default_value
