"""What the model says of chargers."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ohmstead.model import (
    ABILITIES,
    ChargePointFacts,
    Connector,
    DeviceId,
    LimitedBy,
    Outcome,
    Receipt,
)

AT = datetime(2026, 6, 21, 8, tzinfo=UTC)


def test_a_charger_can_be_allowed_to_charge_and_told_its_power_and_phases() -> None:
    assert [
        ABILITIES[name].verb for name in ("allows_charging", "limits_charger_power", "selects_phases")
    ] == [
        "allow_charging",
        "limit_charger_power",
        "select_phases",
    ]


def test_a_receipt_of_before_says_nothing_of_who_limits() -> None:
    kept = b'{"device":"a/1","ability":"limits_current","at":"2026-06-21T08:00:00Z","outcome":"refused","asked":6}'
    receipt = msgspec.json.decode(kept, type=Receipt)

    assert (receipt.limited_by, receipt.next_try_at) == (None, None)


def test_a_receipt_says_what_held_it_back_and_until_when() -> None:
    receipt = Receipt(
        device=DeviceId("a/1"),
        ability="limits_current",
        at=AT,
        outcome=Outcome.REFUSED,
        asked=6.0,
        limited_by=LimitedBy.WEAR_BUDGET,
        next_try_at=AT,
    )
    assert msgspec.json.decode(msgspec.json.encode(receipt), type=Receipt) == receipt


def test_facts_that_are_not_known_are_absent() -> None:
    facts = ChargePointFacts()
    assert (facts.connector, facts.most_a, facts.voltages_v, facts.alerts) == (
        Connector.UNKNOWN,
        None,
        (),
        (),
    )
