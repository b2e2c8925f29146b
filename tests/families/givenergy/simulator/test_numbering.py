"""Two plants of one model are two plants, and no two of their units share a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ohmstead.families.givenergy.registers.kinds import text
from ohmstead.families.givenergy.simulator import PROFILES
from ohmstead.families.givenergy.simulator.loading import ready_plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.testing import warped

Open = Callable[..., AbstractAsyncContextManager[Any]]  # Any: the conftest's Bench
STANDARD = re.compile(r"[A-Z]{2}\d{4}[A-Z]\d{3}|[A-Z]{3}\d{7}")


@pytest.mark.parametrize("slug", PROFILES)
def test_another_seed_is_another_unit_of_the_same_make(slug: str) -> None:
    one, two, again = ready_plant(slug, 2), ready_plant(slug, 3), ready_plant(slug, 2)
    assert one.serial != two.serial
    assert one.serial == again.serial
    assert one.serial[:7] == two.serial[:7]
    assert STANDARD.fullmatch(one.serial)
    assert STANDARD.fullmatch(one.adapter_serial)
    assert one.adapter_serial != two.adapter_serial


def test_the_modules_of_a_stack_have_a_number_each() -> None:
    plant = ready_plant("hybrid-3ph", 2)
    serials = {text(plant.words(device, Bank.IR, 114, 5) or ()) for device in range(0x50, 0x56)}
    assert len(serials) == 6
    assert all(STANDARD.fullmatch(serial) for serial in serials)


def test_the_first_seed_leaves_the_serials_as_they_were_recorded() -> None:
    assert ready_plant("hybrid-gen1").serial == "SA2114G000"


@warped
async def test_envelopes_carry_the_number_too(bench: Open) -> None:
    async with bench("hybrid-gen2", seed=2) as b, b.ear() as ear:
        reply = await ear.ask(ReadRequest(0x11, Bank.HR, 13, 5))
        assert reply.envelope_serial == text(reply.words) == b.plant.plant.serial
        assert reply.adapter_serial == b.plant.plant.adapter_serial
