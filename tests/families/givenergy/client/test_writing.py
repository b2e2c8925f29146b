"""A command is in force when the client says so, is sent once where once is enough, and is never sent where it may not be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from ohmstead.families.givenergy import (
    Client,
    InvalidPduState,
    Model,
    PlantCapabilities,
    RequestRefused,
    StoredDifferently,
    TimedOut,
    commands,
)
from ohmstead.families.givenergy.client.writing import ACTIONS
from ohmstead.families.givenergy.gates import WRITABLE_KINDS
from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.types import Bank, BatteryPauseMode, ExportPriority
from ohmstead.families.givenergy.wire import ReadRequest, Request, WriteReply, WriteRequest, encode_frame
from ohmstead.model import Refused
from ohmstead.testing import elapse, warped

from .adapter import ADAPTER, UNIT, Adapter, listening, refusal

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Site
RESERVE = commands.set_battery_soc_reserve(10)
WRITE = WriteRequest(0x11, 110, 10)
LOOK = ReadRequest(0x11, Bank.HR, 110, 1)


@asynccontextmanager
async def scripted(
    model: Model = Model.HYBRID_GEN1, firmware: int = 449
) -> AsyncIterator[tuple[Adapter, Client]]:
    adapter = Adapter()
    adapter.fill(0x11, Bank.HR, 0, [0] * 60)
    adapter.fill(0x11, Bank.HR, 60, [0] * 60)
    adapter.fill(0x11, Bank.HR, 300, [0] * 60)
    async with listening(adapter), Client("adapter", dial=adapter.network.dial("adapter", 8899)) as client:
        client.plant.capabilities = PlantCapabilities(device_type=model, arm_firmware_version=firmware)
        yield adapter, client


def echo(value: int, register: int = 110) -> bytes:
    return encode_frame(WriteReply(0x11, register, value, UNIT, ADAPTER))


@warped
async def test_an_equal_echo_is_enough() -> None:
    async with scripted() as (adapter, client):
        assert await client.one_shot_command(RESERVE) == [WriteReply(0x11, 110, 10, UNIT, ADAPTER)]
        assert adapter.requests == [WRITE]
        assert client.plant.cache(0x11)["HR(110)"] == 10


@warped
async def test_the_writes_of_a_command_go_in_order_each_after_the_echo_of_the_one_before() -> None:
    async with scripted() as (adapter, client):
        adapter.latency_s = 0.6
        await client.one_shot_command(commands.set_charge_target_enabled(80))
        assert adapter.requests == [
            WriteRequest(0x11, 96, 1),
            WriteRequest(0x11, 20, 1),
            WriteRequest(0x11, 116, 80),
        ]
        assert [round(at, 1) for at, _ in adapter.asked] == [0.0, 0.6, 1.2]


@warped
async def test_a_lost_echo_is_followed_by_a_look_and_not_by_a_second_write() -> None:
    async with scripted() as (adapter, client):

        def act(request: Request) -> bytes | None:
            frame = adapter.frame(request)
            return None if isinstance(request, WriteRequest) else frame

        adapter.act = act
        (confirmed,) = await client.one_shot_command(RESERVE)
        assert confirmed.value == 10
        assert adapter.requests == [WRITE, LOOK]


@warped
async def test_a_write_that_never_arrived_is_said_or_sent_again() -> None:
    async with scripted() as (adapter, client):
        adapter.act = lambda request: None if isinstance(request, WriteRequest) else adapter.frame(request)
        with pytest.raises(TimedOut, match=r"HR\(110\) = 10"):
            await client.one_shot_command(RESERVE)
        assert adapter.requests == [WRITE, LOOK]
        adapter.asked.clear()
        with pytest.raises(TimedOut):
            await client.one_shot_command(RESERVE, retries=2)
        assert adapter.requests == [WRITE, LOOK] * 3


@warped
async def test_what_may_be_in_force_is_looked_at_until_it_is_seen_and_not_sent_again() -> None:
    async with scripted() as (adapter, client):
        silent = iter([True, True, True, False])

        def act(request: Request) -> bytes | None:
            frame = adapter.frame(request)
            return None if next(silent) else frame

        adapter.act = act
        (confirmed,) = await client.one_shot_command(RESERVE, retries=2)
        assert confirmed.value == 10
        assert adapter.requests == [WRITE, LOOK, LOOK, LOOK]
        adapter.asked.clear()
        adapter.act = lambda _: None
        with pytest.raises(TimedOut, match=r"HR\(110\) = 10"):
            await client.one_shot_command(RESERVE, retries=2)
        assert adapter.requests == [WRITE, LOOK, LOOK, LOOK]


@warped
async def test_a_clamped_value_is_said_with_what_is_stored() -> None:
    async with scripted() as (adapter, client):

        def act(request: Request) -> bytes | None:
            if isinstance(request, WriteRequest):
                adapter.fill(0x11, Bank.HR, 110, [4])
                return echo(4)
            return adapter.frame(request)

        adapter.act = act
        with pytest.raises(StoredDifferently, match="stored as 4") as different:
            await client.one_shot_command(RESERVE)
        assert different.value.stored == 4
        assert isinstance(different.value, Refused)
        assert not different.value.retryable
        assert adapter.requests == [WRITE, LOOK]


@warped
async def test_the_echo_of_another_clients_write_leads_to_a_look() -> None:
    async with scripted() as (adapter, client):

        def act(request: Request) -> bytes | None:
            own = adapter.frame(request)
            return echo(55) if isinstance(request, WriteRequest) else own

        adapter.act = act
        (confirmed,) = await client.one_shot_command(RESERVE)
        assert confirmed.value == 10
        assert adapter.requests == [WRITE, LOOK]


@warped
async def test_a_refused_write_is_said_as_such() -> None:
    async with scripted() as (adapter, client):
        adapter.act = lambda request: encode_frame(refusal(request))
        with pytest.raises(RequestRefused, match=r"refused HR\(110\) = 10") as refused:
            await client.one_shot_command(RESERVE)
        assert isinstance(refused.value, TimeoutError)
        assert adapter.requests == [WRITE]


@warped
async def test_a_refusal_that_is_known_to_lie_is_looked_at() -> None:
    async with scripted() as (adapter, client):

        def act(request: Request) -> bytes | None:
            frame = adapter.frame(request)
            return encode_frame(refusal(request)) if isinstance(request, WriteRequest) else frame

        adapter.act = act
        await client.one_shot_command(commands.set_battery_pause_mode(BatteryPauseMode.PAUSE_CHARGE))
        assert adapter.requests == [WriteRequest(0x11, 318, 1), ReadRequest(0x11, Bank.HR, 318, 1)]


@pytest.mark.parametrize(
    "act",
    [
        lambda _: None,
        lambda request: encode_frame(refusal(request)),
        lambda request: echo(7, request.register),
    ],
    ids=["silence", "a refusal", "somebody else's echo"],
)
@pytest.mark.parametrize(
    ("model", "register", "value"),
    [
        (Model.HYBRID_GEN1, 162, 1),
        (Model.HYBRID_GEN1, 163, 100),
        (Model.HYBRID_GEN1, 174, 1),
        (Model.HYBRID_GEN1, 201, 1),
        (Model.HYBRID_3PH, 1016, 1),
        (Model.GATEWAY, 5002, 1),
        (Model.GATEWAY, 5003, 1),
        (Model.GATEWAY, 5004, 1),
        (Model.GATEWAY, 5010, 1),
    ],
)
def test_what_a_unit_does_is_asked_for_once_and_not_looked_at(
    act: Callable[[Request], bytes | None], model: Model, register: int, value: int
) -> None:
    @warped
    async def do() -> None:
        async with scripted(model) as (adapter, client):
            adapter.act = act
            order = WriteRequest(0x11, register, value)
            with pytest.raises(TimedOut):
                await client.installer_command([order], retries=2, confirm=True)
            assert adapter.requests == [order]

    do()


def test_whatever_takes_one_value_alone_is_something_that_a_unit_does() -> None:
    fields = [field for kind in WRITABLE_KINDS for field in TABLES[kind].lines.values() if field.write]
    one_valued = {f.address for f in fields if f.write.low is not None and f.write.low == f.write.high}
    named = {f.address for f in fields if f.name.startswith(("restart_", "wake_", "send_", "restore_"))}
    assert one_valued | named == ACTIONS


@pytest.mark.parametrize(("asked", "attempts"), [(1, 1), (3, 1), (0, 3)])
def test_a_calibration_is_begun_once_and_ended_until_it_is(asked: int, attempts: int) -> None:
    @warped
    async def calibrate() -> None:
        async with scripted() as (adapter, client):
            adapter.fill(0x11, Bank.HR, 29, [2])  # on its way: it has reached the next stage
            adapter.act = lambda request: (
                None if isinstance(request, WriteRequest) else adapter.frame(request)
            )
            with pytest.raises(TimedOut):
                await client.one_shot_command(commands.set_calibrate_battery_soc(asked), retries=2)
            orders = [request for request in adapter.requests if isinstance(request, WriteRequest)]
            assert orders == [WriteRequest(0x11, 29, asked)] * attempts

    calibrate()


@warped
async def test_the_second_of_the_clock_may_have_gone_on() -> None:
    async with scripted() as (adapter, client):

        def act(request: Request) -> bytes | None:
            if isinstance(request, WriteRequest):
                adapter.fill(0x11, Bank.HR, 40, [(request.value + 3) % 60])
                return None
            return adapter.frame(request)

        adapter.act = act
        await client.one_shot_command([WriteRequest(0x11, 40, 58)])
        assert len(adapter.requests) == 2


@warped
async def test_nothing_of_a_batch_is_sent_when_a_part_of_it_may_not() -> None:
    async with scripted() as (adapter, client):
        with pytest.raises(InvalidPduState):
            await client.one_shot_command(
                [*RESERVE, *commands.set_export_priority(ExportPriority.GRID_FIRST)]
            )
        with pytest.raises(InvalidPduState):
            await client.execute([WRITE, WriteRequest(0x11, 164, 1)])
        await elapse(1)
        assert adapter.asked == []


@warped
async def test_the_opt_in_sends_what_is_not_proven() -> None:
    """Field case 43."""
    async with scripted(Model.AC_3PH, 0) as (adapter, client):
        requests = commands.set_export_priority(ExportPriority.BATTERY_FIRST)
        with pytest.raises(InvalidPduState, match="allow_gated"):
            await client.one_shot_command(requests)
        await client.one_shot_command(requests, allow_gated=True)
        assert adapter.requests == [WriteRequest(0x11, 311, 1)]


@warped
async def test_a_dry_run_passes_the_gates_and_sends_nothing() -> None:
    async with scripted() as (adapter, client):
        assert await client.one_shot_command(RESERVE, dry_run=True) == []
        with pytest.raises(InvalidPduState):
            await client.one_shot_command(commands.set_force_charge(True), dry_run=True)
        await elapse(1)
        assert adapter.asked == []


@warped
async def test_installers_have_their_own_way_in() -> None:
    async with scripted() as (adapter, client):
        totals = [WriteRequest(0x11, 162, 1)]
        with pytest.raises(InvalidPduState, match="installer_command"):
            await client.one_shot_command(totals, allow_gated=True)
        with pytest.raises(InvalidPduState, match="confirm=True"):
            await client.installer_command(totals)
        await client.installer_command(totals, confirm=True)
        assert adapter.requests == totals


@warped
async def test_a_failed_write_ends_its_batch() -> None:
    async with scripted() as (adapter, client):
        adapter.act = lambda request: (
            encode_frame(refusal(request)) if request.register == 20 else adapter.frame(request)
        )
        with pytest.raises(RequestRefused):
            await client.one_shot_command(commands.set_charge_target_enabled(80))
        assert [request.register for request in adapter.requests] == [96, 20]


@warped
async def test_what_failed_can_be_returned_in_its_place() -> None:
    async with scripted() as (adapter, client):
        adapter.fill(0x11, Bank.IR, 0, [1] * 60)
        read, nobody = ReadRequest(0x11, Bank.IR, 0, 60), ReadRequest(0x11, Bank.IR, 999, 1)
        first, second, third = await client.execute([read, nobody, WRITE], return_exceptions=True)
        assert first.words == (1,) * 60
        assert isinstance(second, RequestRefused)
        assert third == WriteReply(0x11, 110, 10, UNIT, ADAPTER)
        with pytest.raises(RequestRefused):
            await client.execute([nobody, read])


@warped
async def test_two_commands_at_once_are_both_in_force_in_turn() -> None:
    """Field case 40."""
    async with scripted() as (_, client):
        results = await asyncio.gather(
            client.one_shot_command(commands.set_battery_soc_reserve(10)),
            client.one_shot_command(commands.set_battery_soc_reserve(20)),
        )
        assert [replies[0].value for replies in results] == [10, 20]
        assert client.plant.cache(0x11)["HR(110)"] == 20


@warped
async def test_the_echo_of_register_0_is_none() -> None:
    async with scripted() as (adapter, client):
        await elapse(0.1)
        await adapter.say(WriteReply(0x11, 0, 5, UNIT, ADAPTER))
        await elapse(0.1)
        assert "HR(0)" not in client.plant.cache(0x11)


@warped
async def test_every_command_reaches_a_simulated_plant(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        unit = (await client.load_config()).inverter
        for requests in (
            unit.set_charge_target_enabled(90),
            unit.set_mode_storage(),
            unit.set_battery_charge_limit(30),
            unit.set_active_power_rate(90),
            unit.set_calibrate_battery_soc(0),
            unit.set_enable_rtc(True),
        ):
            replies = await client.one_shot_command(requests)
            assert [reply.value for reply in replies] == [request.value for request in requests]
        unit = (await client.load_config()).inverter
        assert (unit.charge_target_soc, unit.battery_charge_limit, unit.active_power_rate) == (90, 30, 90)
        assert unit.enable_discharge
