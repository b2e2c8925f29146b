from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from ohmstead.cli import root
from ohmstead.history import Store
from ohmstead.history.items import Item, Missed, Poll
from ohmstead.history.times import to_ms
from ohmstead.model import DeviceId, SolarReading

NOON = datetime(2026, 6, 21, 12, tzinfo=UTC)
AROUND = ("--start", "2026-06-21", "--end", "2026-06-22")


def missed(source: str, minute: int, polls: int, reason: str) -> Missed:
    first_ms = to_ms(NOON + timedelta(minutes=minute))
    return Missed(source, first_ms, first_ms + (polls - 1) * 10_000, polls, reason)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    items: list[Item] = [
        missed("roof", 3, 228, "did not answer within 10 s"),
        Poll(
            to_ms(NOON + timedelta(minutes=41)),
            "roof/1",
            (SolarReading(device=DeviceId("roof/1"), at=NOON, power_w=1.0),),
        ),
        missed("roof/2", 50, 1, "no radio contact"),
        missed("well", 55, 6, "refused the connection"),
    ]
    with closing(Store(tmp_path / "history.sqlite", NOON)) as store:
        store.append(items, NOON)
    return tmp_path


def ask(*arguments: str, data: Path) -> Result:
    return CliRunner().invoke(root({}), ["history", "gaps", *arguments, "--data", str(data)])


def test_each_gap_is_a_line_with_its_time_length_and_reason(data: Path) -> None:
    shown = ask(*AROUND, data=data)
    assert shown.exit_code == 0
    lines = [
        " ".join(line.split()) for line in click.unstyle(shown.stdout).splitlines() if "2026-06-21" in line
    ]
    assert lines == [
        "roof 2026-06-21 12:03:00 2026-06-21 12:41:00 38 min did not answer within 10 s",
        "roof/2 2026-06-21 12:50:00 nothing since one poll no radio contact",
        "well 2026-06-21 12:55:00 nothing since 1 min refused the connection",
    ]


def test_a_program_gets_them_as_a_document(data: Path) -> None:
    document = json.loads(ask(*AROUND, "--source", "roof", "--json", data=data).stdout)
    assert (document["start"], document["is_complete"]) == ("2026-06-21T00:00:00Z", True)
    first, second = document["gaps"]
    assert first == {
        "source": "roof",
        "start": "2026-06-21T12:03:00Z",
        "end": "2026-06-21T12:41:00Z",
        "length_s": 2280.0,
        "polls": 228,
        "reason": "did not answer within 10 s",
        "lasts": False,
    }
    assert (second["source"], second["lasts"]) == ("roof/2", True)


def test_a_source_that_nothing_is_known_of_is_not_said_to_lack_nothing(data: Path) -> None:
    for known in ("roof", "roof/1", "well"):
        assert ask("--source", known, data=data).exit_code == 0
    shown = ask("--source", "rooof", data=data)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert "nothing was ever recorded of 'rooof'" in shown.stderr


def test_only_the_newest_are_listed_where_a_limit_says_so(data: Path) -> None:
    shown = ask(*AROUND, "--limit", "1", data=data)
    assert "Only the newest 1:" in shown.stderr
    assert "well" in shown.stdout
    assert "roof" not in shown.stdout


def test_a_time_without_gaps_is_said_to_have_none(data: Path) -> None:
    shown = ask("--end", "2026-06-21T12:00:00", data=data)
    assert shown.exit_code == 0
    assert shown.stdout == ""
    assert "due from 2026-06-14 12:00 to 2026-06-21 12:00 UTC brought something" in shown.stderr


def test_bad_wishes_are_refused_in_words(data: Path, tmp_path: Path) -> None:
    backwards = ask("--start", "2026-06-22", "--end", "2026-06-21", data=data)
    assert backwards.exit_code == 2
    assert "--start is to lie before --end" in backwards.stderr
    nowhere = ask(data=tmp_path / "nowhere")
    assert nowhere.exit_code == 1
    assert "there is no history" in nowhere.stderr
