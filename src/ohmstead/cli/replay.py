"""`ohmstead replay`: say offline, frame by frame, what a recording contains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from ohmstead.kit.console import Table, command, json_option, note, show
from ohmstead.kit.link import Capture, CaptureHeader, read_capture
from ohmstead.kit.registry.recordings import FrameInWords, frames_in_words

WAYS: Final = {"<": "from the device", ">": "to the device"}


class ReplayDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `ohmstead replay --json` prints."""

    header: CaptureHeader
    is_complete: bool
    outside_bytes: Mapping[str, int]
    frames: tuple[FrameInWords, ...]


@command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def replay(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes by name
    """Decode the recording FILE frame by frame, without any device."""
    document = replayed(read_capture(file))
    show(document, lambda: tables(document), as_json=as_json)
    if not document.is_complete:
        note(f"{file} was cut off: its closing line is missing.")


def replayed(capture: Capture) -> ReplayDocument:
    return ReplayDocument(
        header=capture.header,
        is_complete=capture.is_complete,
        outside_bytes=capture.outside_bytes,
        frames=tuple(frames_in_words(capture.header.family, capture.records)),
    )


def tables(document: ReplayDocument) -> Iterator[Table]:
    header = document.header
    outside = ", ".join(f"{count} B {WAYS[way]}" for way, count in document.outside_bytes.items() if count)
    yield Table(
        title="Recording",
        columns=("of", header.device),
        rows=(
            ("family", header.family),
            ("firmware", header.firmware or "–"),
            ("recorded by", header.recorded_by),
            ("started at", header.started_at.isoformat(timespec="seconds")),
            ("blanked", header.redaction),
            ("outside frames", outside or "–"),
        ),
    )
    yield Table(
        title=f"{len(document.frames)} frames",
        columns=("after", "", "bytes", "content"),
        rows=tuple(
            (
                f"{(frame.at - header.started_at).total_seconds():.3f} s",
                frame.direction,
                str(frame.size),
                words(frame.content),
            )
            for frame in document.frames
        ),
        right=frozenset({"after", "bytes"}),
    )


def words(content: Mapping[str, Any]) -> str:  # Any: JSON
    """`name` first, if the family gives one, and the rest as it is."""
    return ", ".join(f"{key} {value}" for key, value in content.items())
