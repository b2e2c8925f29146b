"""What the history lacks, asked over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asked import Asked, Open
from msgspec.structs import replace
from scripted_family import ScriptedHome

from ohmstead.api import ApiSettings
from ohmstead.api.missing import gap_view
from ohmstead.history import Gap
from ohmstead.kit.tokens import Scope, TokenStore
from ohmstead.polling import DARK
from ohmstead.testing import elapse, warped

NOON = datetime(2025, 6, 1, 12, tzinfo=UTC)
SILENT = "192.0.2.7 does not answer on port 10081. Is the device powered and on this network?"
ONE = Gap(source="roof", first_at=NOON, last_at=NOON, polls=1, reason="silent", lasts=True)


async def flushed(asked: Asked, query: str = "") -> Any:  # Any: JSON
    await asked.gateway.history.flush()
    status, found = await asked.get(f"/gaps{query}")
    assert status == 200
    return found


@warped
async def test_an_outage_is_told_while_it_lasts_and_when_it_is_over(opened: Open, roof: ScriptedHome) -> None:
    async with opened() as asked:
        await elapse(12)
        roof.is_away = True
        await elapse(61)
        lasting = await flushed(asked)
        now = asked.gateway.clock.now()
        roof.is_away = False
        await elapse(30)
        over = await flushed(asked)
    assert (lasting["start"], lasting["end"]) == ("2025-05-31T22:00:00Z", "2025-06-01T22:00:00Z")
    (gap,) = lasting["gaps"]
    assert (gap["source"], gap["reason"], gap["lasts"], gap["asleep"]) == ("roof", SILENT, True, False)
    assert datetime.fromisoformat(gap["start"]) == NOON + timedelta(seconds=15)
    assert timedelta() <= now - datetime.fromisoformat(gap["end"]) < timedelta(seconds=2)
    (gap,) = over["gaps"]
    assert not gap["lasts"]
    length = datetime.fromisoformat(gap["end"]) - datetime.fromisoformat(gap["start"])
    assert length == gap["polls"] * timedelta(seconds=5)
    assert over["is_complete"]


@warped
async def test_gaps_are_asked_for_by_time_by_source_and_by_number(opened: Open) -> None:
    async with opened() as asked:
        for hour, source in ((1, "well"), (2, "roof"), (3, "roof/1")):
            asked.gateway.history.record_gap(source, NOON - timedelta(hours=hour), f"trouble {hour}")
        every = await flushed(asked)
        device = await flushed(asked, "?source=roof/1")
        newest = await flushed(asked, "?limit=1")
        early = await flushed(asked, "?start=2025-06-01T08:30:00Z&end=2025-06-01T09:30:00Z")
        nobody = await flushed(asked, "?source=nobody")
    assert [gap["source"] for gap in every["gaps"]] == ["roof/1", "roof", "well"]
    assert [gap["source"] for gap in device["gaps"]] == ["roof/1", "roof"]
    assert ([gap["source"] for gap in newest["gaps"]], newest["is_complete"]) == (["well"], False)
    assert [gap["source"] for gap in early["gaps"]] == ["roof/1"]
    assert nobody["gaps"] == []


@warped
async def test_a_single_missed_poll_takes_as_long_as_its_source_usually_waits(opened: Open) -> None:
    async with opened() as asked:
        (status, *_) = asked.gateway.devices()
        ended = gap_view(replace(ONE, lasts=False), status, NOON + timedelta(hours=1), 1.0)
        fast = gap_view(replace(ONE, lasts=False), status, NOON + timedelta(hours=1), 60.0)
    assert ended.end == NOON + timedelta(seconds=5)
    assert fast.end == NOON + timedelta(seconds=60)


def test_nobody_waits_for_a_source_that_has_left_the_site() -> None:
    view = gap_view(ONE, None, NOON + timedelta(hours=1), 1.0)
    assert (view.lasts, view.end) == (False, NOON)


def test_equipment_without_sun_is_told_from_equipment_with_a_fault() -> None:
    assert gap_view(replace(ONE, reason=DARK), None, NOON, 1.0).asleep
    assert not gap_view(ONE, None, NOON, 1.0).asleep


@pytest.mark.long
@warped
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("start=2025-06-02T00:00:00Z&end=2025-06-01T00:00:00Z", "start is to lie before end"),
        ("start=2025-06-01T00:00:00", "start"),
        ("start=2020-05-01T00:00:00Z&end=2025-06-05T00:00:00Z", "1860 days at once, not for 1861"),
        ("start=1960-01-01T00:00:00Z", "between the years 1970 and 2100"),
        ("limit=0", "limit"),
        ("limit=5001", "limit"),
        ("source=", "source"),
        ("device=roof", "device"),
    ],
)
async def test_a_question_that_makes_no_sense_is_a_problem_in_words(
    opened: Open, query: str, words: str
) -> None:
    async with opened() as asked, asked.session.get(f"/api/v1/gaps?{query}") as response:
        assert response.status == 400
        assert response.content_type == "application/problem+json"
        assert words in (await response.json(content_type=None))["detail"]


@warped
async def test_it_takes_the_scope_of_the_history(opened: Open, tmp_path: Path) -> None:
    token = TokenStore(tmp_path / "tokens.json").create("phone", (Scope.READ,), now=NOON, expires_at=None)
    async with opened(settings=ApiSettings(loopback_scopes=())) as asked:
        status, _ = await asked.get("/gaps")
        allowed, _ = await asked.get("/gaps", headers={"Authorization": f"Bearer {token}"})
    assert (status, allowed) == (401, 200)
