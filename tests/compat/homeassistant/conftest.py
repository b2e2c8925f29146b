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

from ohmstead.kit.registry import families


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
def month_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MonthHome]:
    """Its family is found as pip would install it."""
    installed = tmp_path_factory.mktemp("installed")
    information = installed / "month_family-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: month-family\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[ohmstead.families]\nmonth = month_family:FAMILY\n")
    monkeypatch.syspath_prepend(str(installed))
    families.cache_clear()
    yield HOMES.setdefault("home", MonthHome())
    families.cache_clear()
    HOMES.clear()
