"""A day of a plant on which everything goes wrong now and then, with canaries planted where serials and addresses stand.

The plant lies still, so that every value that ever differs from the first is wrong. `SOAK=1` is the whole day.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from random import Random
from typing import Any, Final

import msgspec
import pytest

from ohmstead.families.givenergy import Client, commands, to_compact
from ohmstead.families.givenergy.simulator import KINDS
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.model import DeviceError
from ohmstead.testing import elapse, run

pytestmark = pytest.mark.soak

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench

DAY_S: Final = 86_400.0
INTERVAL_S: Final = 15.0
POLLED: Final = ((0x11, "IR", 0), (0x11, "IR", 180), (0x32, "IR", 60), (0x33, "IR", 60))
NOW_AND_THEN: Final = {
    "silent-window": {"chance": 0.0006},
    "slow": {"chance": 0.01, "s": 1.2},
    "drop-client": {"chance": 0.001},
    "reset-client": {"chance": 0.001},
    "half-open": {"chance": 0.0002},
    "split": {"chance": 0.05},
    "glue": {"chance": 0.05},
    "byte-noise": {"chance": 0.003},
    "bad-crc": {"chance": 0.003},
    "zero-tail": {"chance": 0.003},
    "zero-page": {"chance": 0.002},
    "substituted-page": {"chance": 0.2},
    "stale-replay": {"chance": 0.0005},
    "splice": {"chance": 0.002},
    "wrong-device": {"chance": 0.005},
    "wrong-serial": {"chance": 0.002},
    "null-message": {"chance": 0.01},
    "lan-broadcast": {"chance": 0.01},
    "error-burst": {"chance": 0.002},
    "lost-ack": {"chance": 0.1},
    "late-ack": {"chance": 0.1},
    "foreign-echo": {"chance": 0.1},
    "ignored-write": {"chance": 0.1},
    "late-write": {"chance": 0.1},
    "busy": {"chance": 0.1},
    "heartbeat-off": {"chance": 0.1},
    "heartbeat-type": {"chance": 0.1, "value": 0x20},
    "reboot": {"chance": 0.00005},
    "topology-change": {"chance": 0.0002, "device": "0x33"},
}
CANARIES: Final = {"adapter": "WF9137G864", "inverter": "SA9731H592", "pack": "BG9371J428"}
LAN: Final = "198.51.100.237,255.255.255.0,198.51.100.1"


def test_the_soak_switches_every_fault_on() -> None:
    assert set(NOW_AND_THEN) == set(KINDS)


def secrets() -> list[str]:
    """What tells one unit from another: whole, and in every run of six that touches its number."""
    runs = [serial[at : at + 6] for serial in CANARIES.values() for at in (2, 3, 4)]
    return [*CANARIES.values(), *runs, "198.51.100.237"]


class Diary:
    """What is asked of the day when it is over."""

    def __init__(self) -> None:
        self.polls = 0
        self.good = 0
        self.wrong: list[str] = []
        self.longest_gap_s = 0.0
        self.sink: Callable[[str, bytes], object] = lambda _direction, _frame: None
        self.exports: list[str] = []
        self.unhandled: list[str] = []
        self.grown_bytes = 0
        self.happened: dict[str, int] = {}


@pytest.mark.parametrize("seed", [1])
def test_a_day_of_every_fault_tells_no_wrong_value_and_no_secret(
    bench: Open, soak: float, tmp_path: Path, seed: int
) -> None:
    plant, log, frames = tmp_path / "plant.json", tmp_path / "log", tmp_path / "frames"
    plant.write_text(json.dumps(capture()))
    diary = Diary()
    with logged_to(log), frames.open("wb") as file:
        diary.sink = lambda _, frame: file.write(frame)
        run(day(bench, diary, plant, DAY_S * soak, seed), longest_processor_s=1800.0)
    assert diary.wrong == []
    assert diary.unhandled == []
    assert diary.good > 0.8 * diary.polls
    assert diary.longest_gap_s < 240.0
    assert diary.grown_bytes < 500_000
    told = "\n".join([log.read_text(), *diary.exports]).upper()
    assert "ERROR" not in told
    assert diary.polls > 40 * soak
    shown = frames.read_bytes().decode("latin-1").upper()
    assert shown.count("YY\0\1") > diary.polls
    for secret in secrets():
        assert secret not in told, f"{secret} was told"
        assert secret not in shown, f"{secret} stands in the capture"
    if soak >= 1.0:
        assert set(diary.happened) == set(KINDS)


@contextmanager
def logged_to(file: Path) -> Iterator[None]:
    """Everything the project says, in a file and nowhere else: kept in memory it would look like a leak."""
    logger, handler = logging.getLogger("ohmstead"), logging.FileHandler(file)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)
        handler.close()


def capture() -> dict[str, Any]:
    data = Path(__file__).parent.parent / "data" / "vectors.json"
    captures = msgspec.json.decode(data.read_bytes())["captures"]
    found: dict[str, Any] = next(c for c in captures if c["source"] == "hybrid_gen1")
    return found


async def day(bench: Open, diary: Diary, plant: Path, lasts_s: float, seed: int) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: diary.unhandled.append(str(context["message"])))
    async with bench(capture=plant, seed=seed, latency="fixed") as b:
        await plant_canaries(b)
        dial = b.network.dial("adapter", 8899)
        client = Client("adapter", 8899, clock=b.world.clock, dial=dial, random=Random(seed))
        async with client:
            await client.detect()
            await client.load_config()
            await client.refresh()
            assert client.plant.inverter_serial == CANARIES["inverter"]
            assert client.plant.batteries[0].serial_number == CANARIES["pack"]
            recording = loop.create_task(client.capture_frames(diary.sink, duration=lasts_s))
            for name, parameters in NOW_AND_THEN.items():
                await b.fault(name, **parameters)
            await live_through(b, client, diary, lasts_s)
            recording.cancel()
            diary.happened = b.plant.state()["faults"]
            diary.exports = [to_compact(client.plant.redact().register_caches), repr(client.plant)]


async def plant_canaries(b: Any) -> None:
    await b.plant.act("identify", adapter=CANARIES["adapter"], inverter=CANARIES["inverter"], lan=LAN)
    words = [int.from_bytes(CANARIES["pack"][at : at + 2].encode()) for at in range(0, 10, 2)]
    await b.plant.act("set", device=0x32, bank="IR", base=110, words=words)


async def live_through(b: Any, client: Client, diary: Diary, lasts_s: float) -> None:
    loop = asyncio.get_running_loop()
    truth = known(client)
    began_s = last_good_s = loop.time()
    started_bytes = None
    while (now_s := loop.time()) - began_s < lasts_s:
        diary.polls += 1
        await b.plant.bus.ask_for_cloud(ReadRequest(0x32, Bank.IR, 0, 60))
        if await poll(client):
            diary.good += 1
            last_good_s = loop.time()
        diary.longest_gap_s = max(diary.longest_gap_s, loop.time() - last_good_s)
        diary.wrong += [
            f"{place} at {now_s:.0f} s" for place, words in known(client).items() if words != truth[place]
        ]
        if diary.polls % 40 == 0:
            await write(client, diary.polls)
            if not b.plant.plant.store.has(0x33):
                await b.plant.act("restore", device=0x33)
        if started_bytes is None and now_s - began_s > lasts_s / 4:
            tracemalloc.start()
            started_bytes = memory_bytes()
        await elapse(max(0.0, now_s + INTERVAL_S - loop.time()))
    diary.grown_bytes = memory_bytes() - (started_bytes or 0)
    tracemalloc.stop()


def memory_bytes() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def known(client: Client) -> dict[tuple[int, str, int], tuple[int, ...] | None]:
    return {
        (device, bank, base): client.plant.register_caches[device].words(bank, base, 60)
        for device, bank, base in POLLED
    }


async def poll(client: Client) -> bool:
    try:
        if not client.connected:
            await client.connect()
        await client.refresh()
    except DeviceError:
        if not await client.probe_alive():
            await client.close()
        return False
    return True


async def write(client: Client, number: int) -> None:
    try:
        await client.one_shot_command(commands.set_battery_soc_reserve(4 + number % 50))
    except DeviceError:
        return
