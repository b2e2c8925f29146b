"""What a recording promises: whole frames, readable, and nothing in it that tells whose device it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

from ohmstead.kit.registry import load
from ohmstead.model import CaptureCodec
from ohmstead.testing.contract.bench import Traffic, at_home, read_once
from ohmstead.testing.contract.promise import Subject, expect
from ohmstead.testing.contract.samples import SHORTEST_SECRET

Frames = list[tuple[str, bytes]]


async def a_capture_blanks_every_serial(subject: Subject) -> None:
    traffic = Traffic()
    async with at_home(subject, traffic) as (_, source):
        await read_once(source)
        serials = {info.serial for info in source.devices().values() if len(info.serial) >= SHORTEST_SECRET}
    _expect_both_directions(traffic)
    if subject.card.capture:
        recorded = b"".join(frame for _, frame in _frames(_codec(subject), traffic.passed))
        for form in (form for serial in serials for form in _forms(serial)):
            expect(form not in recorded, f"the capture holds the serial number as {form!r}")


async def a_capture_is_the_same_however_the_stream_was_cut(subject: Subject) -> None:
    traffic = Traffic()
    async with at_home(subject, traffic) as (_, source):
        await read_once(source)
    if subject.card.capture:
        whole = _frames(_codec(subject), traffic.passed)
        cut = _frames(_codec(subject), _bytewise(traffic.passed))
        expect(whole, "the capture holds no frame")
        expect(whole == cut, "other frames come out when the stream arrives byte by byte")


async def every_captured_frame_can_be_described(subject: Subject) -> None:
    traffic = Traffic()
    async with at_home(subject, traffic) as (_, source):
        await read_once(source)
    if subject.card.capture:
        codec = _codec(subject)
        for direction, frame in _frames(_codec(subject), traffic.passed):
            expect(codec.describe(direction, frame), f"nothing is said of the frame {frame.hex()}")


async def rubbish_in_a_capture_raises_nothing(subject: Subject) -> None:
    if subject.card.capture:
        codec, random = _codec(subject), Random(1)
        for _ in range(200):
            for direction in "<>":
                codec.frames(direction, random.randbytes(random.randint(1, 300)))


def _codec(subject: Subject) -> CaptureCodec:
    codec: CaptureCodec = load(subject.card.capture)()
    return codec


def _frames(codec: CaptureCodec, passed: Iterable[tuple[str, bytes]]) -> Frames:
    return [(direction, frame) for direction, data in passed for frame in codec.frames(direction, data)]


def _bytewise(passed: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    return ((direction, bytes((byte,))) for direction, data in passed for byte in data)


def _expect_both_directions(traffic: Traffic) -> None:
    for direction in "<>":
        expect(any(found == direction for found, _ in traffic.passed), f"the tap saw no {direction} traffic")


def _forms(serial: str) -> Iterator[bytes]:
    """As text, and packed two digits a byte."""
    yield serial.encode()
    try:
        packed = bytes.fromhex(serial)
    except ValueError:
        return
    yield packed
    yield packed[::-1]
