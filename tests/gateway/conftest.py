"""A home of toys under a gateway on warped time."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "toys"))

from toy_family import TOYS, Toy, ToyConfig

from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.kit.registry import families
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


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)
