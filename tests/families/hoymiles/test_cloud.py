"""A simulated DTU and a simulated cloud, joined: what is said, when, and what happens when one of them misbehaves."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from ohmstead.families.hoymiles.actions import Action, limit_text
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import DevConfigFetchToDtu, DevConfigPutToDtu
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu, HeartbeatToDtu
from ohmstead.families.hoymiles.simulator import (
    DTU_OLD,
    DTU_PRO_S,
    HMSW_MID,
    HMSW_OLD,
    CloudService,
    Dtu,
    Faults,
    Keeps,
    Manners,
    Profile,
    RunningDtu,
    Service,
    grid_profile,
)
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame
from ohmstead.kit.link import Dial, TaskScope
from ohmstead.kit.wire import crc16_modbus
from ohmstead.kit.world import World
from ohmstead.model import ConnectionLost, DeviceError, Fault, ScaledClock, Unreachable
from ohmstead.testing import MemoryNetwork, elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
MINUTE_S = 60


class Town(msgspec.Struct, kw_only=True):
    """A DTU, its cloud and the line between them; local clients reach the DTU as "dtu"."""

    world: World
    network: MemoryNetwork
    cloud: CloudService
    dtu: Dtu
    running: RunningDtu
    listener: Any  # Any: the network's own

    @property
    def record(self) -> Any:  # Any: saves its name
        return self.cloud.store.dtus[self.dtu.serial]

    @property
    def local(self) -> Dial:
        return self.network.dial("dtu", 10081)


@asynccontextmanager
async def open_town(
    *, profile: Profile = HMSW_MID, manners: Manners | None = None, is_cloud_there: bool = True, **dtu: Any
) -> AsyncIterator[Town]:
    world = World(ScaledClock(NOON))
    world.weather.set_clear_sky()
    unit = Dtu(profile, world, **dtu)
    unit.settle()
    world.attach("hoymiles", unit)
    service = Service(unit, Faults(Random(1)))
    cloud = CloudService(world.clock, Faults(Random(1)), Random(1), manners)
    network = MemoryNetwork()
    async with (
        network.listen(service.serve, "dtu", 10081) as listener,
        network.listen(cloud.serve, "cloud", 10081) as cloud_listener,
        TaskScope() as scope,
    ):
        if not is_cloud_there:
            await cloud_listener.pause()
        running = RunningDtu(unit, service, listener, cloud="cloud:10081")
        await running.begin(scope, network.dial("cloud", 10081))
        yield Town(
            world=world, network=network, cloud=cloud, dtu=unit, running=running, listener=cloud_listener
        )


Open = Callable[..., AbstractAsyncContextManager[Town]]


@warped
async def test_a_session_is_heartbeat_inventory_data_and_a_heartbeat_a_minute() -> None:
    async with open_town() as t:
        await elapse(30 * MINUTE_S)
        assert t.cloud.connected == (t.dtu.serial,)
        assert (t.cloud.connections, t.cloud.frames["2201"]) == (1, 1)
        assert t.cloud.frames["2202"] in (30, 31)
        # At 11:20, :25, :30, :35, :40 and :45; :50 is still to come.
        assert t.cloud.frames["220C"] == 6
        assert len(t.record.complete()) == 6
        assert {time % 300 for time in t.record.data} == {2}
        (packet,) = t.record.inventory.values()
        assert [inverter.serial for inverter in packet.inverters] == [t.dtu.inverters[0].serial]
        assert packet.dtu.software_version == 4104
        assert t.record.power_w() > 500


@warped
async def test_old_firmware_uploads_each_quarter_of_an_hour() -> None:
    profile = msgspec.structs.replace(HMSW_MID, upload_min=15)
    async with open_town(profile=profile) as t:
        await elapse(60 * MINUTE_S)
        assert [datetime.fromtimestamp(time, UTC).minute for time in sorted(t.record.data)] == [30, 45, 0, 15]


@warped
async def test_the_cloud_sets_the_clock_and_a_correction_is_an_alarm() -> None:
    async with open_town() as t:
        assert not t.dtu.clock.is_set
        await elapse(MINUTE_S)
        assert t.dtu.clock.time_s(t.world.at) == int(t.world.at.timestamp())
        (alarm,) = [a for a in t.record.alarms.values() if a.code & 0x0FFF == 2]
        assert alarm.code == 2 | 0x8000
        assert t.dtu.utc_offset_s == 3600


@warped
async def test_a_cloud_that_knows_no_zone_leaves_the_offset_alone() -> None:
    async with open_town(manners=Manners(utc_offset_s=99999, clock_error_s=24.0)) as t:
        await elapse(MINUTE_S)
        assert t.dtu.utc_offset_s == 3600
        assert t.dtu.clock.time_s(t.world.at) == int(t.world.at.timestamp()) + 24


@warped
async def test_one_shape_of_acknowledgement_keeps_a_dtu_happy() -> None:
    async with open_town(manners=Manners(acknowledges_alike=True)) as t:
        await elapse(30 * MINUTE_S)
        assert (t.cloud.connections, t.cloud.frames["220C"]) == (1, 6)
        assert t.running.reporting is not None
        assert t.running.reporting.session.connections == 1


@warped
async def test_a_command_is_accepted_and_followed_to_its_end() -> None:
    async with open_town() as t:
        await elapse(10)
        answer = await t.cloud.command(t.dtu.serial, Action.POWER_LIMIT, limit_text(40))
        assert (answer.action, answer.error_code) == (8, 0)
        await elapse(10)
        assert t.dtu.inverters[0].limit_pct == 40.0
        statuses = t.record.statuses
        assert [list(s.inverters_succeeded) for s in statuses][-1] == [t.dtu.inverters[0].serial]
        assert all(s.inverter_progress for s in statuses[:-1])
        assert {s.transaction_id for s in statuses} == {answer.transaction_id}
        refused = await t.cloud.command(t.dtu.serial, Action.POWER_LIMIT_TEMPORARY, "S:1,P:1000\r")
        assert refused.error_code == 7


@warped
async def test_a_grid_profile_is_reported_fetched_and_put() -> None:
    async with open_town(manners=Manners(misnumbers_reports=True)) as t:
        await elapse(10)
        inverter = t.dtu.inverters[0]
        device = f"{inverter.serial:012X}"
        await t.cloud.command(t.dtu.serial, Action.GRID_FILE_READ, inverters=(inverter.serial,))
        await elapse(10)
        (report,) = t.record.reports  # acknowledged under a wrong number, and not sent again
        assert (len(report.data), report.crc) == (112, crc16_modbus(report.data))
        changed = grid_profile.blob({**grid_profile.VDE_4105, 54: 20})
        put = DevConfigPutToDtu(
            data=changed, crc=crc16_modbus(changed), device_serial=device, packet_count=1, rule_type=1
        )
        assert (await t.cloud.put(t.dtu.serial, put)).status == 0
        put.crc ^= 1
        assert (await t.cloud.put(t.dtu.serial, put)).status == 1
        fetched = await t.cloud.fetch(t.dtu.serial, DevConfigFetchToDtu(device_serial=device, rule_type=1))
        assert fetched.data == changed
        assert t.cloud.connections == 1


@warped
async def test_alarms_waves_and_a_new_inventory_come_when_there_are_some() -> None:
    async with open_town() as t:
        await elapse(MINUTE_S)
        serial = t.dtu.inverters[0].serial
        await t.running.act("alarm", number=217, data1=683, data2=600)
        await elapse(MINUTE_S)
        alarm = next(a for a in t.record.alarms.values() if a.code & 0x0FFF == 217)
        assert (alarm.inverter_serial, alarm.code, alarm.data1, alarm.data2) == (serial, 217, 683, 600)
        await t.running.act("alarm", number=217, state="ended")
        await t.cloud.command(t.dtu.serial, Action.DATA_WAVE)
        await t.cloud.command(t.dtu.serial, Action.COLLECT_VERSIONS)
        await elapse(MINUTE_S)
        assert next(a for a in t.record.alarms.values() if a.code & 0x0FFF == 217).code == 217 | 0x4000
        waves = [w for _, w in sorted(t.record.waves.items())]
        assert sum(len(w.data) for w in waves) == waves[0].data_length
        assert t.cloud.frames["2201"] == 2


@warped
async def test_a_second_link_of_a_serial_is_turned_away() -> None:
    async with open_town() as t:
        await elapse(10)
        assert await says(t, HeartbeatFromDtu(dtu_serial=t.dtu.serial)) is None
        assert (t.cloud.rejected, t.cloud.connected) == (1, (t.dtu.serial,))
        t.cloud.manners.keeps = Keeps.NEW
        assert await says(t, HeartbeatFromDtu(dtu_serial=t.dtu.serial)) is not None
        assert t.cloud.rejected == 2


@warped
async def test_another_serial_on_a_link_ends_it() -> None:
    async with open_town() as t:
        frames = [
            Frame(0x2202, number, HeartbeatFromDtu(dtu_serial=serial).SerializeToString())
            for number, serial in enumerate(("4143A0000001", "4143A0000002"))
        ]
        async with t.network.dial("cloud", 10081)() as link:
            await link.send(encode_frame(frames[0]))
            (answer,) = Conversation().receive(await link.receive())
            assert (answer.command_id, answer.sequence) == (0x2302, 0)
            await link.send(encode_frame(frames[1]))
            with pytest.raises(ConnectionLost):
                await link.receive()


@warped
async def test_a_silent_dtu_loses_its_link_after_ninety_seconds() -> None:
    async with open_town() as t, t.network.dial("cloud", 10081)() as link:
        await elapse(89)
        assert t.cloud.connections == 2
        await elapse(2)
        with pytest.raises(ConnectionLost):
            await link.receive()


async def says(town: Town, message: HeartbeatFromDtu) -> HeartbeatToDtu | None:
    """The answer of the cloud on a link of its own, or nothing when it hangs up."""
    async with town.network.dial("cloud", 10081)() as link:
        await link.send(encode_frame(Frame(0x2202, 1, message.SerializeToString())))
        try:
            (answer,) = Conversation().receive(await link.receive())
        except ConnectionLost:
            return None
        return HeartbeatToDtu.FromString(answer.payload)


# --- faults of a cloud ---------------------------------------------------------------------------------------------------


def fault(town: Town, name: str, **parameters: object) -> None:
    town.cloud.faults.add(Fault(name, {key: str(value) for key, value in parameters.items()}))


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cloud-silent", {"times": 1, "id": "220C"}),
        ("cloud-silent", {"times": 1, "id": "2202"}),
        ("cloud-rejects", {"times": 2}),
        ("cloud-late", {"s": 30}),
        ("cloud-late", {"s": 120, "times": 1, "id": "220C"}),
        ("cloud-wrong-sequence", {"times": 1, "id": "220C"}),
        ("cloud-pushes", {"id": "220C"}),
        ("F29", {"times": 3}),
    ],
)
@warped
async def test_f29_a_dtu_recovers_from_a_cloud_that_misbehaves(
    name: str, parameters: dict[str, object]
) -> None:
    async with open_town() as t:
        fault(t, name, **parameters)
        await elapse(60 * MINUTE_S)
        assert t.running.reporting is not None
        assert t.cloud.faults.happened
        assert len(t.record.data) == t.running.reporting.taken == 12
        assert len(t.record.complete()) == 12
        assert len(t.running.reporting.session.outbox) == 0


@warped
async def test_a_cloud_that_is_away_is_tried_every_three_minutes_and_gets_all_afterwards() -> None:
    async with open_town(is_cloud_there=False) as t:
        client = Client(t.local, clock=t.world.clock)
        refused = 0
        for _ in range(360):
            await elapse(10)
            try:
                async with t.local():
                    pass
            except Unreachable:
                refused += 1
        assert 17 <= refused <= 21  # ten seconds of each hundred and ninety
        await t.listener.resume()
        await elapse(10 * MINUTE_S)
        assert t.running.reporting is not None
        assert len(t.record.complete()) == t.running.reporting.taken == 14
        assert t.record.late >= 12
        assert (await client.inventory()).dtu.communication_time_unix_s > 0


@warped
async def test_a_restart_ends_the_link_and_a_new_one_says_who_it_is() -> None:
    async with open_town() as t:
        await elapse(MINUTE_S)
        await t.cloud.command(t.dtu.serial, Action.DTU_REBOOT)
        await elapse(30)
        assert t.cloud.connected == ()
        assert not t.dtu.clock.is_set or t.running.state()["is_away"]
        await elapse(5 * MINUTE_S)
        assert t.cloud.connected == (t.dtu.serial,)
        assert t.cloud.frames["2201"] == 2
        assert t.dtu.clock.is_set


# --- local clients and uploads ------------------------------------------------------------------------------------------


@warped
async def test_hasty_polling_blocks_every_upload() -> None:
    async with open_town() as t:
        client = Client(t.local, clock=t.world.clock, poll_all=False, is_paced=False)
        until = t.world.clock.now() + timedelta(hours=1)
        while t.world.clock.now() < until:
            await read(client)
            await elapse(10)
        reporting = t.running.reporting
        assert reporting is not None
        assert reporting.blocked == reporting.taken >= 12
        assert not t.record.data
        await elapse(10 * MINUTE_S)
        assert len(t.record.complete()) == reporting.taken  # delivered later, as history
        assert t.record.late >= 12


@pytest.mark.long
@pytest.mark.parametrize("profile", [HMSW_OLD, HMSW_MID, DTU_PRO_S, DTU_OLD])
@warped
async def test_our_clients_pacing_blocks_none(profile: Profile) -> None:
    async with open_town(profile=profile) as t:
        await elapse(30)  # the clock is set
        client = Client(t.local, clock=t.world.clock, poll_all=False)
        until, seen = t.world.clock.now() + timedelta(hours=1), set()
        while t.world.clock.now() < until:
            seen.add((await client.live()).data_time_s)
            await elapse(15)
        reporting = t.running.reporting
        assert reporting is not None
        assert reporting.blocked == 0
        assert len(t.record.complete()) == reporting.taken >= 60 // profile.upload_min
        assert len(seen) > 20


async def read(client: Client) -> None:
    try:
        await client.live()
    except DeviceError:
        await elapse(1)


@warped
async def test_an_open_connection_blocks_uploads_but_not_heartbeats() -> None:
    async with open_town() as t:
        await elapse(30)
        async with t.local() as link:
            for _ in range(60):
                await link.send(b"\x00")
                await elapse(20)
        reporting = t.running.reporting
        assert reporting is not None
        assert reporting.blocked == 4
        assert t.record.heartbeats > 19


@warped
async def test_a_minimal_server_may_acknowledge_everything_alike() -> None:
    """Byte for byte what such a server sends."""
    answer = CloudDevInfoToDtu(time_text="2026-06-21 19:20:00", utc_offset=28800, time=1782040800)
    async with open_town(manners=Manners(acknowledges_alike=True, utc_offset_s=28800)) as t:
        async with t.network.dial("cloud", 10081)() as link:
            message = HeartbeatFromDtu(dtu_serial="4143A0000001").SerializeToString()
            await link.send(encode_frame(Frame(0x2202, 9, message)))
            (frame,) = Conversation().receive(await link.receive())
        assert frame.payload == answer.SerializeToString()
