"""What a refresh costs a GivEnergy client of the processor, beside `givenergy-modbus` 2.13.0.

Both clients refresh the same simulated hybrid with two packs, each its own in a process of its own, because an adapter
shows every reply to all; so does a bare stream with the same requests and replies, which is mostly the kernel's part.
Rounds are run in turn, and their medians printed. Without a gap between requests the client's own work is seen; with
one, the processor falls asleep in between, and its waking up costs every client the same. The published client runs in
an environment of its own.

Run again with: .venv/bin/python benchmarks givenergy_refresh
"""

from __future__ import annotations

import asyncio
import logging
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import msgspec
from children import peer_python
from givenergy import INVERTER, PACK, PEER, plant, show_row

from ohmstead.families.givenergy import Client
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest, encode_frame

REFRESHES: Final = 40
ROUNDS: Final = 9
GAPS_S: Final = (0.0, 0.005)
REPLY_BYTES: Final = 164

Say = Callable[[str], str]
"""Tells the published client's process something, and returns its answer."""


class Refresh(msgspec.Struct, frozen=True):
    """CPU time of a refresh: medians of rounds that all sides run in turn."""

    ours_us: float
    bare_us: float
    """The same requests and replies over a bare stream: mostly the kernel's."""
    theirs_us: float


def main() -> None:
    logging.disable(logging.CRITICAL)
    print(f"{'':32}{'ours':>11}{'peer':>11}{'ratio':>8}{'floor':>11}  goal")
    with plant("none") as ours, plant("none") as theirs, plant("none") as bare, peer(theirs["port"]) as say:
        for gap_s in GAPS_S:
            show(gap_s, asyncio.run(refresh(ours["port"], bare["port"], gap_s, say)))


def show(gap_s: float, found: Refresh) -> None:
    goal = "none: waking up is most of it" if gap_s else "6x"
    title = f"P6 a refresh, gaps of {gap_s * 1000:.0f} ms"
    show_row(title, found.ours_us, found.theirs_us, found.bare_us, goal)
    above = (found.theirs_us - found.bare_us) / max(found.ours_us - found.bare_us, 1.0)
    print(f"{'':32}above the bare exchange (the floor): {above:.1f}x less")


async def refresh(port: int, bare_port: int, gap_s: float, say: Say) -> Refresh:
    """Each round of ours is followed by one of the bare exchange and one of the peer."""
    async with Client("127.0.0.1", port, tx_message_wait=gap_s, tx_jitter=0.0) as client:
        await client.detect()
        await client.load_config()
        say(f"open {gap_s}")
        found = []
        for _ in range(1 + ROUNDS):
            ours_us = await refresh_us(client)
            found.append((ours_us, await bare_us(bare_port, gap_s), float(say(f"refresh {REFRESHES}"))))
        say("close")
    return Refresh(*map(median, zip(*found[1:], strict=True)))


async def refresh_us(client: Client) -> float:
    began_s = time.process_time()
    for _ in range(REFRESHES):
        found = await client.refresh()
        _ = found.inverter.p_battery, [pack.soc for pack in found.batteries]
    return (time.process_time() - began_s) / REFRESHES * 1e6


async def bare_us(port: int, gap_s: float) -> float:
    asks = [(INVERTER, 0), (INVERTER, 180), (PACK, 60), (PACK + 1, 60)]
    frames = [encode_frame(ReadRequest(device, Bank.IR, base, 60)) for device, base in asks]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began_s = time.process_time()
    for _ in range(REFRESHES):
        for frame in frames:
            writer.write(frame)
            await reader.readexactly(REPLY_BYTES)
            await asyncio.sleep(gap_s)
    used_s = time.process_time() - began_s
    writer.close()
    return used_s / REFRESHES * 1e6


@contextmanager
def peer(port: int) -> Iterator[Say]:
    command = [peer_python(PEER), Path(__file__).with_name("givenergy_refresh_peer.py"), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def say(line: str) -> str:
            print(line, file=asks, flush=True)
            return answers.readline()

        yield say
        asks.close()


if __name__ == "__main__":
    main()
