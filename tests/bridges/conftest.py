"""A toy home under a real gateway, and a real broker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))
sys.path.append(str(Path(__file__).parents[1] / "gateway" / "toys"))

from mosquitto import Mosquitto, find_mosquitto
from toy_family import TOYS


@pytest.fixture(scope="session")
def mosquitto() -> str:
    return find_mosquitto()


@pytest.fixture
def broker(mosquitto: str, tmp_path: Path) -> Iterator[Mosquitto]:
    with Mosquitto(mosquitto, tmp_path) as started:
        yield started


@pytest.fixture(autouse=True)
def toys(install_family: Callable[[str, str], Path]) -> Iterator[None]:
    install_family("toy", "toy_family")
    yield
    TOYS.clear()
