"""The generator over a line: typed, written, read back."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.model import Unsupported
from ohmstead.testing import elapse, warped


@warped
async def test_the_record_is_typed_with_what_is_metered(served: Any) -> None:
    async with served(**{"soc": "10", "delay-scale": "0"}) as (running, client):
        await running.act("outage")
        await elapse(300)
        detail = await client.get_generator_detail()

    assert (detail.present, detail.enabled, detail.state_name) == (True, 1, "Running / ON")
    assert (detail.start_below_soc, detail.stop_above_soc, detail.start_delay) == (20, 80, 1800)
    assert (detail.power_kw or 0) > 0.1
    assert 230 < (detail.voltage or 0) < 250
    assert len(detail.windows) == 3


@warped
async def test_without_a_module_the_record_is_no_proof(served: Any) -> None:
    async with served("us_bare") as (_, client):
        detail = await client.get_generator_detail()

    assert (detail.present, detail.start_below_soc) == (False, 20)


@warped
async def test_a_record_without_a_status_gets_one(served: Any) -> None:
    async with served(quirks="strict-wire") as (_, client):
        assert (await client.get_generator_info())["status"] == 0


@warped
async def test_windows_replace_what_was_set(served: Any) -> None:
    async with served() as (_, client):
        first = await client.set_generator_charge_schedule(
            [("08:00", "12:00"), ("14:00", "16:00")], confirm=True
        )
        second = await client.set_generator_charge_schedule([("09:00", "10:00")], confirm=True)
        detail = await client.get_generator_detail()

    assert (first.confirmed, second.confirmed) == (True, True)
    assert [(w.enabled, w.start) for w in detail.windows][:2] == [(1, "09:00"), (0, "14:00")]


@warped
async def test_a_gateway_with_a_momentary_switch_says_how_it_is(served: Any) -> None:
    async with served(quirks="momentary") as (_, client):
        contract = await client.set_generator_mode(2)
        selector = await client.set_generator_operating_mode(2)

    assert (contract.accepted, contract.confirmed) == (True, False)
    assert "set_generator_operating_mode" in contract.note
    assert selector.confirmed is True


@warped
async def test_a_write_that_is_dropped_is_found_out(served: Any) -> None:
    async with served() as (running, client):
        await running.act("fault", name="silent-discard", write="generator")
        result = await client.set_generator_enabled(enable=False)

    assert (result.accepted, result.confirmed, result.mismatched) == (True, False, ("genEn",))


@warped
async def test_thresholds_are_tried_when_asked_for_and_told_truthfully(served: Any) -> None:
    async with served() as (running, client):
        with pytest.raises(Unsupported, match="vendor's app"):
            await client.set_generator_settings({"start_below_soc": 30})
        assert len(running.log) <= 2
        result = await client.set_generator_settings({"start_below_soc": 30}, experimental=True)
        shown = (await client.get_generator_info())["genStartElec"]

    assert result.confirmed is (shown == 30)
