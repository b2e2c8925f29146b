"""An invented family in a package of its own, installed as any other's would be."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

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
def acme(install_family: Callable[[str, str], Path]) -> Iterator[None]:
    (install_family("acme", "acme_for_ohmstead") / "acme_for_ohmstead.py").write_text(MODULE)
    yield
    sys.modules.pop("acme_for_ohmstead", None)
