"""Recordings that are switched on and off while a source is polled."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from ohmstead.gateway import CannotRecord, Captures, recording
from ohmstead.gateway.capturing import MOST_KEPT
from ohmstead.model import Unsupported
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped
from tests.gateway.conftest import Home


def file(home: Home, name: str) -> Path:
    return home.directory / "captures" / f"{name}.jsonl"


def frames(path: Path) -> list[str]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return [bytes.fromhex(line["frame_hex"]).decode() for line in lines if "frame_hex" in line]


@warped
async def test_a_recording_holds_what_passes_while_it_runs_and_nothing_secret(home: Home) -> None:
    roof = home.add("roof")
    roof.says = b"T1:before\n"
    async with home.open() as gateway:
        await elapse(1)
        roof.says = b"s3cret:100 W\n"
        begun = gateway.captures.start("roof", 300)
        await elapse(61)
        ended = gateway.captures.stop(begun.id)
        roof.says = b"T1:after\n"
        await elapse(60)
        words = await gateway.captures.decoded(begun.id, limit=1)
    assert begun.id == "roof-20250601T120001Z"
    assert (begun.remaining_s, begun.device, begun.family, begun.firmware) == (300.0, "block", "toy", "1.0")
    assert ended is not None
    assert ended.remaining_s is None
    assert frames(file(home, begun.id)) == ["******:100 W\n", "******:100 W\n"]
    assert b"s3cret" not in file(home, begun.id).read_bytes()
    assert words is not None
    assert (words.frames, words.is_complete) == (2, True)
    assert [frame.content for frame in words.newest] == [{"line": "******:100 W"}]


@warped
async def test_only_its_owner_may_read_a_recording(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        begun = gateway.captures.start("roof", 60)
    assert stat.S_IMODE(file(home, begun.id).stat().st_mode) == 0o600
    assert stat.S_IMODE(file(home, begun.id).parent.stat().st_mode) == 0o700


@warped
async def test_a_recording_goes_on_over_a_reconnect_and_glues_no_halves_together(home: Home) -> None:
    roof = home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        begun = gateway.captures.start("roof", 600)
        roof.says = b"T1:half of a fra"
        await elapse(30)
        roof.is_away = True
        await elapse(60)
        roof.is_away, roof.says = False, b"T1:whole\n"
        await elapse(60)
    assert roof.opened == 2
    assert set(frames(file(home, begun.id))) == {"**:whole\n"}


@warped
async def test_a_recording_ends_in_time_by_itself(home: Home) -> None:
    home.add("roof").says = b"T1:100 W\n"
    async with home.open() as gateway:
        await elapse(1)
        gateway.captures.start("roof", 45)
        await elapse(300)
        (info,) = gateway.captures.all()
        assert info.remaining_s is None
        assert len(frames(file(home, info.id))) == 1
        gateway.captures.start("roof", 45)  # there is room for the next
        assert [found.id for found in gateway.captures.all()] == [
            "roof-20250601T120501Z",
            "roof-20250601T120001Z",
        ]


@warped
async def test_a_recording_ends_when_it_is_as_long_as_one_may_be(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "MOST_BYTES", 2000)
    home.add("roof").says = b"T1:" + b"x" * 400 + b"\n"
    async with home.open() as gateway:
        await elapse(1)
        gateway.captures.start("roof", 3600)
        await elapse(600)
        (info,) = gateway.captures.all()
        assert info.remaining_s is None
        assert 2000 < info.size_bytes < 4000


@warped
async def test_what_is_recorded_when_the_gateway_ends_has_its_closing_line(home: Home) -> None:
    home.add("roof").says = b"T1:100 W\n"
    async with home.open() as gateway:
        await elapse(1)
        begun = gateway.captures.start("roof", 3600)
        await elapse(30)
    async with home.open() as gateway:
        (info,) = gateway.captures.all()
        words = await gateway.captures.decoded(info.id, limit=100)
    assert info.id == begun.id
    assert (info.source, info.remaining_s) == ("roof", None)
    assert words is not None
    assert (words.is_complete, words.frames) == (True, 1)


@warped
async def test_a_codec_at_fault_ends_the_recording_and_never_the_polling(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    roof = home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        gateway.captures.start("roof", 3600)
        roof.says = b"poison"
        await elapse(120)
        (info,) = gateway.captures.all()
        assert info.remaining_s is None
        assert gateway.devices()[0].health is HealthState.GOOD
    assert roof.opened == 1
    assert "could not be cut into frames" in caplog.text


@warped
async def test_what_cannot_be_recorded_is_said(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        with pytest.raises(Unsupported, match="no source 'rof'"):
            gateway.captures.start("rof", 60)
        gateway.captures.start("roof", 60)
        with pytest.raises(CannotRecord, match="already"):
            gateway.captures.start("roof", 60)


@warped
async def test_so_many_are_kept_and_an_old_one_gives_way_only_to_its_owner(home: Home) -> None:
    home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        made = []
        for _ in range(MOST_KEPT):
            made.append(gateway.captures.start("roof", 60))
            gateway.captures.stop(made[-1].id)
        with pytest.raises(CannotRecord, match="32 recordings are kept already"):
            gateway.captures.start("roof", 60)
        assert gateway.captures.delete(made[0].id)
        assert not gateway.captures.delete(made[0].id)
        assert gateway.captures.start("roof", 60).id == made[0].id
    assert made[1].id == "roof-20250601T120001Z-2"


@warped
async def test_a_disk_that_takes_nothing_is_no_fault_of_ours(home: Home) -> None:
    home.add("roof")
    (home.directory / "captures").write_text("a file where a folder should be")
    async with home.open() as gateway:
        await elapse(1)
        with pytest.raises(CannotRecord):
            gateway.captures.start("roof", 60)


@warped
@pytest.mark.parametrize(
    ("source", "slug"),
    [
        ("Süd / <b>", "s-d-b"),
        ("../../etc", "etc"),
        ("日本", "source"),
        ("a" * 100, "a" * 40),
        ("..", "source"),
    ],
)
async def test_a_name_becomes_letters_that_every_file_system_takes(
    home: Home, source: str, slug: str
) -> None:
    home.add("roof")
    async with home.open() as gateway:
        await elapse(1)
        devices = gateway.devices()
        captures = Captures(home.directory, gateway.clock, lambda _source: devices)
        info = captures.start(source, 60)
        assert (info.id, info.source) == (f"{slug}-20250601T120001Z", source)
        captures.close()
        assert [found.id for found in captures.all()] == [info.id]


@warped
async def test_only_our_own_files_are_seen(home: Home) -> None:
    home.add("roof")
    folder = home.directory / "captures"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "roof-20250101T000000Z.jsonl").symlink_to("/etc/passwd")
    (folder / "roof-20250102T000000Z.jsonl").write_text("rubbish\n")
    async with home.open() as gateway:
        (damaged,) = gateway.captures.all()
        assert (damaged.id, damaged.family) == ("roof-20250102T000000Z", "?")
        with pytest.raises(CannotRecord, match="cannot be read as a recording"):
            await gateway.captures.decoded(damaged.id, limit=10)
        assert gateway.captures.content("roof-20250101T000000Z") is None
        assert gateway.captures.content("../site") is None
        assert gateway.captures.delete(damaged.id)
    assert (folder / "notes.txt").exists()
