"""Home Assistant, unmodified, in an environment and a process of its own, behind a real broker."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))
sys.path.append(str(Path(__file__).parents[2] / "bridges" / "toys"))

from assistant import HomeAssistant
from month_family import HOMES, MonthHome
from mosquitto import Mosquitto, find_mosquitto

from ohmstead.kit.registry import families

ROOT: Final = Path(__file__).parents[3]
ENVIRONMENT: Final = ROOT / ".venvs" / "homeassistant"
REQUIREMENTS: Final = (
    "homeassistant==2024.3.3",  # the newest that runs on Python 3.11
    "fnv-hash-fast==0.5.0",
    "janus==1.0.0",
    "numpy==1.26.0",
    "paho-mqtt==1.6.1",
    "psutil-home-assistant==0.0.1",
    "sqlalchemy==2.0.28",
)
COMPLETE: Final = ENVIRONMENT / ".complete"
INSTALLING_S: Final = 600.0


@pytest.fixture(scope="session")
def peer() -> Path:
    """Its interpreter, installed when it is not there yet. What cannot be installed cannot be tested: that skips."""
    if not COMPLETE.exists():
        if sys.version_info[:2] != (3, 11):
            pytest.skip("this version of Home Assistant wants Python 3.11")
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        installed = subprocess.run(
            [ENVIRONMENT / "bin" / "python", "-m", "pip", "install", "--quiet", *REQUIREMENTS],
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALLING_S,
        )
        if installed.returncode != 0:
            pytest.skip(f"Home Assistant cannot be installed: {installed.stderr.strip()[-300:]}")
        COMPLETE.touch()
    return ENVIRONMENT / "bin" / "python"


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
