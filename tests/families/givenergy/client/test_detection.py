"""What a client finds, on plants as they were recorded, with nothing remembered and with something."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy import (
    CommunicationError,
    ConnectionLost,
    Model,
    PlantCapabilities,
    PlantNotDetected,
    PlantTopologyMismatch,
)
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.testing import elapse, warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Site

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "vectors.json").read_text(encoding="utf-8"))
PLANTS = {
    "aio": "all-in-one",
    "ac_coupled": "ac",
    "ems": "ems",
    "gateway": "gateway",
    "hybrid_gen1": "hybrid-gen1",
    "hybrid_gen2": "hybrid-gen2",
    "hybrid_3ph": "hybrid-3ph",
    "hybrid_hv_gen3": "hybrid-hv-gen3",
}


def name(vector: dict[str, Any]) -> str:
    return str(vector["source"])


@pytest.mark.parametrize("vector", VECTORS["detection"], ids=name)
def test_a_recorded_plant_is_found_as_it_is(vector: dict[str, Any], site: Open) -> None:
    @warped
    async def run() -> None:
        async with site(PLANTS[vector["source"]]) as s:
            await s.client.connect()
            found = await s.client.detect()
            assert found.to_dict() == vector["expect"]
            assert s.client.plant.capabilities is found
            assert s.client.connected

    run()


@pytest.mark.parametrize("vector", VECTORS["hinted_detection"], ids=name)
def test_what_was_remembered_is_confirmed_completed_or_contradicted(
    vector: dict[str, Any], site: Open
) -> None:
    """Field cases 29 and 41."""

    @warped
    async def run() -> None:
        async with site(PLANTS[vector["plant"]]) as s:
            prior = PlantCapabilities.from_dict(vector["prior"])
            await s.client.connect()
            if vector["expect"].get("error"):
                with pytest.raises(PlantTopologyMismatch) as mismatch:
                    await s.client.detect(prior=prior)
                assert mismatch.value.prior is prior
                assert s.client.plant.capabilities is None
                assert s.client.connected
                assert await s.client.detect() is s.client.plant.capabilities
            else:
                found = await s.client.detect(prior=prior)
                assert found.to_dict() == vector["expect"]["capabilities"]

    run()


@warped
async def test_a_hinted_detection_asks_for_what_is_listed_and_nothing_else(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        await s.client.connect()
        prior = await s.client.detect()
        asked: list[Any] = []
        task = asyncio.ensure_future(s.client.capture_frames(lambda d, f: asked.append((d, f)), 30))
        await elapse(0)
        await s.client.detect(prior=PlantCapabilities.from_dict(prior.to_dict()))
        task.cancel()
        sent = {(frame[26], frame[27], int.from_bytes(frame[28:30])) for d, frame in asked if d == "tx"}
        assert sent == {(0x11, 3, 0), (0x32, 4, 60), (0x33, 4, 60), (0x31, 4, 60)}


@warped
async def test_meters_need_not_be_neighbours(site: Open) -> None:
    """Field cases 3 and 4: 0x01 and 0x03 are there, the others answer with zeros."""
    async with site("ems") as s:
        client = await s.detected()
        assert client.plant.capabilities.meter_addresses == (0x01, 0x03)
        assert sorted(client.plant.meters) == [0x01, 0x03]


@warped
async def test_a_pack_that_stays_silent_once_does_not_hide_the_one_behind_it(site: Open) -> None:
    """Field case 5."""
    async with site("hybrid-gen1") as s:
        words = (await s.plant.act("read", device=0x33, base=60, count=60, bank="IR"))["words"]
        await s.plant.act("set", device=0x35, base=60, words=words, bank="IR")
        await s.fault("silent-window", device=0x34, times=1, s=0.4)
        client = await s.detected()
        assert client.plant.capabilities.lv_battery_addresses == (0x32, 0x33, 0x35)


@warped
async def test_nothing_is_asked_where_an_all_in_one_has_nothing(site: Open) -> None:
    """Field case 2."""
    async with site("all-in-one") as s:
        frames: list[bytes] = []
        await s.client.connect()
        task = asyncio.ensure_future(s.client.capture_frames(lambda _, frame: frames.append(frame), 600))
        await elapse(0)
        await s.client.detect()
        await s.client.load_config()
        for _ in range(3):
            await s.client.refresh()
        task.cancel()
        assert 0x32 not in {frame[26] for frame in frames}
        assert s.client.plant.counters(0x11).retry_count == 0


@warped
async def test_the_first_page_of_a_pack_is_not_believed_when_it_is_corrupt(site: Open) -> None:
    """Field case 6."""
    async with site("hybrid-gen1") as s:
        await s.fault("splice", how="cell", times=1, device=0x32)
        client = await s.detected()
        assert client.plant.capabilities.lv_battery_addresses == (0x32, 0x33)
        await client.refresh()
        cells = [getattr(client.plant.batteries[0], f"v_cell_{n:02}") for n in range(1, 17)]
        assert max(cells) - min(cells) < 0.3


@warped
async def test_a_removed_pack_is_found_missing_though_its_page_is_known(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        assert client.plant.capabilities.lv_battery_addresses == (0x32, 0x33)
        await s.plant.act("remove", device=0x33)
        assert (await client.detect()).lv_battery_addresses == (0x32,)


@warped
async def test_a_detection_that_breaks_off_closes_and_leaves_nothing(site: Open) -> None:
    """Field case 30, first half."""
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        detecting = asyncio.ensure_future(client.detect())
        await elapse(1.0)
        s.network.cut()
        with pytest.raises(ConnectionLost):
            await detecting
        assert client.plant.capabilities is None
        assert not client.connected
        with pytest.raises(PlantNotDetected, match="detect"):
            await client.refresh()
        await client.connect()
        assert (await client.detect()).device_type is Model.HYBRID_GEN1


@warped
async def test_a_cancelled_detection_closes_and_leaves_nothing(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        detecting = asyncio.ensure_future(client.detect())
        await elapse(1.0)
        detecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await detecting
        assert client.plant.capabilities is None
        assert not client.connected


@warped
async def test_nobody_who_says_what_it_is_ends_a_detection(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        await s.fault("silent-window", s=60)
        await s.client.connect()
        with pytest.raises(CommunicationError, match="0x11"):
            await s.client.detect()
        assert not s.client.connected


@warped
async def test_a_model_of_no_known_family_is_said_with_its_code(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        await s.plant.act("set", device=0x11, base=0, words=[0x9999])
        await s.client.connect()
        with pytest.raises(CommunicationError, match="9999"):
            await s.client.detect()


@warped
async def test_another_model_is_said_at_once(site: Open) -> None:
    async with site("ac") as s:
        await s.client.connect()
        prior = PlantCapabilities(device_type=Model.ALL_IN_ONE, meter_addresses=(1, 2))
        with pytest.raises(PlantTopologyMismatch, match="device_type") as mismatch:
            await s.client.detect(prior=prior)
        assert mismatch.value.actual.device_type is Model.AC
        assert asyncio.get_running_loop().time() < 1.0
        assert s.client.connected


@warped
async def test_a_cold_detection_of_a_hybrid_is_quick(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        await s.detected()
        assert asyncio.get_running_loop().time() < 8.0


@warped
async def test_a_detection_and_a_poll_never_overlap(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        detecting = asyncio.ensure_future(client.detect())
        await elapse(0.5)
        with pytest.raises(PlantNotDetected):
            await client.refresh()
        await detecting
        polling = [asyncio.ensure_future(client.refresh()) for _ in range(2)]
        await asyncio.gather(*polling)
        assert client.plant.block_age(0x11, Bank.IR, 0, 60) < 5


@warped
async def test_an_executed_read_of_anything_is_answered(site: Open) -> None:
    async with site("hybrid-gen1") as s:
        client = await s.detected()
        (reply,) = await client.execute([ReadRequest(0x11, Bank.HR, 13, 5)])
        assert reply.words == client.plant.cache(0x11).words("HR", 13, 5)
