"""What holds for every test: CI skips nothing, and long proofs run their share."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, settings

from ohmstead.kit.registry import families

sys.path.append(str(Path(__file__).parents[1] / "tools"))

import peers

REQUIRE_ALL: Final = os.environ.get("REQUIRE_ALL") == "1"
"""A test that cannot run is a failure: CI must not be green because something is missing."""
PATIENCE_S: Final = 60.0
"""When a test gives up waiting. No promise is judged by it: machines are busy."""
PAUSE_S: Final = 0.05

# How long an example takes, or is searched for, is the machine's business. And what CI says of a change should not hang
# on the luck of a draw: it sees the same examples each time, while everybody else looks for new ones.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=REQUIRE_ALL
)
settings.load_profile("untimed")

Until = Callable[..., Any]  # Any: whatever the question's answer is
Eventually = Callable[..., Awaitable[Any]]  # Any: as above


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Playwright's synchronous interface leaves a loop running in this thread, in which no other can be run.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, and nothing may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def nothing_is_kept_of_this_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What programs keep of their user's devices, between one run and the next, is not the tests' to change."""
    with pytest.MonkeyPatch.context() as changing:
        changing.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def soak() -> float:
    """The share of its full length that a long proof runs: 1.0 in `make soak`, little elsewhere."""
    return float(os.environ.get("SOAK", "0.02"))


@pytest.fixture(scope="session")
def peer_python() -> Callable[[str], Path]:
    """Finds the interpreter that has a published program. What cannot be installed cannot be tested: that skips."""

    def find(name: str) -> Path:
        try:
            return peers.peer_python(name)
        except peers.NotInstalled as error:
            pytest.skip(str(error))

    return find


@pytest.fixture
def install_family(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], Path]]:
    """Installs a module with a family's card as pip would: by an entry point. Returns the folder, where it is looked for."""

    def install(family: str, module: str) -> Path:
        folder = tmp_path_factory.mktemp("installed")
        information = folder / f"{module}-1.dist-info"
        information.mkdir()
        distribution = module.replace("_", "-")
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1\n")
        (information / "entry_points.txt").write_text(f"[ohmstead.families]\n{family} = {module}:FAMILY\n")
        monkeypatch.syspath_prepend(str(folder))
        families.cache_clear()
        return folder

    yield install
    families.cache_clear()


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes a library one that is not installed, from now on: `without("cryptography", ours)`, where `ours` are modules of
    the house that have it from before, and are to load it anew.
    """

    def take_away(library: str, *ours: str) -> None:
        for name in ours:
            monkeypatch.delitem(sys.modules, name, raising=False)
        for name in (library, *(name for name in sys.modules if name.startswith(f"{library}."))):
            monkeypatch.setitem(sys.modules, name, None)

    return take_away


@pytest.fixture(scope="session")
def until() -> Until:
    """Asks again and again until the answer is true, and returns it: for what other processes do in their own time."""
    return answer_until


def answer_until(question: Callable[[], object], patience_s: float = PATIENCE_S) -> object:
    pause, ends_s = threading.Event(), time.monotonic() + patience_s
    while not (answer := question()):
        if time.monotonic() > ends_s:
            raise AssertionError(f"after {patience_s:g} s the answer is still {answer!r}")
        pause.wait(PAUSE_S)
    return answer


@pytest.fixture(scope="session")
def eventually() -> Eventually:
    """As `until`, for what other tasks of the same loop do in real time: `await eventually(question)`."""
    return answer_eventually


async def answer_eventually(question: Callable[[], object], patience_s: float = PATIENCE_S) -> object:
    loop = asyncio.get_running_loop()
    ends_s = loop.time() + patience_s
    while not (answer := question()):
        if loop.time() > ends_s:
            raise AssertionError(f"after {patience_s:g} s the answer is still {answer!r}")
        await asyncio.sleep(PAUSE_S)
    return answer
