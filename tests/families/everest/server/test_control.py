"""A charger that decides for itself: the server asks what is wanted of it, and passes on what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.extensions import AppliedObj, LimitedByEnum, LimitObj, UnitEnum
from ohmstead.families.everest.schema.objects import ConnectorInfoObj, EVSEInfoObj
from ohmstead.families.everest.server import ChargePoint, Effect, Wish, rpc_server
from ohmstead.families.everest.wire import Mode
from ohmstead.model import ScaledClock, Unreachable
from ohmstead.testing import MessageNetwork, warped
from tests.families.everest.bench import AT, EVERYTHING, Manager, calling

SPENT = AppliedObj(value=16.0, unit=UnitEnum.A, requested=10.0, limited_by=LimitedByEnum.WEAR_BUDGET)
ALLOWED = AppliedObj(value=True, unit=UnitEnum.BOOL, requested=True)


class Thrifty:
    """Does nothing today, and says why."""

    def __init__(self) -> None:
        self.wishes: list[Wish] = []
        self.is_gone = False

    async def wish(self, wish: Wish) -> Effect:
        if self.is_gone:
            raise Unreachable("the charger is gone")
        self.wishes.append(wish)
        allowed = None if wish.charging_allowed is None else ALLOWED
        return Effect(error=Error.ERROR_VALUES_NOT_APPLIED, max_current=SPENT, charging_allowed=allowed)

    async def enable(self, connector_index: int, enable: bool, priority: int) -> Error:
        return Error.NO_ERROR if enable else Error.ERROR_OPERATION_NOT_SUPPORTED

    def limits(self) -> Sequence[LimitObj]:
        return (
            LimitObj(
                source=LimitedByEnum.WEAR_BUDGET, value=10.0, unit=UnitEnum.A, valid_until=None, active=False
            ),
        )


@asynccontextmanager
async def thrifty() -> AsyncIterator[tuple[Thrifty, MessageNetwork]]:
    point, control, network = ChargePoint(), Thrifty(), MessageNetwork()
    evse = point.add_controlled(1, control)
    evse.info = EVSEInfoObj(
        index=1,
        id="garage",
        available_connectors=(ConnectorInfoObj(index=1, type="cType2"),),
        supported_energy_transfer_modes=("AC_three_phase_core",),
    )
    evse.change(state="Charging", charge_protocol="IEC61851")
    async with rpc_server(point, clock=ScaledClock(AT)) as server, network.serve(server.serve):
        yield control, network


@warped
async def test_what_came_of_a_wish_is_said_to_who_asked_for_details() -> None:
    async with (
        thrifty() as (control, network),
        calling(network, *EVERYTHING) as ours,
        calling(network) as plain,
    ):
        terms: dict[str, Any] = {"evse_index": 1, "max_current": 10, "strict": True, "valid_for_s": 60}
        assert await ours.result("EVSE.SetACChargingCurrent", **terms) == {
            "error": "ErrorValuesNotApplied",
            "applied": {"value": 16.0, "unit": "A", "requested": 10.0, "limited_by": "wear_budget"},
        }
        assert await plain.result("EVSE.SetACChargingCurrent", 1, 10) == {"error": "ErrorValuesNotApplied"}
        assert control.wishes == [
            Wish(max_current_a=10.0, is_strict=True, valid_for_s=60.0),
            Wish(max_current_a=10.0),
        ]
        together = await ours.result("EVSE.SetACCharging", 1, True, 10)
        assert sorted(together["applied"]) == ["charging_allowed", "max_current"]


@warped
async def test_its_connectors_and_limits_are_its_own() -> None:
    async with thrifty() as (_, network), calling(network, *EVERYTHING) as ours:
        answers = [await ours.result("EVSE.EnableConnector", 1, 1, enable, 0) for enable in (True, False)]
        assert [answer["error"] for answer in answers] == ["NoError", "ErrorOperationNotSupported"]
        (limit,) = (await ours.result("EVSE.GetLimits", 1))["limits"]
        assert (limit["source"], limit["active"], limit["valid_until"]) == ("wear_budget", False, None)


@warped
async def test_what_goes_wrong_inside_is_not_told_outside(caplog: pytest.LogCaptureFixture) -> None:
    async with thrifty() as (control, network), calling(network, *EVERYTHING) as ours:
        control.is_gone = True
        answer = await ours.call("EVSE.SetACChargingCurrent", 1, 10)
        assert answer["error"] == {"code": -32603, "message": "internal server error"}
        assert "the charger is gone" in caplog.text
        assert (await ours.result("EVSE.GetStatus", 1))["error"] == "NoError"


def test_the_reference_knows_nothing_that_decides_for_itself() -> None:
    with pytest.raises(ValueError, match="managers"):
        ChargePoint(mode=Mode.REFERENCE).add_controlled(1, Thrifty())


@pytest.mark.parametrize("index", [0, -1, 1])
def test_an_index_is_above_zero_and_given_once(index: int) -> None:
    point = ChargePoint()
    point.add(1, Manager())
    with pytest.raises(ValueError, match="index of its own"):
        point.add_controlled(index, Thrifty())
