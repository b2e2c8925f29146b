"""Reading the plant again and again: what failed is said, what arrived is kept, what is young is not asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy import (
    Client,
    CommunicationError,
    ConnectionLost,
    FailedRead,
    Model,
    NotConnected,
    PlantCapabilities,
    PlantNotDetected,
    RefreshError,
    RefreshFailed,
    RefreshPartiallySucceeded,
)
from ohmstead.families.givenergy.client.banks import measurements, settings
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest, encode_frame
from ohmstead.model import DeviceError, Unreachable
from ohmstead.testing import elapse, warped

from .adapter import Adapter, listening

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Site


class Ears:
    """What a client sends, as seen by a capture."""

    def __init__(self, client: Client) -> None:
        self.frames: list[bytes] = []
        self._task = asyncio.ensure_future(client.capture_frames(self._hear, 1e6))

    def _hear(self, direction: str, frame: bytes) -> None:
        if direction == "tx" and frame[7] == 2:
            self.frames.append(frame)

    @property
    def reads(self) -> list[tuple[int, str, int, int]]:
        banks = {3: "HR", 4: "IR", 0x16: "MR", 6: "write"}
        return [
            (f[26], banks[f[27]], int.from_bytes(f[28:30]), int.from_bytes(f[30:32])) for f in self.frames
        ]

    def stop(self) -> None:
        self._task.cancel()


async def listened(client: Client) -> Ears:
    ears = Ears(client)
    await elapse(0)
    return ears


@warped
async def test_a_poll_reads_the_banks_of_the_model_in_order(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        ears = await listened(client)
        await client.load_config()
        assert ears.reads == [
            (0x11, "HR", 0, 60),
            (0x11, "HR", 60, 60),
            (0x11, "HR", 120, 60),
            (0x11, "IR", 120, 60),
        ]
        ears.frames.clear()
        plant = await client.refresh()
        assert ears.reads == [
            (0x11, "IR", 0, 60),
            (0x11, "IR", 180, 60),
            (0x32, "IR", 60, 60),
            (0x33, "IR", 60, 60),
        ]
        assert plant is client.plant
        assert [pack.soc for pack in plant.batteries] != [None, None]
        ears.stop()


@pytest.mark.parametrize(
    ("capabilities", "loads", "refreshes"),
    [
        (PlantCapabilities(device_type=Model.EMS, meter_addresses=(1, 3)), 2, 3),
        (PlantCapabilities(device_type=Model.GATEWAY, meter_addresses=(1, 2)), 4, 9),
        (PlantCapabilities(device_type=Model.AC, lv_battery_addresses=(0x32,)), 5, 3),
        (PlantCapabilities(device_type=Model.ALL_IN_ONE, bcu_stacks=((0, 4),)), 6, 3),
        (
            PlantCapabilities(device_type=Model.HYBRID_3PH, hv_bmu_addresses=(0x50,), bcu_stacks=((0, 1),)),
            8,
            11,
        ),
        (PlantCapabilities(device_type=Model.HYBRID_GEN3, arm_firmware_version=302), 4, 2),
        (PlantCapabilities(device_type=Model.HYBRID_GEN3, arm_firmware_version=303), 5, 2),
        (PlantCapabilities(device_type=Model.HYBRID_GEN2, lv_bcu_address=0x31), 4, 3),
    ],
)
def test_each_model_has_its_banks(capabilities: PlantCapabilities, loads: int, refreshes: int) -> None:
    assert (len(settings(capabilities)), len(measurements(capabilities))) == (loads, refreshes)


@warped
async def test_polling_before_detecting_is_said(site: Open) -> None:
    async with site() as s:
        await s.client.connect()
        for poll in (s.client.refresh, s.client.load_config):
            with pytest.raises(PlantNotDetected, match=r"detect\(\)"):
                await poll()


@warped
async def test_what_failed_is_named_and_what_arrived_is_there(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        await s.fault("error-burst", device=0x33)
        with pytest.raises(RefreshPartiallySucceeded) as gap:
            await client.refresh()
        assert gap.value.failures == [FailedRead(0x33, "read_input", 60, 60)]
        assert gap.value.plant is client.plant
        assert len(gap.value.cause.exceptions) == 1
        for kind in (RefreshError, CommunicationError, DeviceError):
            assert isinstance(gap.value, kind)
        assert client.plant.block_age(0x11, Bank.IR, 0, 60) < 5


@warped
async def test_when_nothing_arrives_the_poll_has_failed_and_does_not_wait_for_every_bank(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        await s.fault("silent-window", s=60)
        started = asyncio.get_running_loop().time()
        with pytest.raises(RefreshFailed) as failed:
            await client.refresh()
        assert len(failed.value.failures) == 4
        assert not hasattr(failed.value, "plant")
        # Two banks of 2 × 2 s with a pause, then one look whether the unit is awake: not a time-out per bank.
        assert asyncio.get_running_loop().time() - started < 12
        assert client.connected


@warped
async def test_a_poll_over_a_lost_connection_ends_at_once(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        polling = asyncio.ensure_future(client.refresh())
        await elapse(0.05)
        s.network.cut()
        with pytest.raises(RefreshFailed) as failed:
            await polling
        assert len(failed.value.failures) == 4
        assert isinstance(failed.value.cause.exceptions[0], ConnectionLost)
        assert not client.connected
        await client.connect()
        await client.refresh()


@warped
async def test_a_cancelled_poll_is_cancelled(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        polling = asyncio.ensure_future(client.refresh())
        await elapse(0.1)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        await client.refresh()


@warped
async def test_what_is_young_enough_is_not_asked_for(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client, other = await s.detected(), s.another_client()
        async with other:
            await other.detect()
            await other.refresh()
        ears = await listened(client)
        await client.refresh(max_age=30)
        assert ears.reads == []
        await elapse(31)
        await client.refresh(max_age=30)
        assert len(ears.reads) == 4
        ears.stop()


@warped
async def test_the_old_word_for_an_age_still_works_and_warns(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        await client.refresh()
        ears = await listened(client)
        with pytest.warns(DeprecationWarning, match="max_age") as warned:
            await client.refresh(ir0_max_age=60)
        assert [Path(warning.filename).name for warning in warned] == ["test_polling.py"]
        assert ears.reads == []
        ears.stop()


@warped
async def test_a_bank_that_need_not_be_there_is_tried_once(site: Open) -> None:
    """Field case 45."""
    async with site("hybrid-3ph") as s:
        client = await s.detected()
        ears = await listened(client)
        await s.fault("error-burst", bank="HR", base=240)
        plant = await client.load_config()
        tries = [read for read in ears.reads if read[2] == 240]
        assert len(tries) == 2
        assert plant.inverter.charge_slot_3 is None
        assert plant.inverter.charge_slot_10 is None
        await client.load_config()
        assert [read for read in ears.reads if read[2] == 240] == tries
        await client.detect()
        await client.load_config()
        assert len([read for read in ears.reads if read[2] == 240]) > len(tries)
        ears.stop()


@warped
async def test_blocks_nobody_has_seen_are_read_when_asked_for(site: Open) -> None:
    async with site("hybrid-gen1", client={"extra_blocks": ["smart_load"]}) as s:
        client = await s.detected()
        with pytest.raises(RefreshPartiallySucceeded) as gap:
            await client.load_config(retries=0)
        assert gap.value.failures == [FailedRead(0x11, "read_holding", 540, 60)]


@warped
async def test_a_remembered_mirror_address_is_polled_as_it_was(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        await s.client.connect()
        s.client.plant.capabilities = PlantCapabilities(
            device_type=Model.HYBRID, inverter_address=0x31, lv_battery_addresses=(0x32,)
        )
        ears = await listened(s.client)
        plant = await s.client.refresh()
        assert ears.reads == [(0x31, "IR", 0, 60), (0x31, "IR", 180, 60), (0x32, "IR", 60, 60)]
        assert plant.inverter.p_load_demand is not None
        ears.stop()


@warped
async def test_the_first_live_reading_after_a_restart_takes_one_request(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        remembered = (await s.detected()).plant.capabilities
        async with s.another_client() as fresh:
            fresh.plant.capabilities = remembered
            ears = await listened(fresh)
            polling = asyncio.ensure_future(fresh.refresh())
            while fresh.plant.inverter.p_battery is None:
                await elapse(0.05)
            assert len(ears.reads) == 1
            await polling
            ears.stop()


@warped
async def test_a_unit_is_alive_when_it_says_who_it_is(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        assert await s.client.probe_alive() is False
        await s.client.connect()
        assert await s.client.probe_alive() is True
        assert s.client.connected
        await s.fault("silent-window", s=30)
        assert await s.client.probe_alive() is False
        assert not s.client.connected


@warped
async def test_connecting_again_replaces_the_connection(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        waiting = asyncio.ensure_future(client.refresh())
        await elapse(0.05)
        await client.connect()
        with pytest.raises(RefreshFailed):
            await waiting
        assert len(s.plant.guests) == 1
        await client.refresh()


@warped
async def test_closing_tells_whoever_waits_and_may_be_repeated(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        waiting = asyncio.ensure_future(client.execute([ReadRequest(0x11, Bank.IR, 0, 60)]))
        await elapse(0.01)
        await client.close()
        await client.close()
        with pytest.raises(ConnectionLost):
            await waiting
        with pytest.raises(NotConnected, match=r"inside `async with`, or call connect\(\)") as raised:
            await client.execute([ReadRequest(0x11, Bank.IR, 0, 60)])
        assert isinstance(raised.value, ConnectionLost)
        assert not raised.value.retryable


@warped
async def test_nobody_at_the_address_is_said(site: Open) -> None:
    async with site() as s:
        client = s.another_client()
        await s.plant.listener.pause()
        with pytest.raises(CommunicationError) as refused:
            await client.connect()
        assert isinstance(refused.value, Unreachable)
        assert refused.value.retryable


@warped
async def test_a_burst_of_drops_is_told_once(site: Open, caplog: pytest.LogCaptureFixture) -> None:
    async with site("hybrid-gen1", cloud="off") as s:
        for _ in range(5):
            await s.client.connect()
            s.network.cut()
            await elapse(12)
        told = [record for record in caplog.records if "lost" in record.message]
        assert len(told) == 1
        await elapse(300)
        await s.client.connect()
        s.network.cut()
        await elapse(1)
        assert "4 more" in caplog.records[-1].message


@warped
async def test_a_sink_that_fails_does_not_end_the_capture(
    site: Open, caplog: pytest.LogCaptureFixture
) -> None:
    """Field case 26."""
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        frames: list[bytes] = []

        def sink(_: str, frame: bytes) -> None:
            frames.append(frame)
            raise OSError("the disk is full")

        capturing = asyncio.ensure_future(client.capture_frames(sink, 10))
        await elapse(0)
        await client.refresh()
        await capturing
        assert len(frames) == 8
        assert "sink" in caplog.text


@warped
async def test_the_old_loops_work_and_name_their_successors(site: Open) -> None:
    """Field case 46."""
    async with site("hybrid-gen1") as s:
        await s.client.connect()
        with pytest.warns(DeprecationWarning, match=r"refresh_plant.*detect.*load_config.*refresh") as warned:
            plant = await s.client.refresh_plant()
        assert [Path(warning.filename).name for warning in warned] == ["test_polling.py"]
        assert plant.inverter.charge_slot_1 is not None
        assert plant.batteries[0].soc is not None
        with pytest.warns(DeprecationWarning) as warned:
            await s.client.refresh_plant(full_refresh=False, max_batteries=2)
        assert ["max_batteries" in str(warning.message) for warning in warned] == [False, True]


@warped
async def test_the_old_watch_calls_its_handler_after_each_round(site: Open) -> None:
    """Field case 46."""
    async with site("hybrid-gen1") as s:
        calls: list[float] = []
        with pytest.warns(DeprecationWarning, match="next major version") as warned:
            watching = asyncio.ensure_future(
                s.client.watch_plant(
                    lambda: calls.append(asyncio.get_running_loop().time()), refresh_period=15.0
                )
            )
        assert [Path(warning.filename).name for warning in warned] == ["test_polling.py"]
        await elapse(60)
        assert len(calls) == 4
        s.network.cut()
        with pytest.raises(RefreshFailed):
            await watching


@warped
async def test_a_passive_watch_only_listens(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        calls: list[int] = []
        with pytest.warns(DeprecationWarning):
            watching = asyncio.ensure_future(
                s.client.watch_plant(lambda: calls.append(1), refresh_period=15.0, passive=True)
            )
        await elapse(20)
        ears = await listened(s.client)
        await elapse(60)
        assert ears.reads == []
        assert len(calls) == 5
        ears.stop()
        watching.cancel()


@warped
async def test_replies_nobody_asked_for_are_kept() -> None:
    adapter = Adapter()
    adapter.fill(0x11, Bank.IR, 0, list(range(60)))
    async with listening(adapter), Client("adapter", dial=adapter.network.dial("adapter", 8899)) as client:
        await elapse(0.1)
        await adapter.send(encode_frame(adapter.reply(ReadRequest(0x11, Bank.IR, 0, 60))))
        await elapse(0.1)
        assert client.plant.cache(0x11).words("IR", 0, 60) == tuple(range(60))
        assert client.plant.inverter_serial_number == "SA1234G567"
        assert client.plant.data_adapter_serial_number == "WF1234G567"
