"""Home Assistant, unmodified, in an environment and a process of its own, behind a real broker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))
sys.path.append(str(Path(__file__).parents[2] / "bridges" / "toys"))

from assistant import HomeAssistant
from month_family import HOMES, MonthHome
from mosquitto import Mosquitto, find_mosquitto


@pytest.fixture(scope="session")
def peer(peer_python: Callable[[str], Path]) -> Path:
    if sys.version_info[:2] != (3, 11):
        pytest.skip("this version of Home Assistant wants Python 3.11")
    return peer_python("homeassistant")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(find_mosquitto(), tmp_path) as started:
        yield started


@pytest.fixture
def assistant(peer: Path, broker: Mosquitto, tmp_path: Path) -> Iterator[HomeAssistant]:
    """Not started yet."""
    folder = tmp_path / "homeassistant"
    folder.mkdir()
    with HomeAssistant(peer, folder, broker.port) as found:
        yield found


@pytest.fixture
def month_home(install_family: Callable[[str, str], Path]) -> Iterator[MonthHome]:
    install_family("month", "month_family")
    yield HOMES.setdefault("home", MonthHome())
    HOMES.clear()
