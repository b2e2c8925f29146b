"""The `sendMqtt` envelope, both roles. The payload is written once and that very text is spliced in: written twice, a
blank or another order of keys would break its checksum.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.wire.reading import read_json, whole
from ohmstead.families.franklinwh.wire.texts import compact, crc, spaced
from ohmstead.model import WireError

LANGUAGE: Final = "EN_US"


class TunnelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request as the cloud sees it."""

    command: int
    gateway: str
    payload: dict[str, Any]  # Any: each command has its own
    number: int
    at_s: int
    is_intact: bool
    """Length and checksum agree with the payload."""


class TunnelReply(msgspec.Struct, frozen=True, kw_only=True):
    command: int | None
    payload: dict[str, Any]  # Any: each command has its own
    number: int | None


def request(
    command: int,
    payload_text: str,
    *,
    gateway: str,
    at_s: int,
    number: int,
    language: str | None = LANGUAGE,
) -> bytes:
    """The body of a request; `payload_text` as `compact` writes it. The app leaves the language out."""
    head = compact(
        ({} if language is None else {"lang": language})
        | {
            "cmdType": command,
            "equipNo": gateway,
            "type": 0,
            "timeStamp": at_s,
            "snno": number,
            "len": len(payload_text),
            "crc": crc(payload_text),
        }
    )
    return f'{head[:-1]},"dataArea":{payload_text}}}'.encode("ascii")


def read_request(body: bytes) -> TunnelRequest:
    """Raises `WireError` for what names no command or carries no payload."""
    raw = read_json(body)
    if not isinstance(raw, dict):
        raise WireError("a tunnel request is a JSON object", body[:64])
    command = whole(raw.get("cmdType"))
    payload = _payload(raw.get("dataArea"))
    if command is None or payload is None:
        raise WireError("a tunnel request has a number as cmdType and an object as dataArea", body[:64])
    text = _sent_text(raw["dataArea"], body)
    return TunnelRequest(
        command=command,
        gateway=str(raw.get("equipNo") or ""),
        payload=payload,
        number=whole(raw.get("snno")) or 0,
        at_s=whole(raw.get("timeStamp")) or 0,
        is_intact=whole(raw.get("len")) == len(text) and raw.get("crc") == crc(text),
    )


def _sent_text(payload: object, body: bytes) -> str:
    """The payload as the checksum wants it; one that came as a text is taken as it came."""
    try:
        return payload if isinstance(payload, str) else compact(payload)
    except ValueError as error:
        raise WireError(f"a payload's numbers are finite: {error}", body[:64]) from None


def reply(
    asked: TunnelRequest, payload: Mapping[str, object], *, reply_command: int, at_s: int, number: int
) -> dict[str, object]:
    """The `result` of an answer: its payload as a text, its length counted over the loose one plus one (captures), and
    a checksum nobody has been able to reproduce.
    """
    return {
        "cmdType": reply_command,
        "equipNo": asked.gateway,
        "type": 0,
        "timeStamp": at_s,
        "snno": number,
        "len": len(spaced(payload)) + 1,
        "crc": crc(compact(payload)),
        "dataArea": compact(payload),
    }


def read_reply(result: object) -> TunnelReply:
    """Length and checksum of a reply are not judged: what they count is not known. Raises `WireError`."""
    if not isinstance(result, dict):
        raise WireError(f"a tunnel reply is an object, not {type(result).__name__}")
    payload = _payload(result.get("dataArea"))
    if payload is None:
        raise WireError("a tunnel reply carries an object as dataArea, also as a text")
    return TunnelReply(
        command=whole(result.get("cmdType")), payload=payload, number=whole(result.get("snno"))
    )


def _payload(value: object) -> dict[str, Any] | None:  # Any: each command has its own
    if isinstance(value, str):
        value = read_json(value.encode("utf-8", "replace"))
    return value if isinstance(value, dict) else None
