"""What can go wrong on purpose, each fault by itself: `--fault rate-limit:how=body,times=3`, `--fault gateway-slow:s=20,for=60`.

A rule may limit itself by `times`, by `chance`, by `skip` (so many go well first), and by time: `after` so many seconds, `for` so
many. Seconds are those of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Annotated, Final

import msgspec

from ohmstead.model import ConfigError, Fault

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
ONCE: Final = frozenset({"token-expire"})
EXAMPLE: Final = "rate-limit:how=body,times=3"


class Rule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    kind: str
    times: int | None = None
    """How often; always if not given."""
    chance: float = 1.0
    skip: int = 0
    after: float = 0.0
    lasts: float | None = msgspec.field(default=None, name="for")
    path: str = ""
    """Only for calls that end in this."""
    s: float = 20.0
    code: Annotated[int, msgspec.Meta(ge=400, le=599)] = 502
    how: str = "http"
    retry_after: int | None = None
    command: int | None = None
    write: str = ""
    began_s: float = 0.0

    def is_on(self, now_s: float) -> bool:
        elapsed_s = now_s - self.began_s - self.after
        return self.times != 0 and elapsed_s >= 0.0 and (self.lasts is None or elapsed_s < self.lasts)

    def concerns(self, path: str, command: int | None, write: str) -> bool:
        return path.endswith(self.path) and self.command in (None, command) and (self.write in ("", write))


PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "times": "how often; always if not given",
        "chance": "0 to 1",
        "skip": "how many calls go well first",
        "after": "seconds until it begins",
        "for": "seconds it lasts",
        "path": "only for calls that end in this",
        "s": "seconds, for gateway-slow and late-write",
        "code": "status, for cdn-error",
        "how": "http or body, for rate-limit",
        "retry_after": "seconds, for rate-limit",
        "command": "only this tunnel command, for permission-denied",
        "write": f"only this kind of write, for silent-discard: {', '.join(WRITES)}",
    }
)


def rule(fault: Fault, now_s: float) -> Rule:
    """Raises `ConfigError` for a fault or parameter that does not exist."""
    kind = fault.name.strip().lower().replace("_", "-")
    if kind not in KINDS:
        raise ConfigError(
            f"no fault is called {fault.name!r}; there are {', '.join(KINDS)}.", example=EXAMPLE
        )
    times = {"times": 1} if kind in ONCE else {}
    try:
        return msgspec.convert(
            {**times, **fault.parameters, "kind": kind, "began_s": now_s}, Rule, strict=False
        )
    except msgspec.ValidationError as error:
        raise ConfigError(f"fault {kind}: {error}.", example=EXAMPLE) from None


class Faults:
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self.happened: Counter[str] = Counter()
        self._random = random
        self._rules = [rule(fault, _now_s()) for fault in faults]

    def add(self, fault: Fault) -> None:
        self._rules.append(rule(fault, _now_s()))

    def clear(self) -> None:
        self._rules.clear()

    def is_on(self, kind: str) -> bool:
        """Whether a fault of that kind holds, without counting it."""
        now_s = _now_s()
        return any(found.kind == kind and found.is_on(now_s) for found in self._rules)

    def strike(
        self, kind: str, *, path: str = "", command: int | None = None, write: str = ""
    ) -> Rule | None:
        """The first fault of that kind that happens now; counts it."""
        now_s = _now_s()
        for found in self._rules:
            if found.kind != kind or not found.is_on(now_s) or not found.concerns(path, command, write):
                continue
            if found.skip > 0:
                found.skip -= 1
                continue
            if found.chance < 1.0 and self._random.random() >= found.chance:
                continue
            if found.times is not None:
                found.times -= 1
            self.happened[kind] += 1
            return found
        return None


def _now_s() -> float:
    return asyncio.get_running_loop().time()
