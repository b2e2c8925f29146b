"""Client and simulator joined: the exchange is the assertion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.hoymiles.client import SILENCE_S, Client
from ohmstead.families.hoymiles.messages.app import (
    CLOUD_COMMAND_VIA_APP,
    COMMAND,
    CONFIG_SET,
    DEV_CONFIG_PUT,
    GRID_SELF_TEST,
)
from ohmstead.families.hoymiles.messages.exchange import Exchange
from ohmstead.families.hoymiles.messages.storage import STORAGE_USER_SET
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu
from ohmstead.families.hoymiles.simulator import HMS_800W_2T, simulate
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame
from ohmstead.kit.link import Link, tcp
from ohmstead.kit.world import World
from ohmstead.model import (
    BadAnswer,
    ConnectionLost,
    DeviceError,
    ScaledClock,
    SimulatorOptions,
    TimedOut,
    Unreachable,
    Unsafe,
)
from ohmstead.testing import elapse, memory_network, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench


@warped
async def test_the_inventory_says_what_hangs_on_the_dtu(bench: Open) -> None:
    async with bench(has_meter=True) as b:
        found = await b.client.inventory()
        assert found.dtu_serial == b.dtu.serial
        assert [i.serial for i in found.inverters] == [f"{i.serial:012X}" for i in b.dtu.inverters]
        assert [m.serial for m in found.meters] == [f"{b.dtu.meter.serial:012X}"]
        assert found.pv_port_count == 2
        assert found.dtu.software_version == 4104
        assert found.features[0].value == "1,A:1000,B:0,C:0"
        assert not found.is_partial
        assert found.clock == datetime(2026, 6, 21, 11, 20, 0, tzinfo=UTC)


@warped
async def test_the_heartbeat_says_how_the_dtu_is(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.heartbeat()
        assert (found.dtu_serial, found.utc_offset_s, found.signal_dbm) == (b.dtu.serial, 3600, -62)


@warped
async def test_live_data_is_what_the_hardware_does(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.live()
        (inverter,) = found.single_phase
        assert inverter.active_power_w == round(b.dtu.inverters[0].power_w, 1)
        assert found.dtu_power_w == inverter.active_power_w
        assert 550 < found.dtu_power_w < 800
        assert [port.port for port in found.ports] == [1, 2]
        assert inverter.power_limit_pct == 100.0
        assert found.data_time is not None
        assert not found.is_stale
        assert not found.is_partial


@warped
async def test_the_sum_rules_hold_on_the_wire(bench: Open) -> None:
    async with bench() as b:
        for _ in range(20):
            await elapse(33)
            found = await b.client.live()
            (packet,) = found.packets
            assert packet.dtu_power == sum(entry.active_power for entry in packet.single_phase)
            (inverter,) = found.single_phase
            ports_w = sum(port.power_w for port in found.ports)
            assert 0.94 <= inverter.active_power_w / ports_w <= 0.97
            assert inverter.voltage_v * inverter.current_a * inverter.power_factor == pytest.approx(
                inverter.active_power_w, abs=2.0
            )
            for port in found.ports:
                assert port.voltage_v * port.current_a == pytest.approx(port.power_w, abs=2.0)
            assert found.dtu_energy_today_wh <= sum(port.energy_today_wh for port in found.ports) + 1


@warped
async def test_the_configuration_hides_its_secrets_when_shown(bench: Open) -> None:
    async with bench() as b:
        found = await b.client.config()
        assert found.power_limit_pct == 100.0
        assert found.settings.server_send_time_min == 5
        assert found.image.wifi_password == "not-a-real-key"
        assert "not-a-real-key" not in repr(found)
        assert b.dtu.serial not in repr(found)


@warped
async def test_a_clock_that_was_never_set_gives_no_time(bench: Open) -> None:
    async with bench(is_clock_set=False) as b:
        found = await b.client.live()
        assert found.data_time is None
        assert 600 <= found.data_time_s <= 3700


@warped
async def test_many_inverters_come_in_packets_of_ten_entries(bench: Open) -> None:
    async with bench(models=(HMS_800W_2T,) * 12) as b:
        found = await b.client.live()
        assert len(found.packets) == 4  # 12 inverters and 24 ports
        assert len(found.single_phase) == 12
        assert len({(port.serial, port.port) for port in found.ports}) == 24
        assert all(len(packet.SerializeToString()) <= 1014 for packet in found.packets)
        inventory = await b.client.inventory()
        assert len(inventory.inverters) == 12
        assert b.service.frames["A301"] == 4  # two packets, at first contact and now


@warped
async def test_one_transaction_is_one_connection(bench: Open) -> None:
    async with bench() as b:
        await b.client.live()
        assert b.service.connections == 1
        assert b.service.frames == {"A301": 1, "A305": 1, "A311": 1}
        await b.client.live(poll_all=False)
        assert b.service.connections == 2
        assert b.service.frames == {"A301": 1, "A305": 1, "A311": 2}


@warped
async def test_frames_and_connections_keep_their_distance(bench: Open) -> None:
    loop = asyncio.get_running_loop()
    async with bench(speed=60.0) as b:  # at another speed than its own the simulator takes no time to answer
        started_s = loop.time()
        await b.client.live()
        assert loop.time() - started_s == pytest.approx(1.0)  # A301, A305, A311
        await b.client.live()
        assert loop.time() - started_s == pytest.approx(1.0 + 2.0 + 0.5)


@warped
async def test_the_same_data_set_is_known_again(bench: Open) -> None:
    async with bench(poll_all=False) as b:
        first = await b.client.live()
        again = await b.client.live()
        assert (first.is_stale, again.is_stale) == (False, True)
        assert again.data_time_s == first.data_time_s
        await elapse(40)
        assert not (await b.client.live()).is_stale


@warped
async def test_transactions_of_several_tasks_run_one_after_the_other(bench: Open) -> None:
    async with bench() as b:
        await asyncio.gather(b.client.live(), b.client.config(), b.client.heartbeat())
        assert b.service.kicks == 0
        assert b.service.connections == 3


@pytest.mark.parametrize(
    "fault",
    [
        "close-on-accept",
        "close-after-request",
        "close-mid-answer",
        "silence",
        "bad-crc",
        "wrong-sequence",
        "wrong-id",
        "wrong-length",
        "no-protobuf",
        "delay",
    ],
)
@warped
async def test_a_read_that_fails_once_is_run_again(bench: Open, fault: str) -> None:
    async with bench() as b:
        b.fault(fault, times=1)
        found = await b.client.live()
        assert found.dtu_power_w > 500
        assert b.service.connections == 2
        assert b.service.faults.happened == {fault: 1}


@pytest.mark.parametrize("fault", ["split", "garbage", "duplicate", "unsolicited"])
@warped
async def test_a_read_over_an_untidy_link_needs_no_second_try(bench: Open, fault: str) -> None:
    async with bench() as b:
        b.fault(fault)
        found = await b.client.live()
        assert found.dtu_power_w > 500
        assert b.service.connections == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("silence", TimedOut),
        ("delay", TimedOut),
        ("wrong-sequence", TimedOut),
        ("close-after-request", ConnectionLost),
        ("close-mid-answer", DeviceError),
        ("no-protobuf", BadAnswer),
    ],
)
@warped
async def test_a_read_that_keeps_failing_says_why(bench: Open, fault: str, error: type[DeviceError]) -> None:
    async with bench() as b:
        b.fault(fault)
        with pytest.raises(error):
            await b.client.live()
        assert b.service.connections == 2


@pytest.mark.parametrize(
    "exchange",
    [COMMAND, CLOUD_COMMAND_VIA_APP, CONFIG_SET, DEV_CONFIG_PUT, GRID_SELF_TEST, STORAGE_USER_SET],
)
def test_what_may_change_something_is_not_asked_as_if_it_read(
    bench: Open, exchange: Exchange[Any, Any]
) -> None:
    @warped
    async def ask() -> None:
        async with bench() as b:
            with pytest.raises(Unsafe, match="ToDtu may change something"):
                await b.client.ask(exchange, exchange.request())
            assert b.service.connections == 0

    ask()


@warped
async def test_silence_where_nobody_was_met_is_not_waited_for_again_but_a_broken_connection_is(
    bench: Open,
) -> None:
    async with bench(is_met=False) as b:
        b.fault("silence", times=1)
        with pytest.raises(TimedOut):
            await b.client.inventory()
        assert b.service.connections == 1
        b.fault("close-after-request", times=1)
        await b.client.inventory()
        assert b.service.connections == 3
        b.fault("silence", times=1)
        await b.client.inventory()
        assert b.service.connections == 5


@warped
async def test_silence_ends_by_its_deadline(bench: Open) -> None:
    async with bench() as b:
        b.fault("silence")
        started_s = asyncio.get_running_loop().time()
        with pytest.raises(TimedOut, match="connected but did not answer dev_info within 10 s"):
            await b.client.live()
        assert asyncio.get_running_loop().time() - started_s < 2 * SILENCE_S + 5


def dripping(gap_s: float) -> Callable[[Any], Any]:
    """A peer that answers a heartbeat rightly, a byte at a time."""

    async def serve(link: Any) -> None:
        (request,) = Conversation().receive(await link.receive())
        answer = AppDevInfoFromDtu(dtu_serial="4143A0112233", packet_count=1).SerializeToString()
        for byte in encode_frame(Frame(0xA201, request.sequence, answer)):
            await asyncio.sleep(gap_s)
            await link.send(bytes((byte,)))

    return serve


@warped
async def test_an_answer_that_drips_is_not_silent(bench: Open) -> None:
    async with bench() as b, b.network.listen(dripping(2.0), "slow", 10081):
        client = Client(b.network.dial("slow", 10081), clock=b.world.clock)
        assert (await client.inventory()).dtu_serial == "4143A0112233"


@warped
async def test_an_answer_that_drips_for_ever_is_given_up(bench: Open) -> None:
    async with bench() as b, b.network.listen(dripping(9.0), "slow", 10081):
        with pytest.raises(TimedOut, match="within 60 s"):
            await Client(b.network.dial("slow", 10081), clock=b.world.clock).inventory()


@warped
async def test_the_answer_to_an_abandoned_request_is_never_taken_for_the_next_one(bench: Open) -> None:
    strays: list[Frame] = []
    async with bench(unsolicited=strays.append) as b:
        await b.client.inventory()
        b.fault("delay", times=1, id="A311", s=15)
        found = await b.client.live()
        assert b.service.faults.happened == {"delay": 1}
        assert found.dtu_power_w > 500
        # It comes on the new connection, where nobody asked for it.
        assert [frame.command_id for frame in strays] == [0xA211]


@warped
async def test_the_number_of_a_request_goes_on_over_connections(bench: Open) -> None:
    async with bench() as b:
        first = b.client._contact._sequence._next
        await b.client.live()
        await b.client.live()
        assert b.client._contact._sequence._next == (first + 5) % 0x10000


@warped
async def test_another_client_kicks_and_the_read_survives(bench: Open) -> None:
    async with bench() as b:
        other = b.another_client()

        async def barge_in() -> None:
            await elapse(0.6)
            await other.heartbeat()

        found, _ = await asyncio.gather(b.client.live(), barge_in())
        assert found.dtu_power_w > 500
        assert b.service.kicks >= 1


@warped
async def test_a_half_open_link_is_noticed_and_dialled_anew(bench: Open) -> None:
    async with bench() as b:
        reading = asyncio.ensure_future(b.client.live())
        await elapse(0.55)
        b.network.half_open()
        assert (await reading).dtu_power_w > 500
        assert b.service.connections == 2


@warped
async def test_a_peer_that_is_no_dtu_is_named_as_such(bench: Open) -> None:
    async with bench() as b:

        async def web_server(link: Any) -> None:
            await link.receive()
            await link.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            await link.close()

        async with b.network.listen(web_server, "router", 80):
            with pytest.raises(BadAnswer, match="28 bytes that hold no Hoymiles frame"):
                await Client(b.network.dial("router", 80), clock=b.world.clock).live()


@warped
async def test_nobody_there_is_said_at_once(bench: Open) -> None:
    async with bench() as b:
        with pytest.raises(Unreachable):
            await Client(b.network.dial("nowhere", 10081), clock=b.world.clock).live()


@warped
async def test_it_all_holds_over_real_sockets_too() -> None:
    world = World(ScaledClock(datetime(2026, 6, 21, 11, tzinfo=UTC)))
    async with simulate(SimulatorOptions(), world) as simulator:
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        assert (await client.live()).dtu_serial == simulator.dtu.serial
        assert (await client.set_power_limit(60)).read_back_pct == 60.0
        assert simulator.state()["flash_writes"] == 1


@pytest.mark.parametrize(
    ("said", "pause_s", "longest_s"), [(b"\x00" * 65_536, 0.0, 5), (b"SSH-2.0-Server\r\n", 11.0, 60)]
)
@warped
async def test_a_peer_that_talks_nonsense_is_left_with_a_word_about_it(
    said: bytes, pause_s: float, longest_s: float
) -> None:
    async def talk(link: Link) -> None:
        while True:
            await link.send(said)
            await asyncio.sleep(pause_s)

    network = memory_network()
    async with network.listen(talk) as listener:
        client = Client(network.dial("127.0.0.1", listener.port))
        began_s = asyncio.get_running_loop().time()
        with pytest.raises(BadAnswer, match="bytes that hold no Hoymiles frame"):
            await client.inventory()
        assert asyncio.get_running_loop().time() - began_s < longest_s
