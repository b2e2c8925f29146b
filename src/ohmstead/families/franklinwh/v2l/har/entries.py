"""A HAR file of a debugging proxy, cut down to the exchanges with this cloud, bodies decoded as far as they can be.

The file comes from somebody's phone: it may be compressed, huge, cut, or not what its name says.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import msgspec

from ohmstead.model import BadAnswer

PREFIXES: Final = (
    "hes-gateway/terminal/",
    "hes-gateway/manage/",
    "hes-gateway/common/",
    "hes-gateway/newApi/",
    "api-energy/",
    "api-smart/",
)
"""Of the paths of this cloud. Anything else in the file is other apps' business."""
LIMIT_BYTES: Final = 256 * 1024 * 1024
"""Unpacked. An hour of an app is some megabytes."""
TUNNEL: Final = "sendMqtt"
GZIP: Final = b"\x1f\x8b"

Fields = Mapping[str, Any]
"""JSON of the vendor's: any value."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One exchange."""

    number: int
    """Of the entry in the file, from 1."""
    at_s: float | None
    """Since the file's first entry; None where the file gives no time."""
    method: str
    path: str
    """From its prefix on, without query."""
    query: Fields = {}
    request: Fields = {}
    """JSON or form body; of a tunnel call the envelope with its `dataArea` opened."""
    answer: Any = None  # Any: JSON
    """`result` or `data` of the answer, of a tunnel call with its `dataArea` opened; None: no body recorded."""
    has_request_body: bool = False
    remark: str = ""

    @property
    def is_tunnel(self) -> bool:
        return self.path.endswith(f"/{TUNNEL}")

    @property
    def command(self) -> int | None:
        """Of a tunnel call."""
        said = self.request.get("cmdType") if self.is_tunnel else None
        return said if isinstance(said, int) and not isinstance(said, bool) else None

    @property
    def written(self) -> Fields:
        """What the request carries for the gateway: the payload of a tunnel call, else body and query together."""
        if self.is_tunnel:
            return _mapping(self.request.get("dataArea"))
        return {**self.query, **self.request}

    @property
    def told(self) -> Fields:
        """What the answer carries of the gateway."""
        answer = _mapping(self.answer)
        return _mapping(answer.get("dataArea")) if self.is_tunnel else answer


def read_entries(data: bytes) -> tuple[Entry, ...]:
    """The exchanges with this cloud. Raises `BadAnswer` for what is no HAR, or holds none."""
    document = _document(_unpacked(data))
    log = _mapping(_mapping(document).get("log"))
    listed = log.get("entries")
    if not isinstance(listed, list):
        raise BadAnswer(
            "this is no HAR file: it has no log.entries. Export the session as HAR 1.2 and try again."
        )
    start: datetime | None = None
    found = []
    for number, raw in enumerate(listed, 1):
        at = _instant(_mapping(raw).get("startedDateTime"))
        start = start or at
        entry = _entry(number, _mapping(raw), (at - start).total_seconds() if at and start else None)
        if entry is not None:
            found.append(entry)
    if not found:
        raise BadAnswer(
            f"none of the {len(listed)} exchanges in this file is with the FranklinWH cloud; was the app's traffic decrypted?"
        )
    return tuple(found)


def _entry(number: int, raw: Fields, at_s: float | None) -> Entry | None:
    request = _mapping(raw.get("request"))
    path, query = _path(request.get("url"))
    if not path:
        return None
    body = _request_body(_mapping(request.get("postData")))
    content = _mapping(_mapping(raw.get("response")).get("content"))
    answer = _json(_text(content))
    remark = "" if body is not None or str(request.get("method")).upper() == "GET" else "no body recorded"
    return Entry(
        number=number,
        at_s=None if at_s is None else round(at_s, 3),
        method=str(request.get("method") or "GET").upper(),
        path=path,
        query=query,
        request=_opened(body or {}),
        answer=_opened(_result(answer)),
        has_request_body=body is not None,
        remark=remark,
    )


def _path(url: object) -> tuple[str, Fields]:
    """From a prefix of this cloud on; empty for anybody else's address."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return "", {}
    at = next((parts.path.index(prefix) for prefix in PREFIXES if f"/{prefix}" in parts.path), None)
    return ("", {}) if at is None else (parts.path[at:], dict(parse_qsl(parts.query, keep_blank_values=True)))


def _request_body(post: Fields) -> Fields | None:
    """None: no body recorded."""
    text = _text(post)
    if not text:
        listed = post.get("params")
        pairs = [_mapping(item) for item in listed] if isinstance(listed, list) else []
        return {str(pair.get("name")): pair.get("value") for pair in pairs} or None
    body = _json(text)
    if body is None:
        return dict(parse_qsl(text, keep_blank_values=True))
    return _mapping(body)


def _text(content: Fields) -> str:
    text = content.get("text")
    if not isinstance(text, str):
        return ""
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text, validate=False).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _opened(fields: Any) -> Any:  # Any: JSON
    """A tunnel's `dataArea` may be a text: JSON within JSON."""
    if isinstance(fields, dict) and isinstance(fields.get("dataArea"), str):
        return {**fields, "dataArea": _json(fields["dataArea"])}
    return fields


def _result(answer: Any) -> Any:  # Any: JSON
    envelope = _mapping(answer)
    return envelope.get("result", envelope.get("data"))


def _json(text: str) -> Any:  # Any: JSON; None for what is none
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def _document(data: bytes) -> Any:  # Any: JSON
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadAnswer(f"this is no HAR file: {error}.") from error


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(GZIP):
        return _bounded(data)
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            unpacked = stream.read(LIMIT_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadAnswer(f"this file is compressed, and damaged: {error}.") from error
    return _bounded(unpacked)


def _bounded(data: bytes) -> bytes:
    if len(data) > LIMIT_BYTES:
        raise BadAnswer(
            f"this file is larger than {LIMIT_BYTES // 1024 // 1024} MiB; export a shorter session."
        )
    return data


def _instant(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _mapping(value: object) -> Fields:
    return value if isinstance(value, dict) else {}
