"""Bodies as they must not be: what a fault makes of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ohmstead.families.tesla_wall_connector.simulator.faults import Rule

PAGE: Final = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
DEEP: Final = 100_000
HUGE_BYTES: Final = 8_000_000
CUT_BYTES: Final = 60
_DECIMAL: Final = re.compile(rb"-?\d+\.\d+")


def _instead(token: bytes) -> Callable[[bytes, Rule], bytes]:
    return lambda body, _rule: _DECIMAL.sub(token, body, count=1)


def _always(body: bytes) -> Callable[[bytes, Rule], bytes]:
    return lambda _body, _rule: body


SPOILED: Final[Mapping[str, Callable[[bytes, Rule], bytes]]] = MappingProxyType(
    {
        "truncated": lambda body, _: body.removesuffix(b"}"),
        "cut": lambda body, rule: body[: CUT_BYTES if rule.size is None else rule.size],
        "nan": _instead(b"nan"),
        "infinite": _instead(b"inf"),
        "impossible": _instead(b"1e40"),
        "wrong-type": _instead(b'"much"'),
        "unknown-field": lambda body, _: body.replace(b"{", b'{"flux_capacitor_v":1.21,', 1),
        "html": _always(PAGE),
        "empty": _always(b""),
        "null": _always(b"null"),
        "list": _always(b"[1,2,3]"),
        "encoding": lambda body, _: body.replace(b'"', b'"\xff\xfe', 1),
        "deep": _always(b"[" * DEEP),
        "huge": lambda _body, rule: b"7" * (rule.size or HUGE_BYTES),
    }
)
