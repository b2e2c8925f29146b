"""The published client `hoymiles-wifi`, unmodified, in an environment and processes of its own.

Its port is fixed and it rests two seconds between connections. So each simulator has a loopback address of its own, and
all of the client's commands run at the start, side by side; the tests look at what came out.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import msgspec
import pytest

from ohmstead.families.hoymiles.simulator import simulate
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions

PORT: Final = 10081
PATIENCE_S: Final = 120.0
NOON: Final = datetime(2026, 6, 21, 11, 0, tzinfo=UTC)
SPEED: Final = 10.0
"""Commands that take a DTU seconds take us less."""


class Job(msgspec.Struct, frozen=True):
    """One call of the client. `name` is what tests ask for it by."""

    command: str
    options: tuple[str, ...] = ()
    typed: str = ""
    name: str = ""


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """A simulator, and what the client asks it, in this order."""

    model: str
    jobs: tuple[Job, ...]
    extras: Mapping[str, str] = msgspec.field(default_factory=dict)
    encrypted: bool = False


class Answer(msgspec.Struct, frozen=True):
    code: Any
    printed: str
    command: str = ""

    @property
    def json(self) -> Any:
        """What it printed, behind its questions."""
        assert self.code == 0, f"{self.code}: {self.printed}"
        start = min(at for mark in "{[" if (at := self.printed.find(mark + "\n")) >= 0)
        return json.loads(self.printed[start:])


class Played(msgspec.Struct, frozen=True):
    """A scene that is over: what the client printed, and what the simulator says of itself."""

    answers: Mapping[str, Answer]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.answers[name].json


class Stage:
    """All simulators, in a thread with a loop of its own."""

    def __init__(self, scenes: Mapping[str, Scene]) -> None:
        self.hosts = {name: f"127.81.0.{number}" for number, name in enumerate(scenes, start=1)}
        self._scenes = scenes
        self._simulators: dict[str, Any] = {}
        self._is_open = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_open.wait(PATIENCE_S), "the simulators did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def state(self, name: str) -> Mapping[str, Any]:
        async def ask() -> Mapping[str, Any]:
            found: Mapping[str, Any] = self._simulators[name].state()
            return found

        return asyncio.run_coroutine_threadsafe(ask(), self._loop).result(PATIENCE_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._play())

    async def _play(self) -> None:
        async with AsyncExitStack() as stack:
            for name, scene in self._scenes.items():
                world = World(ScaledClock(NOON, SPEED))
                world.weather.set_clear_sky()
                options = SimulatorOptions(
                    model=scene.model, host=self.hosts[name], port=PORT, extras=scene.extras
                )
                self._simulators[name] = await stack.enter_async_context(simulate(options, world))
            self._is_open.set()
            await self._over.wait()


def play(python: Path, stage: Stage, name: str, scene: Scene) -> Played:
    """The client's calls of one scene, one after the other."""
    before = stage.state(name)
    answers: dict[str, Answer] = {}
    seed: list[str] = []
    with subprocess.Popen(
        [python, Path(__file__).with_name("driver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        for job in scene.jobs:
            answer = call(client, stage.hosts[name], filled(job, before), seed)
            answers[job.name or job.command] = answer
            if job.command == "is-encrypted" and scene.encrypted:
                seed = ["--enc-rand", answer.json["enc_rand"]]
        after = stage.state(name)  # at once: a DTU that restarts is not away for long
        assert client.stdin is not None
        client.stdin.close()
        client.wait(PATIENCE_S)
    return Played(answers, before, after)


def filled(job: Job, state: Mapping[str, Any]) -> Job:
    """With the serial that only the simulator knows."""
    serial = state["inverter"] if "inverter" in state else state["inverters"][0]["serial"].lower()
    options = tuple(option.replace("SERIAL", serial) for option in job.options)
    return msgspec.structs.replace(job, options=options, typed=job.typed.replace("SERIAL", serial))


def call(client: subprocess.Popen[str], host: str, job: Job, more: Sequence[str]) -> Answer:
    asking = [] if job.typed else ["--disable-interactive"]
    arguments = ["--host", host, "--as-json", *asking, *more, *job.options, job.command]
    assert client.stdin is not None
    assert client.stdout is not None
    client.stdin.write(json.dumps({"arguments": arguments, "typed": job.typed}) + "\n")
    client.stdin.flush()
    answer = msgspec.json.decode(client.stdout.readline(), type=Answer)
    return msgspec.structs.replace(answer, command=job.command)


READING: Final = (
    Job("is-encrypted"),
    Job("app-information-data"),
    Job("get-information-data"),
    Job("get-version-info"),
    Job("heartbeat"),
    Job("enable-performance-data-mode"),
    Job("get-real-data-new"),
    Job("get-real-data"),
    Job("identify-dtu"),
    Job("identify-inverters"),
    Job("identify-meters"),
    Job("get-config"),
    Job("network-info"),
    Job("get-alarm-list"),
)
DOING: Final = (
    Job("set-power-limit", ("--power-limit", "30")),
    Job("set-power-limit-temporary", ("--power-limit-watts", "200")),
    Job("turn-off-inverter", typed="SERIAL\ny\n"),
    Job("turn-on-inverter", typed="SERIAL\ny\n"),
    Job("firmware-update", typed="y\n1\ny\n"),
    Job("app-get-hist-power"),
    Job("set-wifi", typed="Elsewhere\nAnother-Key\ny\n"),
)
PAGED: Final = (
    Job("is-encrypted"),
    Job("get-real-data-new"),
    Job("get-real-data"),
    Job("app-information-data"),
)
ONE: Final = ("--inverter-serial-number", "SERIAL", "--rev-soc", "20")
WEEK: Final = "06:00-22:00-0.3-0.1,22:00-06:00-0.2-0.1,00:00-00:00-0.25-0.1"


def mode(number: int, *options: str) -> Job:
    return Job(
        "set-energy-storage-working-mode",
        ("--bms_working_mode", str(number), *ONE, *options),
        name=f"mode {number}",
    )


SCENES: Final[Mapping[str, Scene]] = {
    "clear": Scene(model="hmsw-mid", extras={"meter": "true", "clock": "set"}, jobs=(*READING, *DOING)),
    "encrypted": Scene(
        model="hmsw-enc", extras={"meter": "true", "clock": "set"}, jobs=(*READING, *DOING), encrypted=True
    ),
    "several packets": Scene(model="dtu-pro-s", extras={"clock": "set"}, jobs=PAGED),
    "several packets encrypted": Scene(
        model="dtu-wlite-s", extras={"clock": "set"}, jobs=PAGED, encrypted=True
    ),
    "old": Scene(model="dtu-old", jobs=(Job("get-real-data"), Job("app-information-data"))),
    "three-phase": Scene(model="dtu-hmt", jobs=(Job("get-real-data-new"), Job("identify-inverters"))),
    "restart": Scene(model="hmsw-mid", jobs=(Job("restart-dtu", typed="y\n"),)),
    "restart encrypted": Scene(
        model="hmsw-enc", jobs=(Job("is-encrypted"), Job("restart-dtu", typed="y\n")), encrypted=True
    ),
    "storage": Scene(
        model="storage-gw",
        extras={"clock": "set"},
        jobs=(
            Job("get-gateway-info"),
            Job("get-gateway-network-info"),
            Job("get-energy-storage-registry"),
            Job("get-energy-storage-data"),
        ),
    ),
    "working modes": Scene(
        model="storage-gw",
        jobs=(
            mode(1),
            mode(2, "--time-settings", f"01.01-31.03:1,2,3,4,5={WEEK};6,7={WEEK}"),
            mode(5, "--max-power", "50"),
        ),
    ),
    "more working modes": Scene(
        model="storage-gw",
        jobs=(
            mode(3),
            mode(7, "--peak-soc", "60", "--peak-meter-power", "3000"),
            mode(8, "--time-periods", "01:00-05:00-80-90|17:00-21:00-70-20"),
        ),
    ),
    "other working modes": Scene(model="storage-gw", jobs=(mode(4), mode(6, "--max-power", "25"))),
}


@pytest.fixture(scope="session")
def played(peer_python: Callable[[str], Path]) -> Iterator[Mapping[str, Played]]:
    """Every scene, all at the same time."""
    python = peer_python("hoymiles-wifi")
    with Stage(SCENES) as stage, ThreadPoolExecutor(len(SCENES)) as pool:
        plays = {name: pool.submit(play, python, stage, name, scene) for name, scene in SCENES.items()}
        yield {name: played.result() for name, played in plays.items()}
