"""A recording: what is in its file, and what is made of a file that was cut off or is none."""

# ruff: noqa: ASYNC240  # the warp loop has no threads: a test reads its file itself

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ohmstead.kit.link import CaptureHeader, CaptureWriter, Link, Record, listen, read_capture, tcp
from ohmstead.model import ConfigError, ScaledClock
from ohmstead.testing import elapse, warped

START = datetime(2024, 6, 21, 12, 0, tzinfo=UTC)
HEADER = CaptureHeader(
    device="invented inverter",
    family="acme",
    firmware="1.2",
    recorded_by="its owner",
    started_at=START,
    redaction="serials are zeros",
)


class LinesCodec:
    """An invented wire of lines; what stands before a colon is secret."""

    def __init__(self) -> None:
        self._held = {"<": b"", ">": b""}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        *lines, self._held[direction] = (self._held[direction] + data).split(b"\n")
        return [b"*" * line.find(b":") + line[line.find(b":") :] + b"\n" for line in lines if b":" in line]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:
        return {"line": frame.decode()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "day.jsonl"


def writer(path: Path) -> CaptureWriter:
    return CaptureWriter(path, HEADER, LinesCodec(), ScaledClock(START))


@warped
async def test_a_capture_is_lines_of_json_with_a_header_and_a_closing_line(path: Path) -> None:

    capture = writer(path)
    capture.tap(">", b"s3cret:read\n")
    await elapse(0.25)
    capture.tap("<", b"rubbish\ns3cr")
    capture.tap("<", b"et:42\nunfin")
    await elapse(1)
    capture.close()

    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {
            "ohmstead_capture": 1,
            "device": "invented inverter",
            "family": "acme",
            "firmware": "1.2",
            "recorded_by": "its owner",
            "started_at": "2024-06-21T12:00:00Z",
            "redaction": "serials are zeros",
        },
        {"at_ms": 0.0, "direction": ">", "frame_hex": "2a2a2a2a2a2a3a726561640a"},
        {"at_ms": 250.0, "direction": "<", "frame_hex": "2a2a2a2a2a2a3a34320a"},
        {"at_ms": 1250.0, "outside_bytes": {"<": 13, ">": 0}},
    ]


@warped
async def test_what_was_written_is_read_again(path: Path) -> None:
    capture = writer(path)
    capture.tap(">", b"a:b\n")
    capture.close()

    again = read_capture(path)

    assert again.header == HEADER
    assert again.records == (Record(START, ">", b"*:b\n"),)
    assert again.is_complete
    assert again.outside_bytes == {"<": 0, ">": 0}


@warped
async def test_a_recording_that_was_cut_off_lacks_its_last_line_and_nothing_else(path: Path) -> None:
    capture = writer(path)
    capture.tap(">", b"a:b\n")
    capture.tap("<", b"c:d\n")
    whole = path.read_bytes()  # on disk before it is closed
    capture.close()
    path.write_bytes(whole[:-7])

    again = read_capture(path)

    assert [record.frame for record in again.records] == [b"*:b\n"]
    assert not again.is_complete
    assert again.outside_bytes == {}


@warped
async def test_a_capture_is_never_overwritten(path: Path) -> None:
    path.write_text("precious")

    with pytest.raises(ConfigError, match=r"day\.jsonl: exists already"):
        writer(path)
    assert path.read_text() == "precious"


@warped
async def test_a_place_that_cannot_be_written_is_a_wrong_setting(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written: No such file or directory"):
        writer(path.parent / "missing" / "day.jsonl")


@warped
async def test_after_its_end_a_capture_hears_nothing(path: Path) -> None:
    capture = writer(path)
    capture.close()
    size = path.stat().st_size
    capture.tap(">", b"a:b\n")
    capture.close()

    assert path.stat().st_size == size


def use_up_the_disk(capture: CaptureWriter) -> None:
    assert capture._file is not None
    capture._file.close()
    capture._file = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  # the writer closes it


@warped
async def test_trouble_with_the_disk_ends_the_recording_and_not_the_connection(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def echo(link: Link) -> None:
        while True:
            await link.send(await link.receive())

    capture = writer(path)
    use_up_the_disk(capture)
    async with listen(echo) as listener, tcp("127.0.0.1", listener.port, tap=capture.tap)() as link:
        for _ in range(2):
            await link.send(b"a:b\n")
            assert await link.receive() == b"a:b\n"
    capture.close()

    assert caplog.text.count("the capture of invented inverter ends here") == 1


FIRST = (
    b'{"ohmstead_capture":1,"device":"d","family":"f","firmware":"","recorded_by":"","redaction":"",'
    b'"started_at":"2024-06-21T12:00:00Z"}\n'
)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "is empty"),
        (b"no end of line", "is empty"),
        (b"\x89PNG\r\n\x1a\n", r"jsonl:1: is no line of a capture"),
        (b"[]\n", r"jsonl:1: is no line of a capture: Expected `object`"),
        (FIRST.replace(b":1,", b":2,", 1), r"jsonl:1: is no line of a capture: Invalid enum value 2"),
        (FIRST + b'{"at_ms":"soon"}\n', r"jsonl:2: is no line of a capture: Expected `float`"),
        (FIRST + b"\xff\xfe\n" + b'{"at_ms":1}\n', r"jsonl:2: is no line of a capture"),
        (
            FIRST.replace(b"00Z", b"00"),
            r"jsonl:1: is no line of a capture: Expected `datetime` with a timezone",
        ),
        (FIRST + b'{"at_ms":1,"direction":"?","frame_hex":""}\n', r"jsonl:2: is no line of a capture"),
        (FIRST + b'{"at_ms":1,"direction":"<","frame_hex":"6"}\n', r"jsonl:2: is no line of a capture"),
        (FIRST + b'{"at_ms":1e300,"direction":"<","frame_hex":"68"}\n', r"jsonl:2: is no line of a capture"),
    ],
)
def test_what_is_no_capture_is_refused_with_its_line(path: Path, content: bytes, complaint: str) -> None:
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=complaint):
        read_capture(path)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file or directory"):
        read_capture(path)


def test_offsets_become_instants(path: Path) -> None:
    path.write_bytes(FIRST + b'{"at_ms":1500.5,"direction":"<","frame_hex":"68aa"}\n')

    assert read_capture(path).records == (Record(START + timedelta(seconds=1.5005), "<", b"\x68\xaa"),)
