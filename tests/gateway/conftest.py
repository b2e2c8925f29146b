"""A home of toys under a gateway on warped time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))

from toy_family import TOYS, Toy, ToyConfig

from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.model import ScaledClock, Site, Tap

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)


class Home:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.configs: list[ToyConfig] = []
        self.starts_at = NOON
        self.speed = 1.0
        self.site = Site()

    def add(self, name: str, *, control: bool = False, password: str = "") -> Toy:
        self.configs.append(ToyConfig(url=f"toy://{name}", name=name, control=control, password=password))
        return TOYS.setdefault(name, Toy())

    def open(self, taps: Mapping[str, Tap] | None = None) -> AbstractAsyncContextManager[Gateway]:
        site_file = SiteFile(path=self.directory / "site.toml", site=self.site, devices=tuple(self.configs))
        clock = ScaledClock(self.starts_at, self.speed)
        return open_gateway(site_file, directory=self.directory, clock=clock, threads=False, taps=taps)


@pytest.fixture(autouse=True)
def toys(install_family: Callable[[str, str], Path]) -> Iterator[None]:
    install_family("toy", "toy_family")
    yield
    TOYS.clear()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)
