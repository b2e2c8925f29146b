"""Hoymiles live data beside hoymiles-wifi 0.6.0, which runs in an environment of its own.

Three questions: from bytes to typed values, the processor time of a refresh, and that of the import over asyncio and
protobuf. Both sides get the same frames of many moments, so that nothing can be remembered from the one before, and are
measured in turn, so that whatever else the machine does disturbs both; the best turn of each counts. The peer's work
ends with protobuf's message, whose numbers are raw, ours with values in units; what the message costs here is shown as
well, and as the floor what protobuf's parser alone needs.

Run again with: .venv/bin/python benchmarks hoymiles
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from children import peer_python, serving
from machine import load_words

from ohmstead.families.hoymiles import Client, results, tcp
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import PortData, RealDataNewFromDtu, SinglePhaseData
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame

ROOT: Final = Path(__file__).parents[1]
HOST: Final = "127.0.0.1"
GOALS: Final = {1: "15x", 2: "15x", 10: "5x"}
"""By inverters."""
MOMENTS: Final = 50
ROUNDS: Final = 5
"""Over all moments in a turn."""
DECODING_TURNS: Final = 100
REFRESHING_TURNS: Final = 15
REFRESHES: Final = 100
IMPORTS: Final = 7

Ask = Callable[..., Any]  # Any: what JSON makes of the answer
"""Tells the peer's process a word and its arguments, and returns what it found."""

ANSWERS_AT_ONCE: Final = """
import socket, sys, threading
sys.path[:0] = [sys.argv[1]]
from ohmstead.families.hoymiles.wire import Conversation, Frame
payload = bytes.fromhex(sys.argv[2])
server = socket.create_server(("127.0.0.1", 0)); print(server.getsockname()[1], flush=True)
while True:
    link, _ = server.accept(); talk = Conversation()
    with link:
        while data := link.recv(4096):
            for item in talk.receive(data):
                link.sendall(talk.send(Frame(item.command_id ^ 0x100, item.sequence, payload)))
"""
"""A DTU that answers each request with the same data."""


def main() -> None:
    with peer() as ask, serving(ANSWERS_AT_ONCE, str(ROOT / "src"), payload(2, 0).hex()) as port:
        print(f"{'':36}{'peer':>10}{'ours':>10}{'ratio':>8}{'goal':>7}")
        for inverters, goal in GOALS.items():
            show_decoding(ask, inverters, goal)
        asyncio.run(show_refreshing(ask, port))
        importing_ms = min(ask("import") for _ in range(IMPORTS)), min(import_ms() for _ in range(IMPORTS))
    print(f"{'CPU of the import':36}{importing_ms[0]:7.0f} ms{importing_ms[1]:7.0f} ms{'30 ms':>15}")
    print(load_words())


def show(title: str, peer_us: float, ours_us: float, goal: str = "") -> None:
    print(f"{title:36}{peer_us:7.1f} us{ours_us:7.1f} us{peer_us / ours_us:7.1f}x{goal:>7}")


def show_decoding(ask: Ask, inverters: int, goal: str) -> None:
    payloads = [payload(inverters, moment) for moment in range(MOMENTS)]
    frames = [encode_frame(Frame(0xA211, 1, found)) for found in payloads]
    ask("frames", *(packet.hex() for packet in frames))
    turns = [
        (
            ask("decode", ROUNDS),
            each_us(frames, values),
            each_us(frames, message),
            each_us(payloads, RealDataNewFromDtu.FromString),
        )
        for _ in range(DECODING_TURNS)
    ]
    peer_us, values_us, message_us, floor_us = map(min, zip(*turns, strict=True))
    title = f"{inverters} inverter{'s' if inverters > 1 else ''}"
    show(f"{title}, bytes to values", peer_us, values_us, goal)
    show(f"{title}, bytes to message", peer_us, message_us)
    print(f"{f'{title}, floor':46}{floor_us:7.1f} us")


CONVERSATION: Final = Conversation()
NOW: Final = datetime.now(UTC)


def values(packet: bytes) -> None:
    (found,) = CONVERSATION.receive(packet)
    assert results.live((RealDataNewFromDtu.FromString(found.payload),), NOW).single_phase


def message(packet: bytes) -> None:
    (found,) = CONVERSATION.receive(packet)
    assert RealDataNewFromDtu.FromString(found.payload)


def each_us(given: Sequence[bytes], work: Callable[[bytes], object]) -> float:
    start_s = time.process_time()
    for _ in range(ROUNDS):
        for data in given:
            work(data)
    return (time.process_time() - start_s) / ROUNDS / len(given) * 1e6


def payload(inverters: int, moment: int) -> bytes:
    """A two-port unit as it was recorded, so often; what changes from moment to moment is a little different in each."""
    answer = RealDataNewFromDtu(
        dtu_serial="4143A0112233",
        time=1_718_000_000 + 30 * moment,
        packet_count=1,
        format_version=1,
        dtu_power=inverters * (3120 + moment),
    )
    for number in range(inverters):
        serial = 0x1412A0334455 + number
        answer.single_phase.append(single_phase(serial, moment))
        answer.ports.extend(port(serial, index, moment) for index in (1, 2))
    return answer.SerializeToString()


def single_phase(serial: int, moment: int) -> SinglePhaseData:
    return SinglePhaseData(
        serial=serial,
        format_version=1,
        voltage=2312 + moment % 7,
        frequency=4998 + moment % 3,
        active_power=3120 + moment,
        reactive_power=3,
        current=135 + moment % 5,
        power_factor=999,
        temperature=321 + moment // 9,
        warning_counter=11,
        crc=28864,
        link_status=1,
        power_limit=1000,
        link_quality=0x9D001F + (moment << 16),
    )


def port(serial: int, index: int, moment: int) -> PortData:
    return PortData(
        serial=serial,
        port=index,
        voltage=334 + moment % 4,
        current=492 + moment % 11,
        power=1643 + moment,
        energy_total=294912 + moment,
        energy_today=1183 + moment,
        status_code=0x03090000,
    )


async def show_refreshing(ask: Ask, dtu_port: int) -> None:
    """One request and its answer: on a connection of its own as the peer's, or on one that stays."""
    ask("dtu", HOST, dtu_port)
    dialling, staying = client(dtu_port), client(dtu_port)
    turns = [
        (
            ask("refresh", REFRESHES),
            # One after the other: a DTU has one connection for everybody, and so has this one.
            await refresh_us(dialling, nullcontext()),
            await refresh_us(staying, staying.staying()),
        )
        for _ in range(REFRESHING_TURNS)
    ]
    peer_us, dialling_us, staying_us = map(min, zip(*turns, strict=True))
    show("CPU of a refresh, dialled each time", peer_us, dialling_us)
    show("CPU of a refresh, one that stays", peer_us, staying_us, "6x")


def client(dtu_port: int) -> Client:
    found = Client(tcp(HOST, dtu_port), poll_all=False, is_paced=False)
    found.remind(results.inventory((AppDevInfoFromDtu(packet_count=1),), NOW))
    return found


async def refresh_us(ours: Client, connection: AbstractAsyncContextManager[None]) -> float:
    contact = ours._contact  # noqa: SLF001 - gaps between frames are set aside, as the peer's sleep is
    async with connection:
        contact._connections.gap_s = 0.0  # noqa: SLF001 - as above
        if contact._standing is not None:  # noqa: SLF001 - as above
            contact._standing._pacer.gap_s = 0.0  # noqa: SLF001 - as above
        start_s = time.process_time()
        for _ in range(REFRESHES):
            assert (await ours.live()).single_phase
        return (time.process_time() - start_s) / REFRESHES * 1e6


def import_ms() -> float:
    script = (
        "import time, asyncio, google.protobuf; s = time.process_time();"
        "from ohmstead.families.hoymiles import Client; print((time.process_time() - s) * 1000)"
    )
    # As installed: whoever tells Python to write no bytecode would measure the compiler.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return float(subprocess.check_output([sys.executable, "-c", script], env=surroundings))


@contextmanager
def peer() -> Iterator[Ask]:
    command = [peer_python("hoymiles-wifi"), Path(__file__).with_name("hoymiles_peer.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def ask(*words: object) -> object:
            print(json.dumps(words), file=asks, flush=True)
            return json.loads(answers.readline())

        yield ask
        asks.close()


if __name__ == "__main__":
    main()
