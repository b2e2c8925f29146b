"""What can go wrong on purpose. Each fault may be limited to a number of times, a chance, a request id, a moment.

`--fault close-after-request:times=1,id=A305` or by its number, `--fault F3:times=1`.
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
        "refuse": "F1",
        "close-on-accept": "F2",
        "close-after-request": "F3",
        "lost-acknowledgement": "F3b",
        "close-mid-answer": "F4",
        "silence": "F5",
        "delay": "F6",
        "split": "F7",
        "batch": "F8",
        "garbage": "F9",
        "bad-crc": "F10",
        "wrong-length": "F11",
        "long-length": "F11b",
        "wrong-sequence": "F12",
        "wrong-id": "F13",
        "duplicate": "F14",
        "unsolicited": "F15",
        "late-reply": "F16",
        "no-protobuf": "F17",
        "cut-protobuf": "F17b",
        "strange-fields": "F18",
        "packet-missing": "F19",
        "packet-repeated": "F19b",
        "count-changes": "F19c",
        "time-changes": "F19d",
        "count-255": "F19e",
        "frozen-data": "F20",
        "zero-data": "F20b",
        "inverter-missing": "F20c",
        "clock-unset": "F21",
        "clock-jump": "F21b",
        "new-seed": "F22",
        "empty-payload": "F22b",
        "bad-tag": "F22c",
        "command-refused": "F23",
        "command-stuck": "F23b",
        "command-partial": "F23c",
        "command-of-another": "F23d",
        "command-unreported": "F23e",
        "kick": "F24",
        "kick-new": "F24b",
        "counter-falls": "F25",
        "counter-wraps": "F25b",
        "long-answer": "F26",
        "extremes": "F27",
        "bad-meter": "F28",
        "cloud-silent": "F29",
        "cloud-rejects": "F29b",
        "cloud-late": "F29c",
        "cloud-wrong-sequence": "F29d",
        "cloud-pushes": "F29e",
    }
)
"""Name and number. A lost acknowledgement is a command that is done and never answered."""
NUMBERS: Final = MappingProxyType({number.lower(): name for name, number in KINDS.items()})
PARAMETERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "times": "how often; always if not given",
        "chance": "0 to 1",
        "id": "only requests with this id, such as A311",
        "s": "seconds: of a delay, of a clock's jump, between kicks",
        "after": "seconds from now until it begins",
    }
)


LONGEST_S: Final = 1e9
"""Thirty years either way: a clock may jump far, and back."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters as they are written, and what they may be."""

    times: Annotated[int, msgspec.Meta(ge=1)] | None = None
    chance: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 1.0
    id: Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{1,4}$")] | None = None
    s: Annotated[float, msgspec.Meta(ge=-LONGEST_S, le=LONGEST_S)] = 12.0
    after: Annotated[float, msgspec.Meta(ge=0.0, le=LONGEST_S)] = 0.0


class Rule(msgspec.Struct, kw_only=True):
    kind: str
    times_left: int | None = None
    chance: float = 1.0
    request_id: int | None = None
    seconds: float = 12.0
    after_s: float = 0.0
    not_before_s: float | None = None
    """On the loop's clock, from when it is first looked at."""


def rule(fault: Fault) -> Rule:
    """Raises `ConfigError` for a fault or parameter that does not exist."""
    kind = NUMBERS.get(fault.name.lower(), fault.name)
    if kind not in KINDS:
        raise ConfigError(f"no fault is called {fault.name!r}; there are {', '.join(KINDS)}.")
    if unknown := set(fault.parameters) - set(PARAMETERS):
        raise ConfigError(
            f"fault {kind} has no parameter {', '.join(sorted(unknown))}; there are {', '.join(PARAMETERS)}."
        )
    try:
        given = msgspec.convert(fault.parameters, Given, strict=False)  # texts, from wherever they come
    except msgspec.ValidationError as error:
        raise ConfigError(f"fault {kind}: {error}.", example=f"{kind}:times=1,chance=0.5,id=A311") from None
    return Rule(
        kind=kind,
        times_left=given.times,
        chance=given.chance,
        request_id=int(given.id, 16) if given.id is not None else None,
        seconds=given.s,
        after_s=given.after,
    )


def ordered(name: object, parameters: Mapping[str, object]) -> Fault:
    """A fault as somebody asks for it in JSON. Raises `ConfigError` for a name that is no text."""
    if not isinstance(name, str):
        raise ConfigError(f"a fault has a name, not {name!r}.", example="silence")
    return Fault(name, {key: str(value) for key, value in parameters.items()})


class Faults:
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self._random = random
        self._rules: list[Rule] = []
        self.happened: Counter[str] = Counter()
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        added = rule(fault)
        if added.after_s:
            added.not_before_s = asyncio.get_running_loop().time() + added.after_s
        self._rules.append(added)

    def clear(self) -> None:
        self._rules.clear()

    def stands(self, kind: str) -> bool:
        return any(r.kind == kind and _is_on(r) for r in self._rules)

    def strike(self, kind: str, request_id: int | None = None) -> Rule | None:
        """The fault, if it happens now; counts it."""
        for found in self._rules:
            if found.kind != kind or not _is_on(found):
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


def _is_on(found: Rule) -> bool:
    if found.times_left == 0:
        return False
    return found.not_before_s is None or asyncio.get_running_loop().time() >= found.not_before_s
