"""Our own client finds in each plant what the plant is."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.givenergy import Client, PlantCapabilities, PlantTopologyMismatch
from ohmstead.families.givenergy.simulator import PROFILES
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
DATA = Path(__file__).parent.parent / "data"
VECTORS: dict[str, Any] = msgspec.json.decode((DATA / "vectors.json").read_bytes())
SLUGS = {
    "aio": "all-in-one",
    "ac_coupled": "ac",
    "ems": "ems",
    "gateway": "gateway",
    "hybrid_gen1": "hybrid-gen1",
    "hybrid_gen2": "hybrid-gen2",
    "hybrid_3ph": "hybrid-3ph",
    "hybrid_hv_gen3": "hybrid-hv-gen3",
}


@asynccontextmanager
async def client_of(b: Any) -> AsyncIterator[Client]:
    client = Client("adapter", 8899, clock=b.world.clock, dial=b.network.dial("adapter", 8899))
    async with client:
        yield client


@pytest.mark.parametrize("case", VECTORS["detection"], ids=lambda case: case["source"])
@warped
async def test_each_ready_plant_is_detected_as_what_it_is(bench: Open, case: dict[str, Any]) -> None:
    async with bench(SLUGS[case["source"]], cloud="on", latency="fixed") as b, client_of(b) as client:
        found = await client.detect()
        assert found.to_dict() == case["expect"]


@pytest.mark.parametrize("case", VECTORS["detection"], ids=lambda case: case["source"])
@warped
async def test_each_capture_is_detected_as_what_it_was(
    bench: Open, tmp_path: Path, case: dict[str, Any]
) -> None:
    async with recorded(bench, tmp_path, case["source"]) as b, client_of(b) as client:
        if "supplement" in case:
            for device, registers in case["supplement"].items():
                await supplement(b, int(device, 0), registers)
        found = await client.detect()
        assert found.to_dict() == case["expect"]


def recorded(bench: Open, tmp_path: Path, source: str) -> AbstractAsyncContextManager[Any]:
    file = tmp_path / "capture.json"
    file.write_text(json.dumps(next(c for c in VECTORS["captures"] if c["source"] == source)))
    return bench(SLUGS[source], capture=file)


async def supplement(b: Any, device: int, registers: dict[str, int]) -> None:
    """The registers of a case, all others of their two blocks zero."""
    base, bank = (0, "HR") if device == 0x11 else (60, "IR")
    words = [0] * 60
    for name, word in registers.items():
        words[int(name[3:-1]) - base] = word
    await b.plant.act("set", device=device, bank=bank, base=base, words=words)


@pytest.mark.parametrize("case", VECTORS["hinted_detection"], ids=lambda case: case["source"])
@warped
async def test_a_remembered_topology_is_confirmed_or_contradicted(
    bench: Open, tmp_path: Path, case: dict[str, Any]
) -> None:
    async with recorded(bench, tmp_path, case["plant"]) as b, client_of(b) as client:
        prior = PlantCapabilities.from_dict(case["prior"])
        if "error" in case["expect"]:
            with pytest.raises(PlantTopologyMismatch):
                await client.detect(prior=prior)
        else:
            assert (await client.detect(prior=prior)).to_dict() == case["expect"]["capabilities"]


@pytest.mark.parametrize("slug", PROFILES)
@warped
async def test_every_plant_is_loaded_and_refreshed_without_a_failed_read(bench: Open, slug: str) -> None:
    async with bench(slug, cloud="on", latency="fixed") as b, client_of(b) as client:
        await client.detect()
        await client.load_config()
        for _ in range(3):
            await client.refresh()
            await b.live(15)
        assert client.plant.inverter.serial_number == b.plant.plant.serial
        assert b.plant.state()["lost_requests"] == 0


@warped
async def test_three_clients_and_the_cloud_share_a_plant_without_a_failed_read(bench: Open) -> None:
    async with (
        bench("hybrid-gen1", cloud="on", latency="fixed") as b,
        client_of(b) as one,
        client_of(b) as two,
        client_of(b) as three,
    ):
        clients = (one, two, three)
        for client in clients:
            await client.detect()
        for _ in range(20):
            for client in clients:
                await client.load_config()
                await client.refresh()
            await b.live(5)
