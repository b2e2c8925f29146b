"""EVerest's interface beside a plain program of `websockets` and `json` in an environment of its own, in the same run.

Two questions: the processor time of one call at its asking end, typed values and all; and that of telling one of many
clients something, while one of them never reads.

Run again with: .venv/bin/python benchmarks everest
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import venv
from pathlib import Path

import msgspec

from ohmstead.families.everest import ChargePoint, Evse, rpc_server
from ohmstead.families.everest.client.line import Greeting, Line
from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import ChargeProtocolEnum, EVSEStateEnum
from ohmstead.families.everest.schema.objects import EVSEInfoObj, HardwareCapabilitiesObj
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.kit.link.messages import Message
from ohmstead.kit.link.websocket import websocket
from ohmstead.model import RealClock

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / ".venvs" / "websockets"
REQUIREMENTS = ("websockets==15.0.1",)
SCRIPT = Path(__file__).with_name("everest_peer.py")
ROUNDS = 1000
CLIENTS = 200
TOLD = 200
PACE_S = 0.02


def main() -> None:
    peer = peer_python()
    status = json.dumps(
        msgspec.to_builtins(results.EVSEGetStatusResObj(status=evse_status(), error="NoError"))
    )
    with child(peer, "serve", status) as server:
        url = f"ws://127.0.0.1:{port_of(server)}"
        theirs_us = float(subprocess.check_output([peer, SCRIPT, "call", url, str(ROUNDS)]))
        ours_us = asyncio.run(calling_us(url))
    print(f"{'':40}{'peer':>12}{'ours':>12}{'ratio':>8}{'goal':>7}")
    print(
        f"{'CPU of a call and its typed answer':40}{theirs_us:9.1f} us{ours_us:9.1f} us{theirs_us / ours_us:7.1f}x{'1.5x':>7}"
    )
    frame = notification()
    theirs_us, ours_us = broadcast_us(peer, frame), asyncio.run(telling_us(peer))
    name = f"CPU of news for one of {CLIENTS} clients"
    print(f"{name:40}{theirs_us:9.2f} us{ours_us:9.2f} us{theirs_us / ours_us:7.1f}x")
    rates = (1e6 / theirs_us / 1000, 1e6 / ours_us / 1000)
    print(
        f"{f'frames of {len(frame)} B per core-second':40}{rates[0]:10.0f} k{rates[1]:10.0f} k{'':8}{'100 k':>7}"
    )


def charge_point() -> tuple[ChargePoint, Evse]:
    class Nobody:
        async def pause(self) -> bool:
            return False

        async def resume(self) -> bool:
            return False

        async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:  # noqa: FBT001 - the protocol's
            return False

    point = ChargePoint()
    evse = point.add(1, Nobody())
    evse.info = EVSEInfoObj(
        index=1,
        id="DE*EXA*E1",
        available_connectors=(),
        supported_energy_transfer_modes=("AC_three_phase_core",),
    )
    evse.hardware_reported(
        HardwareCapabilitiesObj(
            max_current_A_export=0.0,
            max_current_A_import=32.0,
            max_phase_count_export=3,
            max_phase_count_import=3,
            min_current_A_export=0.0,
            min_current_A_import=6.0,
            min_phase_count_export=1,
            min_phase_count_import=1,
            phase_switch_during_charging=False,
        )
    )
    evse.mains_reported(voltage_v=230.0, frequency_hz=50.0)
    evse.limits_enforced(16.0, 3)
    evse.change(charge_protocol=ChargeProtocolEnum.IEC61851, state=EVSEStateEnum.CHARGING)
    return point, evse


def evse_status() -> object:
    status = charge_point()[1].status
    assert status is not None
    return status


def notification() -> str:
    params = {"evse_index": 1, "evse_status": msgspec.to_builtins(evse_status())}
    return json.dumps(
        {"jsonrpc": "2.0", "method": "EVSE.StatusChanged", "params": params}, separators=(",", ":")
    )


async def calling_us(url: str) -> float:
    line = Line(Greeting(), lambda: None)
    async with websocket(url)() as link:
        session = Session(link, Additions(), line.mirror.announced)
        await session.call("API.Hello", None, results.HelloResObj, within_s=3.0)
        best_s = float("inf")
        for _ in range(5):
            start_s = time.process_time()
            for _ in range(ROUNDS):
                answer = await session.call(
                    methods.GET_STATUS.name, {"evse_index": 1}, results.EVSEGetStatusResObj, within_s=3.0
                )
                assert answer.status.state is EVSEStateEnum.CHARGING
            best_s = min(best_s, time.process_time() - start_s)
    return best_s / ROUNDS * 1e6


def broadcast_us(peer: Path, frame: str) -> float:
    with child(peer, "broadcast", str(CLIENTS), str(TOLD), frame) as server:
        url = f"ws://127.0.0.1:{port_of(server)}"
        with child(peer, "read", url, str(CLIENTS), str(TOLD)) as readers:
            assert server.stdout is not None
            assert readers.stdout is not None
            took_us = float(server.stdout.readline())
            readers.stdout.readline()
    return took_us


async def telling_us(peer: Path) -> float:
    """With one client more, which says hello and never reads."""
    point, evse = charge_point()
    async with (
        rpc_server(point, clock=RealClock()) as server,
        rpc_ports(server) as ports,
        websocket(f"ws://127.0.0.1:{ports.endpoints['rpcapi']}", ping_s=None)() as stuck,
    ):
        await stuck.send(Message(b'{"id":0,"jsonrpc":"2.0","method":"API.Hello"}'))
        url = f"ws://127.0.0.1:{ports.endpoints['rpcapi']}"
        readers = await asyncio.create_subprocess_exec(
            peer, SCRIPT, "read", url, str(CLIENTS), str(TOLD + 1), stdout=subprocess.PIPE
        )
        while len(server.clients) < CLIENTS + 1:
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.5)
        start_s = time.process_time()
        for duration_s in range(1, TOLD + 1):
            evse.change(charging_duration_s=duration_s)
            await asyncio.sleep(PACE_S)
        took_s = time.process_time() - start_s
        assert readers.stdout is not None
        assert await readers.stdout.readline() == b"done\n"
        await readers.wait()
    return took_s / TOLD / CLIENTS * 1e6


def child(peer: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [peer, SCRIPT, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def port_of(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def peer_python() -> Path:
    """An environment with the peer, made at the first run."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *REQUIREMENTS], check=True)
    return python


if __name__ == "__main__":
    sys.exit(main())
