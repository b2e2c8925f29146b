"""What can go wrong on purpose. Each fault may be limited to a number of times, a chance, a request id.

`--fault close-after-request:times=1,id=A305` or by its number, `--fault F3:times=1`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from random import Random
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.model import ConfigError, Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "refuse": "F1",
        "close-on-accept": "F2",
        "close-after-request": "F3",
        "close-mid-answer": "F4",
        "silence": "F5",
        "delay": "F6",
        "split": "F7",
        "garbage": "F9",
        "bad-crc": "F10",
        "wrong-length": "F11",
        "wrong-sequence": "F12",
        "wrong-id": "F13",
        "duplicate": "F14",
        "unsolicited": "F15",
        "no-protobuf": "F17",
        "lost-acknowledgement": "F3b",
        "kick-new": "F24",
    }
)
"""Name and number. A lost acknowledgement is a command that is done and never answered."""
NUMBERS: Final = MappingProxyType({number.lower(): name for name, number in KINDS.items()})
PARAMETERS: Final = frozenset({"times", "chance", "id", "s"})


class Rule(msgspec.Struct, kw_only=True):
    kind: str
    times_left: int | None = None
    chance: float = 1.0
    request_id: int | None = None
    seconds: float = 12.0


def rule(fault: Fault) -> Rule:
    """Raises `ConfigError` for a fault or parameter that does not exist."""
    kind = NUMBERS.get(fault.name.lower(), fault.name)
    if kind not in KINDS:
        raise ConfigError(f"no fault is called {fault.name!r}; there are {', '.join(KINDS)}.")
    if unknown := set(fault.parameters) - PARAMETERS:
        raise ConfigError(
            f"fault {kind} has no parameter {', '.join(sorted(unknown))}; there are {', '.join(sorted(PARAMETERS))}."
        )
    try:
        return Rule(
            kind=kind,
            times_left=int(fault.parameters["times"]) if "times" in fault.parameters else None,
            chance=float(fault.parameters.get("chance", 1.0)),
            request_id=int(fault.parameters["id"], 16) if "id" in fault.parameters else None,
            seconds=float(fault.parameters.get("s", 12.0)),
        )
    except ValueError as error:
        raise ConfigError(f"fault {kind}: {error}.", example=f"{kind}:times=1,chance=0.5,id=A311") from None


class Faults:
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self._random = random
        self._rules = [rule(fault) for fault in faults]
        self.happened: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        self._rules.append(rule(fault))

    def clear(self) -> None:
        self._rules.clear()

    def stands(self, kind: str) -> bool:
        return any(r.kind == kind for r in self._rules)

    def strike(self, kind: str, request_id: int | None = None) -> Rule | None:
        """The fault, if it happens now; counts it."""
        for found in self._rules:
            if found.kind != kind or found.times_left == 0:
                continue
            if found.request_id is not None and found.request_id != request_id:
                continue
            if found.chance < 1.0 and self._random.random() >= found.chance:
                continue
            if found.times_left is not None:
                found.times_left -= 1
            self.happened[kind] += 1
            return found
        return None
