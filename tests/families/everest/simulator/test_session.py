"""The session's moves, without a home around it."""

from __future__ import annotations

import msgspec
import pytest

from ohmstead.families.everest.server import EvseEvent as Event
from ohmstead.families.everest.simulator.session import Inputs, Phase, Session

READY = Inputs(is_plugged=True, is_authorised=True, offered_a=16.0, is_drawing=True)


def lived(session: Session, inputs: Inputs, seconds: int) -> list[Event]:
    return [event for _ in range(seconds) for event in session.step(inputs)]


def charging() -> Session:
    session = Session()
    lived(session, READY, 10)
    assert session.phase is Phase.CHARGING
    return session


def but(**changes: object) -> Inputs:
    return msgspec.structs.replace(READY, **changes)


def test_a_plugged_car_is_authorised_prepared_and_charges() -> None:
    assert lived(Session(), READY, 10) == [
        Event.SESSION_STARTED,
        Event.AUTH_REQUIRED,
        Event.AUTHORIZED,
        Event.TRANSACTION_STARTED,
        Event.PREPARE_CHARGING,
        Event.CHARGING_STARTED,
    ]


def test_unplugging_ends_everything_in_order() -> None:
    assert lived(charging(), but(is_plugged=False), 2) == [
        Event.STOPPING_CHARGING,
        Event.CHARGING_FINISHED,
        Event.TRANSACTION_FINISHED,
        Event.SESSION_FINISHED,
    ]


def test_who_is_not_authorised_within_a_minute_has_to_plug_in_again() -> None:
    session = Session()
    assert lived(session, but(is_authorised=False), 70)[-1] is Event.PLUGIN_TIMEOUT
    assert lived(session, READY, 10) == []
    assert lived(session, but(is_plugged=False), 1) == [Event.SESSION_FINISHED]
    assert Event.CHARGING_STARTED in lived(session, READY, 10)


@pytest.mark.parametrize("changes", [{"offered_a": 5.9}, {"is_held": True}])
def test_less_than_six_ampere_or_a_hold_pauses_and_ends_a_pause(changes: dict[str, object]) -> None:
    session = charging()
    assert lived(session, but(**changes), 5) == [Event.CHARGING_PAUSED_EVSE]
    assert lived(session, READY, 5) == [Event.CHARGING_STARTED]


def test_a_car_that_takes_nothing_has_paused() -> None:
    session = charging()
    assert lived(session, but(is_drawing=False), 10) == [Event.CHARGING_PAUSED_EV]
    assert lived(session, READY, 1) == [Event.CHARGING_STARTED]


def test_phases_are_switched_with_the_contactor_open() -> None:
    session = charging()
    assert list(session.step(but(switches=True))) == [Event.SWITCHING_PHASES]
    assert not session.is_offering
    assert lived(session, READY, 5) == [Event.CHARGING_STARTED]


def test_out_of_service_ends_a_session_and_back_in_service_begins_a_new_one() -> None:
    session = charging()
    assert lived(session, but(is_enabled=False), 3)[-2:] == [Event.SESSION_FINISHED, Event.DISABLED]
    assert lived(session, READY, 2) == [Event.ENABLED, Event.SESSION_STARTED]


def test_a_stopped_transaction_stays_stopped_until_the_car_goes() -> None:
    session = charging()
    assert list(session.stop()) == [Event.CHARGING_FINISHED, Event.TRANSACTION_STOPPED_LOCALLY]
    assert lived(session, READY, 100) == []
    assert list(session.stop()) == []


def test_a_reservation_begins_and_ends() -> None:
    session, free = Session(), but(is_plugged=False)
    assert lived(session, msgspec.structs.replace(free, is_reserved=True), 2) == [Event.RESERVATION_START]
    assert lived(session, free, 2) == [Event.RESERVATION_END]
