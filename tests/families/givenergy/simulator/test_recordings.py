"""A plant that starts from a file answers what was recorded, byte for byte, and is the same plant."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.givenergy import simulator
from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.compact import to_compact
from ohmstead.families.givenergy.simulator import PROFILES
from ohmstead.families.givenergy.simulator.loading import plant_from, ready_plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ReadReply, ReadRequest
from ohmstead.model import ConfigError
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
Block = tuple[int, Bank, int, int]
CAPTURES = (
    "aio",
    "ac_coupled",
    "ems",
    "gateway",
    "hybrid_gen1",
    "hybrid_gen2",
    "hybrid_hv_gen3",
    "hybrid_3ph",
)


def capture_of(vectors: dict[str, Any], source: str) -> dict[str, Any]:
    found: dict[str, Any] = next(c for c in vectors["captures"] if c["source"] == source)
    return found


def last_frames(capture: dict[str, Any]) -> dict[Block, bytes]:
    """Of each block, the last good reply, as bytes."""
    stream = b"".join(bytes.fromhex(line[2]) for line in capture["lines"] if line[1] == "rx")
    conversation = Conversation()
    found: dict[Block, bytes] = {}
    for message in conversation.receive(stream):
        if isinstance(message, ReadReply):
            key = (message.device, message.bank, message.base, message.count)
            found.pop(key, None)
            found[key] = conversation.send(message)
    return found


def is_overwritten(read: list[Block], block: Block) -> bool:
    """Whether a part of it was read again later, in another block."""
    device, bank, base, count = block
    return any(
        other[:2] == (device, bank) and other[2] < base + count and base < other[2] + other[3]
        for other in read[read.index(block) + 1 :]
    )


@pytest.mark.parametrize("source", CAPTURES)
@warped
async def test_a_capture_is_answered_byte_for_byte(
    bench: Open, vectors: dict[str, Any], tmp_path: Path, source: str
) -> None:
    capture = capture_of(vectors, source)
    file = tmp_path / "capture.json"
    file.write_text(json.dumps(capture))
    frames = last_frames(capture)
    checked = 0
    async with bench(capture=file) as b, b.ear() as ear:
        for (device, bank, base, count), frame in frames.items():
            if is_overwritten(list(frames), (device, bank, base, count)):
                continue
            before = len(ear.heard)
            await ear.ask(ReadRequest(device, bank, base, count))
            assert ear.heard[before:] == frame, (hex(device), bank, base, count)
            checked += 1
    assert checked >= 9


@pytest.mark.parametrize("source", CAPTURES)
def test_lines_of_text_load_like_the_capture_itself(
    vectors: dict[str, Any], tmp_path: Path, source: str
) -> None:
    capture = capture_of(vectors, source)
    as_json, as_lines = tmp_path / "capture.json", tmp_path / "capture.txt"
    as_json.write_text(json.dumps(capture))
    as_lines.write_text(
        "".join(f"2026-06-21T08:00:00+00:00 {line[1]} {line[2]}\n" for line in capture["lines"])
    )
    one, two = plant_from(as_json), plant_from(as_lines)
    assert blocks(one) == blocks(two)
    assert one.profile is two.profile
    assert one.adapter_serial == two.adapter_serial


def blocks(plant: Any) -> Any:
    return {device: tuple(plant.store.blocks(device)) for device in plant.store.devices}


@pytest.mark.parametrize("slug", PROFILES)
def test_a_plant_survives_a_compact_dump_and_a_json_document(tmp_path: Path, slug: str) -> None:
    plant = ready_plant(slug)
    caches = {}
    for device in plant.store.devices:
        caches[device] = RegisterCache()
        for bank, base, words in plant.store.blocks(device):
            caches[device].store(bank, base, words)
    compact, document = tmp_path / "dump.txt", tmp_path / "dump.json"
    compact.write_text("# a plant\n" + to_compact(caches))
    document.write_text(json.dumps({f"0x{d:02x}": json.loads(c.json()) for d, c in caches.items()}))
    for path in (compact, document):
        again = plant_from(path)
        assert blocks(again) == blocks(plant)
        assert again.profile is plant.profile
        assert again.serial == plant.serial
        assert again.model is plant.model


def test_the_cache_of_one_device_is_that_of_the_inverter(tmp_path: Path) -> None:
    file = tmp_path / "cache.json"
    file.write_text(json.dumps({"HR(0)": 0x3001, "HR(21)": 282, "IR(5)": 2400}))
    plant = plant_from(file)
    assert plant.store.devices == (0x11,)
    assert plant.profile.slug == "ac"
    assert plant.words(0x11, Bank.IR, 5, 1) == (2400,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "holds no registers"),
        ("{", "is no JSON"),
        ("[1]", "no object"),
        ("hello\n", "holds no registers"),
    ],
)
def test_a_file_that_is_nothing_of_all_that_is_refused(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "something"
    file.write_text(content)
    with pytest.raises(ConfigError, match=message):
        plant_from(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        plant_from(tmp_path / "nowhere")


@pytest.mark.parametrize("slug", PROFILES)
def test_what_is_not_in_the_capture_is_said_in_the_plants_file(slug: str) -> None:
    text = (Path(simulator.__file__).parent / "plants" / f"{slug}.txt").read_text()
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert comments[1].startswith("# Contents: the end state of a capture")
    assert len([line for line in text.splitlines() if line.startswith("0x")]) > 8


@warped
async def test_a_recorded_plant_lies_still_and_takes_writes(bench: Open, tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    file.write_text("0x11:HR(0,3) 200100030832\n0x11:HR(110,1) 0004\n0x11:IR(0,2) 00010ea2\n")
    async with bench(capture=file) as b, b.ear() as ear:
        await b.live(3600)
        assert await ear.read(0x11, "IR", 0, 2) == (1, 0x0EA2)
        await ear.write(110, 42)
        assert await ear.register(110, bank="HR") == 42
