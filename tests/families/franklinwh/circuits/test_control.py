"""Circuits over a line: whole-record writes, read back."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from ohmstead.families.franklinwh import NotSupported
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.testing import warped


def written(running: RunningCloud) -> list[dict[str, Any]]:
    bodies = [json.loads(seen.body) for seen in running.log if seen.path.endswith("sendMqtt")]
    return [b["dataArea"] for b in bodies if b["cmdType"] == 311 and b["dataArea"]["opt"] == 1]


@warped
async def test_each_setting_is_written_and_confirmed(served: Any) -> None:
    async with served("us_v2") as (running, client):
        results = [
            await client.set_smart_circuit_state(2, True),
            await client.set_smart_circuit_soc_cutoff(2, True, 35),
            await client.set_smart_circuit_load_limit(1, 16),
            await client.set_smart_circuit_schedule(
                3, [("06:00", "07:00")], cycle_days=1, base_date=date(2026, 6, 21)
            ),
        ]
        found = await client.get_smart_circuits()
        kinds = [[record[f"Sw{n}MsgType"] for n in (1, 2, 3)] for record in written(running)]

    assert [result.confirmed for result in results] == [True, True, True, True]
    assert kinds == [[0, 1, 0], [0, 2, 0], [2, 0, 0], [0, 0, 2]]
    assert (found[2].is_on, found[2].soc_cutoff_limit) == (True, 35)
    assert found[3].time_schedules is not None
    assert found[3].time_schedules[:2] == ("2026-06-21 06:00", "2026-06-21 07:00")


@warped
async def test_the_whole_record_satisfies_firmware_that_wants_it(served: Any) -> None:
    async with served("us_v2", quirks="strict-partial,strict-crc") as (_, client):
        assert (await client.set_smart_circuit_state(1, False)).confirmed is True


@warped
async def test_an_acknowledgement_that_is_none_is_found_out(served: Any) -> None:
    async with served("us_v2") as (running, client):
        await running.act("fault", name="silent-discard", write="circuits")
        result = await client.set_smart_circuit_state(2, True)

    assert (result.accepted, result.confirmed, result.mismatched) == (True, False, ("Sw2Mode",))


@warped
async def test_a_merged_pair_is_circuit_1(served: Any) -> None:
    async with served("us_merged") as (running, client):
        assert list(await client.get_smart_circuits()) == [1, 3]
        result = await client.set_smart_circuit_state(1, True)
        (sent,) = written(running)
        with pytest.raises(ValueError, match="dangerous"):
            await client.set_smart_circuit_state(2, True)

        assert len(written(running)) == 1
    assert result.confirmed is True
    assert (sent["Sw1Mode"], sent["Sw2Mode"]) == (1, 1)


@pytest.mark.parametrize("model", ["us_bare", "us_v1_generator"])
@warped
async def test_without_a_module_there_are_no_circuits_and_nothing_is_written(model: str, served: Any) -> None:
    async with served(model) as (running, client):
        assert await client.get_smart_circuits() == {}
        with pytest.raises(NotSupported, match="no Smart Circuits module"):
            await client.set_smart_circuit_state(1, True)

        assert written(running) == []


@warped
async def test_a_module_of_australia_has_two(served: Any) -> None:
    async with served("au_v1") as (_, client):
        assert list(await client.get_smart_circuits()) == [1, 2]
        with pytest.raises(ValueError, match="1 to 2"):
            await client.set_smart_circuit_state(3, True)
