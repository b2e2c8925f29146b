"""What can go wrong on purpose, each fault by itself: `--fault rate-limit:how=body,times=3`, `--fault gateway-slow:s=20,for=60`."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Annotated, Final

import msgspec

from ohmstead.kit import faults
from ohmstead.kit.faults import LIMITS, Menu
from ohmstead.model import Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "token-expire": "The token of the call is forgotten; once, if not told otherwise.",
        "gateway-offline": "The cloud has lost the gateway.",
        "gateway-slow": "The gateway takes `s` seconds more (20); the cloud does not wait as long.",
        "stored-answer": "A stored record in place of a live one.",
        "empty-payload": "The polled record is null.",
        "rate-limit": "Too many calls, by `how` http or body; `retry_after` seconds.",
        "cdn-error": "A page of HTML with status `code` (502).",
        "permission-denied": "Not provisioned; only for `command`, if given.",
        "silent-discard": "A write is acknowledged and not done; only of `write`, if given.",
        "late-write": "A write is acknowledged, and done `s` seconds later (20).",
        "drop-connection": "The call is done, and its connection broken off before the answer.",
        "truncate-json": "Half of the answer.",
        "empty-body": "No body at all.",
        "html": "A page of HTML, with status 200.",
        "null": "The body is null.",
        "list": "The body is a list.",
        "encoding": "Bytes that are no UTF-8.",
        "deep": "Brackets, 100,000 deep.",
        "huge": "8,000,000 bytes of digits.",
        "nan": "Every number with a point is a bare NaN.",
        "infinite": "Every number with a point is Infinity.",
        "impossible": "Every number with a point is 1e40.",
        "wrong-type": "Every number with a point is a text.",
        "unknown-field": "Fields that nobody knows.",
    }
)
WRITES: Final = (
    "mode",
    "reserve",
    "off-grid",
    "generator",
    "circuits",
    "v2l",
    "power",
    "storm",
    "tariff",
    "leds",
)
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        **LIMITS,
        "path": "only for calls that end in this",
        "s": "seconds, for gateway-slow and late-write",
        "code": "status, for cdn-error",
        "how": "http or body, for rate-limit",
        "retry_after": "seconds, for rate-limit",
        "command": "only this tunnel command, for permission-denied",
        "write": f"only this kind of write, for silent-discard: {', '.join(WRITES)}",
    }
)


class Rule(faults.Rule, kw_only=True):
    path: str = ""
    s: float = 20.0
    code: Annotated[int, msgspec.Meta(ge=400, le=599)] = 502
    how: str = "http"
    retry_after: int | None = None
    command: int | None = None
    write: str = ""

    def concerns(self, path: str, command: int | None, write: str) -> bool:
        return path.endswith(self.path) and self.command in (None, command) and (self.write in ("", write))


MENU: Final = Menu(
    rule=Rule,
    kinds=KINDS,
    parameters=PARAMETERS,
    once=frozenset({"token-expire"}),
    example="rate-limit:how=body,times=3",
)


class Faults(faults.Faults[Rule]):
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(MENU, random, faults)

    def strike(
        self, kind: str, *, path: str = "", command: int | None = None, write: str = ""
    ) -> Rule | None:
        """The first fault of that kind that happens now; counts it."""
        return self.first((kind,), lambda rule: rule.concerns(path, command, write))
