"""GivEnergy beside `givenergy-modbus` 2.13.0, which runs in an environment of its own.

Five questions: frames, dicts, attributes, restarts, imports. Both sides get the same bytes and registers, made from the
captures of the tests: pages that differ from each other, so that nothing can be remembered from the one before. Restarts
are those of a simulated Gen 1 in a process of its own. A whole poll is the question of `givenergy_poll`, a client's CPU
that of `givenergy_refresh`.

Run again with: .venv/bin/python benchmarks givenergy
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import msgspec
from children import importing_ms, peer_python

from ohmstead.families.givenergy import RegisterCache, SinglePhaseInverter
from ohmstead.families.givenergy.config import GivEnergyConfig
from ohmstead.families.givenergy.device import connect
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import Battery
from ohmstead.families.givenergy.wire import Conversation, ReadReply, encode_frame
from ohmstead.kit.registry import LocalServices
from ohmstead.kit.wire import crc16_modbus

ROOT: Final = Path(__file__).parents[1]
VECTORS: Final = ROOT / "tests/families/givenergy/data/vectors.json"
PEER: Final = "givenergy-modbus"
OHMSTEAD: Final = str(Path(sys.executable).with_name("ohmstead"))
ROUNDS: Final = 5
PAGES: Final = 200
INVERTER, PACK = 0x11, 0x32
OUR_IMPORT: Final = "from ohmstead.families.givenergy import Client, commands, TimeSlot, Model, Plant"
THEIR_IMPORT: Final = (
    "from givenergy_modbus.client.client import Client; from givenergy_modbus.client import commands;"
    "from givenergy_modbus.model import TimeSlot; from givenergy_modbus.model.plant import Plant"
)


class Material(msgspec.Struct, frozen=True):
    """Moments of one plant, each a little different."""

    inverters: Sequence[RegisterCache]
    packs: Sequence[RegisterCache]
    frames: Sequence[bytes]


def main() -> None:
    logging.disable(logging.CRITICAL)
    material = made()
    ours = {
        "frame": frame_us(material.frames),
        "dict": dict_us(material),
        "attribute": attribute_us(material.inverters),
    }
    floors = {"frame": frame_floor_us(material.frames), "dict": dict_floor_us(material)}
    with plant("fixed") as slow:
        restarts = asyncio.run(restarts_s(slow))
        theirs = peer(material, slow["port"])
    show(ours, theirs, floors)
    show_restart(restarts, *theirs["restart"])
    show_imports()


def show(ours: Mapping[str, float], theirs: Mapping[str, Any], floors: Mapping[str, float]) -> None:
    rows = (
        ("frame", "P1 a frame, checked", "20x"),
        ("dict", "P2 inverter and pack to dict", "8x"),
        ("attribute", "one attribute of new pages", "under 5 us"),
    )
    print(f"{'':32}{'ours':>11}{'peer':>11}{'ratio':>8}{'floor':>11}  goal")
    for key, title, goal in rows:
        show_row(title, ours[key], theirs[key], floors.get(key), goal)


def show_row(title: str, ours_us: float, peer_us: float, floor_us: float | None, goal: str) -> None:
    print(
        f"{title:32}{ours_us:8.2f} us{peer_us:8.1f} us{peer_us / ours_us:7.1f}x"
        + (f"{floor_us:8.2f} us" if floor_us else f"{'–':>11}")
        + f"  {goal}"
    )


def show_restart(ours: Mapping[str, float], peer_cold_s: float, peer_hinted_s: float) -> None:
    print(
        f"P7 first live reading after a restart: {ours['warm']:.2f} s in {ours['requests']:.0f} request"
        f" (nothing remembered: {ours['cold']:.1f} s); peer {peer_hinted_s:.1f} s with its memory,"
        f" {peer_hinted_s / ours['warm']:.0f}x, {peer_cold_s:.1f} s without; goal one request, 10x"
    )


def show_imports() -> None:
    ours_ms = importing_ms(OUR_IMPORT)
    theirs_ms = importing_ms(THEIR_IMPORT, python=peer_python(PEER))
    print(
        f"import: {ours_ms:.0f} ms; peer {theirs_ms:.0f} ms, ours is {ours_ms / theirs_ms:.0%} of it;"
        " goal at most a third"
    )


# --- material ---


def made() -> Material:
    """From the capture of a hybrid: what it and its first pack had said at the end, and then went on to say."""
    captures = json.loads(VECTORS.read_text(encoding="utf-8"))["captures"]
    lines = next(found["lines"] for found in captures if found["source"] == "hybrid_gen1")
    known: dict[int, RegisterCache] = {}
    conversation = Conversation()
    for _, direction, text in lines:
        for message in conversation.receive(bytes.fromhex(text)) if direction == "rx" else ():
            if isinstance(message, ReadReply):
                known.setdefault(message.device, RegisterCache()).store(
                    message.bank, message.base, message.words
                )
    inverters = [moment(known[INVERTER], number, (5, 24, 30, 42, 52)) for number in range(PAGES)]
    packs = [moment(known[PACK], number, (60, 61, 80, 87, 100)) for number in range(PAGES)]
    frames = [page(cache, INVERTER, 0) for cache in inverters] + [page(cache, PACK, 60) for cache in packs]
    return Material(inverters, packs, frames)


def moment(cache: RegisterCache, number: int, moving: Sequence[int]) -> RegisterCache:
    """A copy in which every page is new and some registers have moved on."""
    again = cache.copy()
    for register in moving:
        again.store(Bank.IR, register, (((again.raw(Bank.IR, register) or 0) + number) % 0x8000,))
    return again


def page(cache: RegisterCache, device: int, base: int) -> bytes:
    words = tuple(cache.raw(Bank.IR, base + offset) or 0 for offset in range(60))
    return encode_frame(ReadReply(device, Bank.IR, base, words, "SA2114G000", "WF2125G000"))


# --- ours ---


def best_us(operation: Callable[[], object], count: int) -> float:
    best_s = float("inf")
    for _ in range(ROUNDS):
        began_s = time.process_time()
        operation()
        best_s = min(best_s, time.process_time() - began_s)
    return best_s / count * 1e6


def frame_us(frames: Sequence[bytes]) -> float:
    def decode() -> None:
        conversation = Conversation()
        for frame in frames:
            conversation.receive(frame)

    return best_us(decode, len(frames))


def frame_floor_us(frames: Sequence[bytes]) -> float:
    """The CRC and one unpack of the words."""
    words = struct.Struct(">60H")

    def check() -> None:
        for frame in frames:
            crc16_modbus(frame[26:-2])
            words.unpack_from(frame, 42)

    return best_us(check, len(frames))


def dict_us(material: Material) -> float:
    """Fresh copies each round: a page that was decoded once keeps what came of it."""
    best = float("inf")
    for _ in range(ROUNDS):
        inverters = [cache.copy().pages() for cache in material.inverters]
        packs = [cache.copy().pages() for cache in material.packs]
        began_s = time.process_time()
        for inverter, pack in zip(inverters, packs, strict=True):
            SinglePhaseInverter(inverter).model_dump()
            Battery(pack).model_dump()
        best = min(best, time.process_time() - began_s)
    return best / len(material.inverters) * 1e6


def dict_floor_us(material: Material) -> float:
    """Building dicts of as many entries."""
    inverter = SinglePhaseInverter(material.inverters[0].pages()).model_dump()
    pack = Battery(material.packs[0].pages()).model_dump()
    pairs = [(tuple(found), tuple(found.values())) for found in (inverter, pack)]

    def build() -> None:
        for _ in range(PAGES):
            for names, values in pairs:
                dict(zip(names, values, strict=True))

    return best_us(build, PAGES)


def attribute_us(inverters: Sequence[RegisterCache]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        views = [SinglePhaseInverter(cache.copy().pages()) for cache in inverters]
        began_s = time.process_time()
        for view in views:
            _ = view.p_battery
        best = min(best, time.process_time() - began_s)
    return best / len(inverters) * 1e6


async def restarts_s(slow: Mapping[str, int]) -> dict[str, float]:
    """To the first live reading of the source, with nothing remembered and then with what it remembered itself."""
    config = GivEnergyConfig(url=f"givenergy://127.0.0.1:{slow['port']}", name="bench")
    services = LocalServices()
    took_s = []
    asked = 0
    for _ in range(2):
        before = requests(slow["control"])
        began_s = time.perf_counter()
        async with connect(config, services) as source:
            await source.read()
            took_s.append(time.perf_counter() - began_s)
            asked = requests(slow["control"]) - before
    return {"cold": took_s[0], "warm": took_s[1], "requests": float(asked)}


def requests(control: int) -> int:
    """How many the plant has answered."""
    with urlopen(f"http://127.0.0.1:{control}/state") as response:
        return sum(json.load(response)["replies"].values())


# --- processes ---


@contextmanager
def plant(latency: str) -> Iterator[dict[str, int]]:
    """A simulated Gen 1 with two packs, without a cloud."""
    command = [OHMSTEAD, "simulate", "givenergy", "--model", "hybrid-gen1", "--control", "0"]
    command += ["--latency", latency, "--cloud", "off", "--at", "2026-06-21T10:00:00Z"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def peer(material: Material, slow_port: int) -> dict[str, Any]:
    asked = {
        "frames": [frame.hex() for frame in material.frames],
        "inverters": [cache.json() for cache in material.inverters],
        "packs": [cache.json() for cache in material.packs],
        "rounds": ROUNDS,
        "slow_port": slow_port,
    }
    command = [peer_python(PEER), Path(__file__).with_name("givenergy_client_peer.py")]
    answer = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


if __name__ == "__main__":
    main()
