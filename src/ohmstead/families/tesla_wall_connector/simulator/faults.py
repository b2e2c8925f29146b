"""What can go wrong on purpose, each fault by itself: `--fault html:chance=0.2`, `--fault slow:s=4,for=60`.

A rule may limit itself by `times`, by `chance`, and by time: `after` so many seconds, `for` so many. `path` is the last
part of what is asked for, such as vitals or v1. Seconds are those of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.model import ConfigError, Fault

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
NUMBERS: Final = frozenset({"chance", "after", "for", "s"})
INTEGERS: Final = frozenset({"times", "bytes", "code"})
TEXTS: Final = frozenset({"path"})
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "times": "how often; always if not given",
        "chance": "0 to 1",
        "after": "seconds until it begins",
        "for": "seconds it lasts",
        "path": "only for requests that end in this, such as vitals",
        "s": "seconds, where the fault has a duration",
        "bytes": "a size, where it has one",
        "code": "of the error",
    }
)
EXAMPLE: Final = "html:chance=0.2,path=vitals"


class Rule(msgspec.Struct, kw_only=True):
    kind: str
    began_s: float
    times_left: int | None = None
    chance: float = 1.0
    after_s: float = 0.0
    for_s: float | None = None
    path: str = ""
    seconds: float | None = None
    size: int | None = None
    code: int = 14

    def is_on(self, now_s: float) -> bool:
        elapsed_s = now_s - self.began_s - self.after_s
        return elapsed_s >= 0.0 and (self.for_s is None or elapsed_s < self.for_s)


def rule(fault: Fault, now_s: float) -> Rule:
    """Raises `ConfigError` for a fault or parameter that does not exist."""
    kind = fault.name.strip().lower().replace("_", "-")
    if kind not in KINDS:
        raise ConfigError(
            f"no fault is called {fault.name!r}; there are {', '.join(KINDS)}.", example=EXAMPLE
        )
    numbers: dict[str, float] = {}
    integers: dict[str, int] = {}
    path = ""
    for name, text in fault.parameters.items():
        try:
            if name in NUMBERS:
                numbers[name] = float(text)
            elif name in INTEGERS:
                integers[name] = int(text)
            elif name in TEXTS:
                path = text
            else:
                raise ConfigError(
                    f"fault {kind} has no parameter {name!r}; there are {', '.join(PARAMETERS)}."
                )
        except ValueError:
            raise ConfigError(f"fault {kind}: {name} is {text!r}, no number.", example=EXAMPLE) from None
    return Rule(
        kind=kind,
        began_s=now_s,
        times_left=integers.get("times"),
        chance=numbers.get("chance", 1.0),
        after_s=numbers.get("after", 0.0),
        for_s=numbers.get("for"),
        path=path,
        seconds=numbers.get("s"),
        size=integers.get("bytes"),
        code=integers.get("code", 14),
    )


class Faults:
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self.happened: Counter[str] = Counter()
        self._random = random
        self._rules = [rule(fault, _now_s()) for fault in faults]

    def add(self, fault: Fault) -> None:
        self._rules.append(rule(fault, _now_s()))

    def clear(self) -> None:
        self._rules.clear()

    def strike(self, *kinds: str, path: str = "") -> Rule | None:
        """The first fault of these kinds that happens now; counts it."""
        now_s = _now_s()
        for found in self._rules:
            if found.kind not in kinds or found.times_left == 0 or not found.is_on(now_s):
                continue
            if not path.endswith(found.path):
                continue
            if found.chance < 1.0 and self._random.random() >= found.chance:
                continue
            if found.times_left is not None:
                found.times_left -= 1
            self.happened[found.kind] += 1
            return found
        return None


def _now_s() -> float:
    return asyncio.get_running_loop().time()
