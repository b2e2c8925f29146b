"""Bodies as they must not be: what a fault makes of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

DEEP: Final = 100_000
HUGE_BYTES: Final = 8_000_000
PAGE: Final = b"<html><head><title>%d</title></head><body><center><h1>%d</h1></center></body></html>"
"""What a content network says when nobody answers it."""
_DECIMAL: Final = re.compile(rb"(?<=:)-?\d+\.\d+")


def page(status: int) -> bytes:
    return PAGE % (status, status)


def _number(token: bytes) -> Callable[[bytes], bytes]:
    return lambda body: _DECIMAL.sub(token, body)


SPOILED: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        "truncate-json": lambda body: body[: len(body) // 2],
        "empty-body": lambda _: b"",
        "html": lambda _: page(200),
        "null": lambda _: b"null",
        "list": lambda _: b"[1,2,3]",
        "encoding": lambda body: body.replace(b'":"', b'":"\xff\xfe', 1),
        "deep": lambda _: b"[" * DEEP,
        "huge": lambda _: b"7" * HUGE_BYTES,
        "nan": _number(b"NaN"),
        "infinite": _number(b"Infinity"),
        "impossible": _number(b"1e40"),
        "wrong-type": _number(b'"much"'),
        "unknown-field": lambda body: body.replace(b"{", b'{"fluxCapacitor":1.21,'),
    }
)
"""By the name of the fault. Those of numbers change every number with a point."""
