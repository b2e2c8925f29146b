"""The suite itself: a family that breaks a promise is found out."""

from __future__ import annotations

import math
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

import msgspec
import pytest

from ohmstead.families._blueprint.capture import BlueprintCodec
from ohmstead.families._blueprint.card import FAMILY
from ohmstead.families._blueprint.device import BlueprintConfig, BlueprintSource, connect
from ohmstead.families._blueprint.wire import Conversation, encode
from ohmstead.kit.wire import Damage
from ohmstead.model import Family, Sample, Services
from ohmstead.testing import contract


class LeakyCodec(BlueprintCodec):
    def __init__(self) -> None:
        super().__init__()
        self._open = {"<": Conversation(), ">": Conversation()}

    def frames(self, direction: str, data: bytes) -> list[bytes]:
        return [
            encode(found) for found in self._open[direction].receive(data) if not isinstance(found, Damage)
        ]


class Liar:
    """A source that changes what the honest one says."""

    def __init__(self, honest: BlueprintSource, **changes: object) -> None:
        self._honest = honest
        self._changes = changes
        self.contract = honest.contract
        self.devices = honest.devices
        self.ability = honest.ability

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        sample = await self._honest.read(groups)
        reading = msgspec.structs.replace(sample.readings[0], **self._changes)
        details = {
            device: tuple(msgspec.structs.replace(detail, secret=False) for detail in found)
            for device, found in sample.details.items()
        }
        return msgspec.structs.replace(sample, readings=(reading,), details=details)


@asynccontextmanager
async def connect_to_nan(config: BlueprintConfig, services: Services) -> AsyncIterator[Liar]:
    async with connect(config, services) as honest:
        yield Liar(honest, power_w=math.nan)


@asynccontextmanager
async def connect_to_twice_the_power(config: BlueprintConfig, services: Services) -> AsyncIterator[Liar]:
    async with connect(config, services) as honest:
        yield Liar(honest, power_w=2_000.0)


class Stayer:
    """A source that gives out what it read first, for ever."""

    def __init__(self, honest: BlueprintSource, sample: Sample) -> None:
        self._sample = sample
        self.contract = honest.contract
        self.devices = honest.devices
        self.ability = honest.ability

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        return self._sample


@asynccontextmanager
async def connect_for_ever(config: BlueprintConfig, services: Services) -> AsyncIterator[Stayer]:
    async with connect(config, services) as honest:
        yield Stayer(honest, await honest.read())


@pytest.fixture
def liars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes this file's liars importable by the texts of a card."""
    module = ModuleType("liars")
    module.__dict__.update(globals())
    monkeypatch.setitem(sys.modules, "liars", module)


def broken(card: Family) -> set[str]:
    """The names of the promises a family does not keep."""
    found = set()
    for promise in contract.promises(card):
        try:
            promise.keep()
        except contract.Broken:
            found.add(str(promise).partition(": ")[2])
    return found


def lying(**texts: str) -> Family:
    return msgspec.structs.replace(FAMILY, models=("one-panel",), **texts)


def test_the_blueprint_breaks_nothing() -> None:
    assert broken(lying()) == set()


@pytest.mark.usefixtures("liars")
def test_nan_and_an_open_secret_are_found() -> None:
    found = broken(lying(connect="liars:connect_to_nan"))

    assert {"every number is finite", "what identifies an owner is marked secret"} <= found


@pytest.mark.usefixtures("liars")
def test_meters_that_disagree_with_physics_are_found() -> None:
    assert "the meters balance" in broken(lying(connect="liars:connect_to_twice_the_power"))


@pytest.mark.usefixtures("liars")
def test_a_capture_that_leaks_is_found() -> None:
    assert broken(lying(capture="liars:LeakyCodec")) == {"a capture blanks every serial"}


@pytest.mark.usefixtures("liars")
def test_a_source_that_goes_on_after_its_block_is_found() -> None:
    assert "what is used outside its block is misused" in broken(lying(connect="liars:connect_for_ever"))


def test_a_scheme_no_url_can_have_is_found() -> None:
    card = msgspec.structs.replace(FAMILY, schemes=("Blue print",))
    (promise,) = (p for p in contract.promises(card) if "what is supported" in str(p))

    with pytest.raises(contract.Broken, match="'Blue print' is no URL scheme"):
        promise.keep()
