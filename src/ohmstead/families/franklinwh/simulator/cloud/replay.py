"""Answers of a recording in place of our own: each call gets those it got then, in order, and the last one from then on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.endpoints import SEND_MQTT
from ohmstead.kit.link import Record, read_capture
from ohmstead.kit.link.http_serving import HttpReply
from ohmstead.model import ConfigError

JSON_TYPE: Final = "application/json;charset=UTF-8"
_REQUEST: Final = re.compile(rb"(GET|POST) /([^ ?]*)[^ ]* HTTP")
_ANSWER: Final = re.compile(rb"HTTP/1\.[01] (\d{3})")
Key = tuple[str, str, int]
"""Method, path, and of the tunnel the command."""


class Replay:
    def __init__(self, answers: dict[Key, list[HttpReply]]) -> None:
        self._answers = answers

    def answer(self, method: str, path: str, body: bytes) -> HttpReply | None:
        """None for a call that was not recorded."""
        found = self._answers.get(_key(method, path, body))
        if not found:
            return None
        return found.pop(0) if len(found) > 1 else found[0]


def read_replay(path: Path) -> Replay:
    """Raises `ConfigError` for what is no recording of this family."""
    answers: dict[Key, list[HttpReply]] = {}
    asked: Key | None = None
    for record in read_capture(path).records:
        if record.direction == ">":
            asked = _asked(record)
        elif asked is not None and (reply := _answered(record)) is not None:
            answers.setdefault(asked, []).append(reply)
            asked = None
    if not answers:
        raise ConfigError(f"{path} holds no call with an answer of this family's cloud.")
    return Replay(answers)


def _asked(record: Record) -> Key | None:
    first, _, body = record.frame.partition(b"\r\n\r\n")
    found = _REQUEST.match(first)
    return _key(found[1].decode(), found[2].decode("utf-8", "replace"), body) if found else None


def _answered(record: Record) -> HttpReply | None:
    first, _, body = record.frame.partition(b"\r\n\r\n")
    found = _ANSWER.match(first)
    return HttpReply(status=int(found[1]), body=body, headers={"content-type": JSON_TYPE}) if found else None


def _key(method: str, path: str, body: bytes) -> Key:
    return method, path, _command(body) if path == SEND_MQTT.path else 0


def _command(body: bytes) -> int:
    try:
        found = msgspec.json.decode(body, type=_Command)
    except (msgspec.DecodeError, RecursionError):
        return 0
    return found.cmd_type


class _Command(msgspec.Struct, frozen=True):
    cmd_type: int = msgspec.field(default=0, name="cmdType")
