from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ohmstead.families.franklinwh.capture import FranklinWHCodec
from ohmstead.families.franklinwh.simulator.cloud.replay import read_replay
from ohmstead.kit.link import CaptureHeader, CaptureWriter
from ohmstead.model import ConfigError, RealClock
from ohmstead.testing import warped

T = "/hes-gateway/terminal/"
HEADER = CaptureHeader(
    device="gateway",
    family="franklinwh",
    firmware="unknown",
    recorded_by="a test",
    started_at=datetime(2026, 6, 20, tzinfo=UTC),
    redaction="texts",
)


def message(first: str, body: str = "") -> bytes:
    return f"{first}\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def recording(path: Path, *messages: tuple[str, bytes]) -> Path:
    writer = CaptureWriter(path, HEADER, FranklinWHCodec(), RealClock())
    for direction, data in messages:
        writer.tap(direction, data)
    writer.close()
    return path


@pytest.fixture
def two_answers(tmp_path: Path) -> Path:
    asked = message(f"GET {T}getOffGridFlag?gatewayId=10060005A02X00000001 HTTP/1.1")
    pairs = [
        (">", asked),
        ("<", message("HTTP/1.1 200 OK", '{"code":200,"result":{"offGridFlag":1}}')),
        (">", asked),
        ("<", message("HTTP/1.1 200 OK", '{"code":136,"message":"Current gateway offline","result":null}')),
    ]
    return recording(tmp_path / "two.jsonl", *pairs)


@warped
async def test_recorded_answers_come_in_their_order_and_the_rest_is_live(
    bench: Any, two_answers: Path
) -> None:
    async with bench(capture=str(two_answers)) as cloud:
        codes = [(await cloud.get("getOffGridFlag"))["code"] for _ in range(3)]
        live = await cloud.runtime()

    assert codes == [200, 136, 136]
    assert live["report_type"] == 1


def test_tunnel_answers_are_told_apart_by_their_command(tmp_path: Path) -> None:
    told = []
    for command in (311, 353):
        told += [
            (">", message(f"POST {T}sendMqtt HTTP/1.1", f'{{"cmdType":{command},"dataArea":{{"opt":0}}}}')),
            ("<", message("HTTP/1.1 200 OK", f'{{"code":200,"result":{{"cmdType":{command + 1}}}}}')),
        ]
    replay = read_replay(recording(tmp_path / "tunnel.jsonl", *told))

    found = replay.answer("POST", f"{T[1:]}sendMqtt", b'{"cmdType":353}')
    assert found is not None
    assert b"354" in found.body
    assert replay.answer("POST", f"{T[1:]}sendMqtt", b'{"cmdType":211}') is None


def test_a_recording_without_calls_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no call"):
        read_replay(recording(tmp_path / "empty.jsonl"))
