from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.kit.tokens import Gate, Judgement, Scope, Token, TokenStore, Verdict

NOW = datetime(2026, 6, 21, 12, 0, tzinfo=UTC)
HERE, THERE = "192.0.2.7", "192.0.2.8"


class HandClock:
    """Stands still until it is moved."""

    speed = 1.0

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def pass_by(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def sleep_until(self, at: datetime) -> None:
        self.at = max(self.at, at)


class CountingStore(TokenStore):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.asked = 0

    def found(self, text: str) -> Token | None:
        self.asked += 1
        return super().found(text)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path) -> CountingStore:
    return CountingStore(tmp_path / "tokens.json")


@pytest.fixture
def gate(store: CountingStore, clock: HandClock) -> Gate:
    return Gate(store, clock)


@pytest.fixture
def text(store: CountingStore) -> Iterator[str]:
    yield store.create("tablet", (Scope.READ,), now=NOW, expires_at=NOW + timedelta(days=90))


def wrong(gate: Gate, times: int, address: str = HERE) -> list[Verdict]:
    return [gate.judge("ohm_wrong", address).verdict for _ in range(times)]


def test_a_good_token_says_who_comes(gate: Gate, text: str, store: TokenStore) -> None:
    judged = gate.judge(text, HERE)

    assert judged.verdict is Verdict.GOOD
    assert judged.token is not None
    assert judged.token.name == "tablet"
    assert gate.still(judged.token) is Verdict.GOOD
    assert [token.used_at for token in store.tokens()] == [NOW]


def test_an_expired_and_a_revoked_token_are_told_apart(
    gate: Gate, text: str, store: TokenStore, clock: HandClock
) -> None:
    token = gate.judge(text, HERE).token
    assert token is not None
    clock.at = NOW + timedelta(days=90)
    assert (gate.judge(text, HERE).verdict, gate.still(token)) == (Verdict.EXPIRED, Verdict.EXPIRED)
    store.revoke("tablet")

    assert (gate.judge(text, HERE).verdict, gate.still(token)) == (Verdict.INVALID, Verdict.INVALID)


def test_a_new_token_of_an_old_name_is_not_the_old_one(gate: Gate, text: str, store: TokenStore) -> None:
    token = gate.judge(text, HERE).token
    assert token is not None
    store.revoke("tablet")
    store.create("tablet", (Scope.ADMIN,), now=NOW, expires_at=None)

    assert gate.still(token) is Verdict.INVALID


def test_s5_five_wrong_ones_in_a_minute_and_the_address_waits_for_a_minute(
    gate: Gate, text: str, clock: HandClock
) -> None:
    assert wrong(gate, 5) == [Verdict.INVALID] * 5
    assert gate.judge(text, HERE) == Judgement(Verdict.DELAYED, wait=timedelta(minutes=1))
    clock.pass_by(59)
    assert gate.judge(text, HERE).verdict is Verdict.DELAYED
    clock.pass_by(1)

    assert gate.judge(text, HERE).verdict is Verdict.GOOD


def test_s5_the_owner_is_not_locked_out_by_a_guesser(gate: Gate, text: str) -> None:
    token = gate.judge(text, HERE).token
    assert token is not None
    wrong(gate, 6)

    assert gate.judge(text, THERE).verdict is Verdict.GOOD
    assert gate.still(token) is Verdict.GOOD


def test_s5_of_a_thousand_tries_at_most_twenty_are_looked_at(
    gate: Gate, store: CountingStore, clock: HandClock
) -> None:
    for _ in range(1000):
        wrong(gate, 1)
        clock.pass_by(0.5)

    assert store.asked <= 20


def test_s5_each_further_wait_is_longer_until_there_was_calm(gate: Gate, clock: HandClock) -> None:
    waits = []
    for _ in range(6):
        wrong(gate, 5)
        waits.append(gate.judge("", HERE).wait.total_seconds() / 60)
        clock.at += gate.judge("", HERE).wait
    assert waits == [1, 2, 4, 8, 15, 15]
    clock.at += timedelta(hours=2)
    wrong(gate, 5)

    assert gate.judge("", HERE).wait == timedelta(minutes=1)


def test_wrong_ones_long_apart_are_forgiven(gate: Gate, clock: HandClock) -> None:
    for _ in range(20):
        assert wrong(gate, 1) == [Verdict.INVALID]
        clock.pass_by(15.0)


def test_a_clock_set_back_makes_nobody_wait_for_years(gate: Gate, text: str, clock: HandClock) -> None:
    wrong(gate, 5)
    clock.at -= timedelta(days=3650)

    assert gate.judge(text, HERE).wait <= timedelta(minutes=15)


def test_many_addresses_take_no_memory_without_end(gate: Gate) -> None:
    for number in range(10_050):
        wrong(gate, 1, f"2001:db8::{number:x}")

    assert len(gate._records) == 10_000
