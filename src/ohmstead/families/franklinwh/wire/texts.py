r"""The text a tunnel payload is checked by: no blanks, keys in the order they were written, everything above ASCII as
`\uXXXX`, and a CRC-32 over it. Source: all requests of a capture of the app.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping


def compact(payload: object) -> str:
    """Raises `ValueError` for what JSON has no words for: NaN and the infinities, which no gateway should be sent."""
    return json.dumps(_plain(payload), separators=(",", ":"), allow_nan=False)


def spaced(payload: object) -> str:
    """The looser text by which the length of a reply is counted: `{ "opt": 0, "lightStat": [ 2, 2 ] }`."""
    match payload:
        case Mapping():
            inside = ", ".join(f"{json.dumps(key)}: {spaced(value)}" for key, value in payload.items())
            return f"{{ {inside} }}"
        case list() | tuple():
            return f"[ {', '.join(spaced(value) for value in payload)} ]"
        case _:
            return json.dumps(payload)


def crc(text: str) -> str:
    return f"{zlib.crc32(text.encode('ascii', 'backslashreplace')):08X}"


def _plain(payload: object) -> object:
    """`json` knows `dict` and no other mapping."""
    return dict(payload) if isinstance(payload, Mapping) else payload
