"""An invented family in a package of its own, installed as any other's would be."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ohmstead.kit.registry import families

MODULE = """
from ohmstead.model import DeviceConfig, Family

class AcmeConfig(DeviceConfig, frozen=True, kw_only=True):
    inverters: int = 1

FAMILY = Family(
    name="acme",
    title="Acme",
    schemes=("acme", "acmes"),
    config="acme_for_ohmstead:AcmeConfig",
    connect="acme_for_ohmstead:connect",
    simulate="acme_for_ohmstead:simulate",
)
"""


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "acme_for_ohmstead.py").write_text(MODULE)
    about = tmp_path / "acme_for_ohmstead-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-for-ohmstead\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[ohmstead.families]\nacme = acme_for_ohmstead:FAMILY\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    families.cache_clear()
    yield
    families.cache_clear()
    sys.modules.pop("acme_for_ohmstead", None)
