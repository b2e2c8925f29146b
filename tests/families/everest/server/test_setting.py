"""What our own mode makes of wishes, for a client that opted in and for one that knows nothing of us."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ohmstead.families.everest.server import EvseEvent, Limit
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, EVERYTHING, Manager, Sink, calling, improved

CURRENT, ALLOWED = "EVSE.SetACChargingCurrent", "EVSE.SetChargingAllowed"
PHASES, POWER = "EVSE.SetACChargingPhaseCount", "EVSE.SetDCChargingPower"


def sink(point: Any, index: int = 1) -> Sink:
    found = point.evses[index].sink
    assert isinstance(found, Sink)
    return found


def amperes(value: float | None, requested: float, limited_by: str | None = None) -> dict[str, object]:
    applied: dict[str, object] = {"value": value, "unit": "A", "requested": requested}
    return applied | ({"limited_by": limited_by} if limited_by else {})


@warped
async def test_a_current_in_force_is_no_error_and_says_what_it_came_to(fixture: Any) -> None:
    async with (
        improved(fixture) as (_, network),
        calling(network, "details") as ours,
        calling(network) as plain,
    ):
        assert await ours.result(CURRENT, 1, 16) == {"error": "NoError", "applied": amperes(16.0, 16.0)}
        assert await plain.result(CURRENT, 1, 10) == {"error": "NoError"}


@pytest.mark.parametrize(
    ("wanted_a", "applied"),
    [
        (40.0, amperes(32.0, 40.0, "fuse")),
        (3.0, amperes(3.0, 3.0)),
        (0.0, amperes(0.0, 0.0, "minimum_current")),
        (-10.0, amperes(0.0, -10.0, "minimum_current")),
    ],
)
@warped
async def test_a_current_that_will_not_come_is_told_within_a_second(
    fixture: Any, wanted_a: float, applied: dict[str, object]
) -> None:
    async with improved(fixture) as (point, network), calling(network, "details") as ours:
        answering = asyncio.get_running_loop().create_task(ours.result(CURRENT, 1, wanted_a, within_s=1.05))
        result = await answering
        expected = "NoError" if wanted_a == 3.0 else "ErrorValuesNotApplied"

        assert result == {"error": expected, "applied": applied}
        assert sink(point).limits[-1].import_a == max(wanted_a, 0.0)


@warped
async def test_a_plain_client_hears_of_a_clamped_current_and_no_more(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        point.evses[1].limits_enforced(16.0)
        await plain.told()

        assert await plain.result(CURRENT, 1, 40.0, within_s=1.05) == {"error": "ErrorValuesNotApplied"}
        assert await plain.told() == ["EVSE.StatusChanged"]


@warped
async def test_a_sink_that_says_nothing_is_waited_for_as_long_as_the_reference_does(fixture: Any) -> None:
    class Silent(Sink):
        async def limit(self, limit: Limit) -> None:
            self.limits.append(limit)

    async with improved(fixture) as (point, network), calling(network, "details") as ours:
        point.evses[1].sink = Silent(None, 32.0)  # type: ignore[arg-type]  # it starts nothing
        began_s = asyncio.get_running_loop().time()
        frames: list[str] = []
        await ours.raw.send(f'{{"jsonrpc":"2.0","id":1,"method":"{CURRENT}","params":[1,16]}}')
        while not frames:
            frames = await ours.raw.heard(0.1)
        waited_s = asyncio.get_running_loop().time() - began_s

    assert "ErrorValuesNotApplied" in frames[0]
    assert 5.0 <= waited_s < 5.2


@pytest.mark.parametrize("wanted_a", [32.1, 40.0, 5.9, 0.0, -6.0])
@warped
async def test_a_strict_wish_that_cannot_come_true_changes_nothing(fixture: Any, wanted_a: float) -> None:
    async with (
        improved(fixture) as (point, network),
        calling(network, "details") as ours,
        calling(network) as plain,
    ):
        before = await plain.result("EVSE.GetStatus", 1)
        strict = {"evse_index": 1, "max_current": wanted_a, "strict": True}
        result = await ours.result(CURRENT, within_s=0.05, **strict)

        assert result["error"] == "ErrorOutOfRange"
        assert result["applied"]["value"] == 32.0
        assert await plain.result(CURRENT, within_s=0.05, **strict) == {"error": "ErrorOutOfRange"}
        assert sink(point).limits == []
        assert await plain.result("EVSE.GetStatus", 1) == before
        assert (await ours.result(CURRENT, evse_index=1, max_current=16.0, strict=True))["error"] == "NoError"


@warped
async def test_each_evse_remembers_its_own_limit(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        await plain.result(ALLOWED, 1, False)
        await plain.result(ALLOWED, 3, False)
        await plain.result(CURRENT, 1, 16.0)
        await plain.result(CURRENT, 3, 8.0)
        await plain.result(ALLOWED, 1, True)
        await plain.result(ALLOWED, 3, True)

        assert sink(point, 1).limits[-1] == Limit(import_a=16.0, export_a=0.0, phase_count=3)
        assert sink(point, 3).limits[-1] == Limit(import_a=8.0, export_a=0.0, phase_count=3)
        assert point.configured is None


@warped
async def test_a_limit_while_charging_is_forbidden_is_applied_later(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network, "details") as ours:
        forbidden = await ours.result(ALLOWED, 1, False)
        assert forbidden["applied"] == {"value": False, "unit": "bool", "requested": False}
        sent = len(sink(point).limits)
        assert await ours.result(CURRENT, 1, 16.0) == {"error": "NoError", "applied": amperes(0.0, 16.0)}
        assert len(sink(point).limits) == sent


@warped
async def test_charging_that_cannot_be_paused_goes_on_and_says_so(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network, "details") as ours:
        point.evses[1].happened(EvseEvent.CHARGING_STARTED, AT)
        manager = point.evses[1].manager
        assert isinstance(manager, Manager)
        manager.refuses = True

        assert await ours.result(ALLOWED, 1, False) == {
            "error": "ErrorValuesNotApplied",
            "applied": {"value": True, "unit": "bool", "requested": False, "limited_by": "other"},
        }
        assert point.evses[1].status.charging_allowed is True


@warped
async def test_a_wish_ends_when_its_client_does_not_repeat_it(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        for _ in range(3):
            wish = {"evse_index": 1, "max_current": 10.0, "valid_for_s": 60}
            assert await plain.result(CURRENT, **wish) == {"error": "NoError"}
            await elapse(45.0)
        assert sink(point).limits[-1].import_a == 10.0
        await elapse(16.0)

        assert sink(point).limits[-1] == Limit(import_a=999.9, export_a=0.0)
        assert (await plain.result("EVSE.GetStatus", 1))["status"]["ac_charge_param"][
            "evse_max_current"
        ] == 32.0


@warped
async def test_a_ban_on_charging_ends_too_and_another_wish_takes_its_end_away(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        await plain.result(ALLOWED, evse_index=1, charging_allowed=False, valid_for_s=60)
        await elapse(61.0)
        assert point.evses[1].status.charging_allowed is True
        await plain.result(ALLOWED, evse_index=1, charging_allowed=False, valid_for_s=60)
        await plain.result(ALLOWED, evse_index=1, charging_allowed=False)
        await elapse(3600.0)

        assert point.evses[1].status.charging_allowed is False


@pytest.mark.parametrize("valid_for_s", [0, -1, 86_401])
@warped
async def test_an_end_must_lie_within_a_day(fixture: Any, valid_for_s: float) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        wish = {"evse_index": 1, "max_current": 10.0, "valid_for_s": valid_for_s}

        assert await plain.result(CURRENT, **wish) == {"error": "ErrorInvalidParameter"}
        assert sink(point).limits == []


@pytest.mark.parametrize(
    ("index", "phases", "error", "limited_by"),
    [
        (1, 3, "NoError", None),
        (1, 1, "NoError", None),
        (1, 2, "ErrorInvalidParameter", None),
        (1, 4, "ErrorOutOfRange", "hardware"),
        (3, 1, "ErrorOperationNotSupported", "not_supported"),
        (9, 1, "ErrorInvalidEVSEIndex", None),
    ],
)
@warped
async def test_phases_are_switched_where_that_is_possible(
    fixture: Any, index: int, phases: int, error: str, limited_by: str | None
) -> None:
    async with (
        improved(fixture) as (_, network),
        calling(network, "details") as ours,
        calling(network) as plain,
    ):
        result = await ours.result(PHASES, index, phases, within_s=0.05)
        assert result["error"] == error
        if index != 9:
            told = {"value": 3.0, "unit": "phases", "requested": float(phases)}
            assert result["applied"] == told | ({"limited_by": limited_by} if limited_by else {})
        assert sorted(await plain.result(PHASES, index, phases)) == ["error"]


@warped
async def test_a_count_that_is_there_asks_for_nothing_and_one_on_its_way_stays(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        wish = {"evse_index": 1, "max_current": 10, "valid_for_s": 60}
        await plain.result(CURRENT, **wish)
        await plain.result(PHASES, 1, 3)
        assert len(sink(point).limits) == 1
        await plain.result(PHASES, 1, 1, within_s=0.01)
        await plain.result(CURRENT, within_s=0.01, **wish)
        assert [limit.phase_count for limit in sink(point).limits] == [3, 1, 1]
        await plain.result(PHASES, 1, 3, within_s=0.01)
        assert sink(point).limits[-1] == Limit(import_a=10.0, export_a=0.0, phase_count=3)
        await elapse(61.0)
        assert sink(point).limits[-1] == Limit(import_a=999.9, export_a=0.0, phase_count=3)


@warped
async def test_a_switch_of_phases_ends_as_other_wishes_do(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network) as plain:
        await plain.result(CURRENT, 1, 10)
        await plain.result(PHASES, evse_index=1, phase_count=1, valid_for_s=60)
        await elapse(61.0)

        assert sink(point).limits[-1] == Limit(import_a=10.0, export_a=0.0)


@warped
async def test_a_power_is_not_waited_for_but_what_limits_it_is_said(fixture: Any) -> None:
    async with (
        improved(fixture) as (point, network),
        calling(network, "details") as ours,
        calling(network) as plain,
    ):
        point.evses[1].mains_reported(voltage_v=230.0, frequency_hz=50.0)
        told = {"value": None, "unit": "W", "requested": 30000.0, "limited_by": "fuse"}
        assert await ours.result(POWER, 1, 30_000) == {"error": "NoError", "applied": told}
        assert await plain.result(POWER, 1, 30_000) == {"error": "NoError"}
        strict = await plain.result(POWER, evse_index=1, max_power=30_000, strict=True)
        assert strict == {"error": "ErrorOutOfRange"}
        assert await plain.result(POWER, 2, 30_000) == {"error": "ErrorInvalidEVSEIndex"}


@warped
async def test_allowing_limiting_and_switching_happen_together(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network, *EVERYTHING) as ours:
        result = await ours.result("EVSE.SetACCharging", 1, True, 16.0, 1)
        assert result["error"] == "NoError"
        assert {name: part["requested"] for name, part in result["applied"].items()} == {
            "charging_allowed": True,
            "max_current": 16.0,
            "phase_count": 1.0,
        }
        assert sink(point).limits == [Limit(import_a=16.0, export_a=0.0, phase_count=1)]


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"max_current": 40.0, "strict": True}, "ErrorOutOfRange"),
        ({"max_current": 16.0, "phase_count": 2}, "ErrorInvalidParameter"),
        ({"max_current": 16.0, "phase_count": 4}, "ErrorOutOfRange"),
        ({"max_current": 16.0, "valid_for_s": 0}, "ErrorInvalidParameter"),
    ],
)
@warped
async def test_together_means_that_one_wrong_part_leaves_everything_as_it_is(
    fixture: Any, wish: dict[str, Any], error: str
) -> None:
    async with improved(fixture) as (point, network), calling(network, "combined") as ours:
        result = await ours.result("EVSE.SetACCharging", evse_index=1, charging_allowed=False, **wish)

        assert result == {"error": error}
        assert sink(point).limits == []
        assert point.evses[1].status.charging_allowed is True


@warped
async def test_setting_together_is_for_those_who_asked_for_it_and_for_the_right_kind(fixture: Any) -> None:
    async with (
        improved(fixture) as (_, network),
        calling(network, "combined") as ours,
        calling(network) as plain,
    ):
        for method, index in (("EVSE.SetACCharging", 2), ("EVSE.SetDCCharging", 1)):
            assert await ours.result(method, index, True, 10) == {"error": "ErrorOperationNotSupported"}
            assert (await plain.call(method, index, True, 10))["error"] == {
                "code": -32601,
                "message": f"method not found: {method}",
            }


@pytest.mark.parametrize(
    ("connector", "priority", "error"),
    [
        (1, 100, "NoError"),
        (0, 100, "NoError"),
        (2, 100, "ErrorInvalidConnectorIndex"),
        (-1, 100, "ErrorInvalidConnectorIndex"),
        (1, -1, "ErrorOutOfRange"),
        (1, 10_001, "ErrorOutOfRange"),
    ],
)
@warped
async def test_connectors_are_enabled_one_by_one_or_all_at_once(
    fixture: Any, connector: int, priority: int, error: str
) -> None:
    async with improved(fixture) as (_, network), calling(network) as plain:
        wish = {"evse_index": 1, "enable": False, "priority": priority}

        assert await plain.result("EVSE.EnableConnector", connector_index=connector, **wish) == {
            "error": error
        }
        assert await plain.result("EVSE.EnableConnector", connector_id=connector, **wish) == {"error": error}


@warped
async def test_nothing_is_set_before_there_is_a_status(fixture: Any) -> None:
    async with improved(fixture) as (point, network), calling(network, *EVERYTHING) as ours:
        bare = point.add(7, Manager(), sink(point))
        assert bare.status is None
        for call in ((CURRENT, 7, 16), (ALLOWED, 7, False), ("EVSE.SetACCharging", 7, True, 16)):
            assert (await ours.result(*call))["error"] == "ErrorNoDataAvailable"
        assert (await ours.result("EVSE.GetLimits", 7))["error"] == "ErrorNoDataAvailable"
