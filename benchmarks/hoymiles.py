"""Hoymiles live data beside hoymiles-wifi 0.6.0, which runs in an environment of its own, in the same run.

Three questions: from bytes to typed values, the processor time of a whole refresh, the cost of the import. The floor is
what protobuf's own parser needs for the same bytes.

Run again with: .venv/bin/python benchmarks hoymiles
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import timeit
import venv
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from ohmstead.families.hoymiles import Client, results, tcp
from ohmstead.families.hoymiles.protos.inventory_pb2 import AppDevInfoFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import PortData, RealDataNewFromDtu, SinglePhaseData
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / ".venvs" / "hoymiles-wifi"
REQUIREMENTS = ("hoymiles-wifi==0.6.0", "protobuf", "crcmod")
HOST = "127.0.0.1"
ROUNDS = 200
GOALS = {"1 inverter": 15.0, "2 inverters": 15.0, "10 inverters": 5.0}


def main() -> None:
    peer = peer_python()
    frames = {
        name: frame(count) for name, count in (("1 inverter", 1), ("2 inverters", 2), ("10 inverters", 10))
    }
    with AnswersAtOnce(payload(2)) as server:
        asked = {
            "frames": {name: packet.hex() for name, packet in frames.items()},
            "host": HOST,
            "port": server.port,
            "rounds": ROUNDS,
        }
        script = Path(__file__).with_name("hoymiles_peer.py")
        theirs = json.loads(subprocess.check_output([peer, script, json.dumps(asked)]))
        dialling_ms = asyncio.run(refreshing_ms(server.port, stays=False))
        staying_ms = asyncio.run(refreshing_ms(server.port, stays=True))
    print(f"{'bytes to typed values':36}{'peer':>10}{'ours':>10}{'ratio':>8}{'goal':>7}{'floor':>10}")
    for name, packet in frames.items():
        ours_us, floor_us, peer_us = decoding_us(packet), parsing_us(packet), theirs["decoding_us"][name]
        print(
            f"{name:36}{peer_us:7.1f} us{ours_us:7.1f} us{peer_us / ours_us:7.1f}x{GOALS[name]:6.0f}x"
            f"{floor_us:7.1f} us"
        )
    peer_ms = theirs["refreshing_ms"]
    for name, ours_ms, goal in (("a connection each", dialling_ms, ""), ("one that stays", staying_ms, "6x")):
        print(
            f"{f'CPU of a refresh, {name}':36}{peer_ms:7.3f} ms{ours_ms:7.3f} ms{peer_ms / ours_ms:7.1f}x{goal:>7}"
        )
    print(
        f"{'import over asyncio+protobuf':36}{theirs['importing_ms']:7.0f} ms{importing_ms():7.0f} ms{'':8}{'30 ms':>7}"
    )


def payload(inverters: int) -> bytes:
    """A two-port unit as it was recorded, so often."""
    answer = RealDataNewFromDtu(
        dtu_serial="4143A0112233", time=1_718_000_000, packet_count=1, format_version=1, dtu_power=3120
    )
    for number in range(inverters):
        serial = 0x1412A0334455 + number
        answer.single_phase.append(
            SinglePhaseData(
                serial=serial,
                format_version=1,
                voltage=2312,
                frequency=4998,
                active_power=3120,
                reactive_power=3,
                current=135,
                power_factor=999,
                temperature=321,
                warning_counter=11,
                crc=28864,
                link_status=1,
                power_limit=1000,
                link_quality=0x9D001F,
            )
        )
        answer.ports.extend(
            PortData(
                serial=serial,
                port=port,
                voltage=334,
                current=492,
                power=1643,
                energy_total=294912,
                energy_today=1183,
                status_code=0x03090000,
            )
            for port in (1, 2)
        )
    return answer.SerializeToString()


def frame(inverters: int) -> bytes:
    return encode_frame(Frame(0xA211, 1, payload(inverters)))


def decoding_us(packet: bytes) -> float:
    now, conversation, parse = datetime.now(UTC), Conversation(), RealDataNewFromDtu.FromString

    def decode() -> None:
        (found,) = conversation.receive(packet)
        assert results.live((parse(found.payload),), now).single_phase

    return min(timeit.repeat(decode, number=500, repeat=100)) / 500 * 1e6


def parsing_us(packet: bytes) -> float:
    payload, parse = packet[10:], RealDataNewFromDtu.FromString
    return min(timeit.repeat(lambda: parse(payload), number=1000, repeat=50)) / 1000 * 1e6


async def refreshing_ms(port: int, *, stays: bool) -> float:
    """One request and its answer: on a connection of its own as the peer's, or on one that stays."""
    client = Client(tcp(HOST, port), poll_all=False, is_paced=False)
    client.remind(results.inventory((AppDevInfoFromDtu(packet_count=1),), datetime.now(UTC)))
    contact = client._contact  # noqa: SLF001 - gaps between frames are set aside, as the peer's sleep is
    best = float("inf")
    async with client.staying() if stays else nullcontext():
        contact._connections.gap_s = 0.0  # noqa: SLF001 - as above
        if contact._standing is not None:  # noqa: SLF001 - as above
            contact._standing._pacer.gap_s = 0.0  # noqa: SLF001 - as above
        for _ in range(5):
            start_s = time.process_time()
            for _ in range(ROUNDS):
                assert (await client.live()).single_phase
            best = min(best, (time.process_time() - start_s) / ROUNDS * 1000)
    return best


def importing_ms() -> float:
    script = (
        "import time, asyncio, google.protobuf; s = time.perf_counter();"
        "from ohmstead.families.hoymiles import Client; print((time.perf_counter() - s) * 1000)"
    )
    # As installed: whoever tells Python to write no bytecode would measure the compiler.
    surroundings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return min(
        float(subprocess.check_output([sys.executable, "-c", script], env=surroundings)) for _ in range(7)
    )


class AnswersAtOnce:
    """A DTU in a process of its own that answers each request with the same data."""

    SCRIPT = """
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

    def __init__(self, answer: bytes) -> None:
        self._command = [sys.executable, "-c", self.SCRIPT, str(ROOT / "src"), answer.hex()]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        return self

    def __exit__(self, *ending: object) -> None:
        self._process.terminate()
        self._process.wait()


def peer_python() -> Path:
    """Its interpreter, with the package installed when it is not there yet."""
    complete = ENVIRONMENT / ".complete"
    if not complete.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        install = [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS]
        subprocess.run(install, check=True)
        complete.touch()
    return ENVIRONMENT / "bin" / "python"


if __name__ == "__main__":
    main()
