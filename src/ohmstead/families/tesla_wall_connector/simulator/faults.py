"""What can go wrong on purpose, each fault by itself: `--fault html:chance=0.2`, `--fault slow:s=4,for=60`.

`path` is the last part of what is asked for, such as vitals or v1.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.kit import faults
from ohmstead.kit.faults import LIMITS, Menu
from ohmstead.model import Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "truncated": "The last brace is missing.",
        "cut": "Only the first `bytes` bytes of the body (60).",
        "nan": "The first number with a point is a bare nan.",
        "infinite": "The first number with a point is inf.",
        "impossible": "The first number with a point is 1e40.",
        "wrong-type": "The first number with a point is a text.",
        "unknown-field": "A field that nobody knows.",
        "html": "An error page, with status 200.",
        "empty": "No body.",
        "null": "The body is null.",
        "list": "The body is a list.",
        "encoding": "Bytes that are no UTF-8.",
        "deep": "Brackets, 100,000 deep.",
        "huge": "`bytes` bytes of text (8,000,000).",
        "error-500": "Status 500, as when the unit is busy.",
        "slow": "`s` seconds more (4).",
        "silence": "Taken, and never answered.",
        "half": "Half the reply, then the end of the connection.",
        "reset": "The connection is broken off.",
        "close": "The connection ends after each reply.",
        "refuse": "No connections, until the rule ends.",
        "lost-ack": "A change is done, and its reply lost.",
        "ignored-write": "A change is acknowledged, and not done.",
        "late-write": "A change is acknowledged, and done `s` seconds later (5).",
        "refused": "The configuration channel says error `code` (14).",
    }
)
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **LIMITS,
        "path": "only for requests that end in this, such as vitals",
        "s": "seconds, where the fault has a duration",
        "bytes": "a size, where it has one",
        "code": "of the error",
    }
)


class Rule(faults.Rule, kw_only=True):
    path: str = ""
    seconds: float | None = msgspec.field(default=None, name="s")
    size: int | None = msgspec.field(default=None, name="bytes")
    code: int = 14


MENU: Final = Menu(rule=Rule, kinds=KINDS, parameters=PARAMETERS, example="html:chance=0.2,path=vitals")


class Faults(faults.Faults[Rule]):
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(MENU, random, faults)

    def strike(self, *kinds: str, path: str = "") -> Rule | None:
        """The first fault of these kinds that happens now; counts it."""
        return self.first(kinds, lambda rule: path.endswith(rule.path))
