"""Circuits of newer firmware."""

from __future__ import annotations

from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, NotSupported, PasswordAuth
from ohmstead.families.franklinwh.circuits.newer import newer_circuits
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.testing import warped

RECORD = {
    "merge": [0, 0],
    "smartSwitch": [{"name": "a", "openAction": 2}, {"name": "b", "openAction": 1}, {"name": "c"}],
}
METERED = {
    "smartSwitchData": [
        {"power": 300, "exportEnergy": 1000, "importEnergy": 0},
        {"power": 7, "exportEnergy": 500, "importEnergy": 10},
        {"power": "?"},
    ]
}


def test_a_circuit_that_is_off_draws_nothing_whatever_its_meter_says() -> None:
    found = newer_circuits(RECORD, METERED)

    assert [(c.is_on, c.power_w, c.exported_wh) for c in found.values()] == [
        (True, 300.0, 1000.0),
        (False, 0.0, 500.0),
        (None, None, None),
    ]


def test_a_merged_pair_is_one_circuit_with_both_legs() -> None:
    found = newer_circuits({**RECORD, "merge": [1, 2]}, METERED)

    assert list(found) == [1, 3]
    assert (found[1].power_w, found[1].exported_wh, found[1].imported_wh) == (307.0, 1500.0, 10.0)


def test_rubbish_raises_nothing() -> None:
    rubbish: list[dict[str, Any]] = [
        {},
        {"smartSwitch": 3},
        {"smartSwitch": [1, None, {}]},
        {"smartSwitch": [[]]},
    ]

    assert [len(newer_circuits(record, {"smartSwitchData": "x"})) for record in rubbish] == [0, 0, 1, 0]


def client_of(running: RunningCloud) -> Client:
    return Client(PasswordAuth("user@example.com", "secret"), base_url=running.url)


@pytest.mark.parametrize("quirks", ["circuits-v2", ""])
@warped
async def test_a_circuit_is_switched_where_the_firmware_is_new(quirks: str, cloud: Any) -> None:
    async with cloud("us_v2", quirks=quirks) as running, client_of(running) as client:
        if quirks:
            before = await client.get_newer_circuits()
            result = await client.set_newer_circuit_state(2, on=True)
            after = await client.get_newer_circuits()
            assert before is not None
            assert after is not None
            assert (before[2].is_on, result.confirmed, after[2].is_on) == (False, True, True)
        else:
            assert await client.get_newer_circuits() is None
            with pytest.raises(NotSupported, match="387"):
                await client.set_newer_circuit_state(2, on=True)
