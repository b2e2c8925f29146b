"""A toy home under a real gateway, and a real broker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))
sys.path.append(str(Path(__file__).parents[1] / "gateway" / "toys"))

from mosquitto import Mosquitto, find_mosquitto
from toy_family import TOYS

from ohmstead.kit.registry import families


@pytest.fixture(scope="session")
def mosquitto() -> str:
    return find_mosquitto()


@pytest.fixture
def broker(mosquitto: str, tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(mosquitto, tmp_path) as started:
        yield started


@pytest.fixture(autouse=True)
def toy_family_is_installed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """As pip would install it: an entry point that names the card."""
    installed = tmp_path_factory.mktemp("installed")
    information = installed / "toy_family-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-family\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[ohmstead.families]\ntoy = toy_family:FAMILY\n")
    monkeypatch.syspath_prepend(str(installed))
    families.cache_clear()
    yield
    families.cache_clear()
    TOYS.clear()
