"""What a user has saved, to the bytes of a body: raw bytes, hex in any dress, a whole HTTP message, a printout."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.decode.participants import printed_numbers
from ohmstead.model import WireError

REPLACEMENT: Final = b"\xef\xbf\xbd"
DAMAGED: Final = (
    "the bytes EF BF BD stand where a browser could not show a byte: this copy is damaged and cannot be repaired. "
    "Export the bytes from a packet capture instead."
)
_HTTP: Final = re.compile(rb"(?:(?:GET|POST) \S+ HTTP/1\.[01]|HTTP/1\.[01] \d{3})[^\r\n]*\r?\n")
_OFFSET: Final = re.compile(r"^\s*[0-9a-fA-F]{4,8}(?::|\s{2,})", re.MULTILINE)
_BYTES: Final = re.compile(r"(?:[0-9a-fA-F]{2}){1,8}")
LINE_BYTES: Final = 16
"""Of a dump; what follows on the line is a picture of them."""
_DRESS: Final = re.compile(r"0x|[\s:,]", re.IGNORECASE)


class Given(msgspec.Struct, frozen=True, kw_only=True):
    body: bytes = b""
    printed: tuple[int, ...] = ()
    """Numbers of members that an old decoder printed, instead of a body."""
    warning: str = ""


def given(data: bytes) -> Given:
    """Raises `WireError` when it is empty."""
    if not data.strip():
        raise WireError("there is nothing to decode")
    text = _text(data)
    if text is not None:
        if printed := printed_numbers(text):
            return Given(printed=printed)
        if (unhexed := _unhexed(text)) is not None:
            data = unhexed
    body = _without_http(data)
    return Given(body=body, warning=DAMAGED if REPLACEMENT in body else "")


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        return None
    return text if all(c.isprintable() or c in "\r\n\t" for c in text) else None


def _unhexed(text: str) -> bytes | None:
    """None when it is no hex."""
    bare = "".join(map(_dumped, text.splitlines())) if _is_dump(text) else text
    digits = _DRESS.sub("", bare)
    if not digits or len(digits) % 2 or not re.fullmatch(r"[0-9a-fA-F]+", digits):
        return None
    return bytes.fromhex(digits)


def _dumped(line: str) -> str:
    """The bytes of one line, between its offset and its picture."""
    found = ""
    for word in _OFFSET.sub("", line, count=1).split():
        if len(found) >= 2 * LINE_BYTES or not _BYTES.fullmatch(word):
            break
        found += word
    return found


def _is_dump(text: str) -> bool:
    """Every line begins with its offset, and the first one is 0."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = [_OFFSET.match(line) for line in lines]
    offsets = [int(m[0].strip().rstrip(":"), 16) for m in found if m]
    # A last line may hold nothing but the size.
    return len(offsets) >= max(len(lines) - 1, 1) and offsets[0] == 0 and offsets == sorted(offsets)


def _without_http(data: bytes) -> bytes:
    if not _HTTP.match(data):
        return data
    head, _, body = data.partition(b"\r\n\r\n") if b"\r\n\r\n" in data else data.partition(b"\n\n")
    return _dechunked(body) if re.search(rb"transfer-encoding:\s*chunked", head, re.IGNORECASE) else body


def _dechunked(body: bytes) -> bytes:
    """As far as the chunks are whole; a copy may end within one."""
    whole = bytearray()
    while body:
        size_text, _, rest = body.partition(b"\r\n")
        try:
            size = int(size_text.split(b";")[0], 16)
        except ValueError:
            return bytes(whole) if whole else body
        if size == 0:
            break
        whole += rest[:size]
        body = rest[size:].removeprefix(b"\r\n")
    return bytes(whole)
