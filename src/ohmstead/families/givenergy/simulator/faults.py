"""What can go wrong on purpose, each fault by itself: how often, when, and for what is for its rule to say.

`--fault bad-crc:times=1`, `--fault silent-window:chance=0.01,s=20`, `--fault error-burst:device=0x32,after=60,for=30`.
A rule may limit itself by `times`, by `chance`, by time (`after` so many seconds, `for` so many, `every` so many) and by
what is asked for (`device`, `bank`, `base`). Seconds are those of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ohmstead.families.givenergy.wire import Request
from ohmstead.model import ConfigError, Fault

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "silent-window": "The bus answers nothing for `s` seconds (2 to 30); heartbeats go on.",
        "slow": "`s` seconds more to every reply (1).",
        "drop-client": "End the asking client's connection.",
        "reset-client": "Break the asking client's connection off.",
        "half-open": "Say nothing more to the asking client, and keep its connection.",
        "split": "Replies in pieces of `bytes` bytes, or cut anywhere.",
        "glue": "Up to 3 frames at once, in chunks of 300 bytes.",
        "byte-noise": "Bytes inserted, deleted or flipped (`how`), between frames or inside.",
        "bad-crc": "The CRC does not fit.",
        "zero-tail": "Zeros from byte 50 to the end, CRC included.",
        "zero-page": "A page of zeros.",
        "substituted-page": "The page of a leaked network packet, at 0x32 IR(0,60).",
        "stale-replay": "Pages of before, for `s` seconds (113); then, at once, those of now.",
        "splice": "A part of another page in a battery's page; `how`: capacity, cell, temperatures, firmware, highest, lowest.",
        "wrong-device": "The same values again after 0.2 s, as if from device `as` (0x03).",
        "wrong-serial": "Another serial in the envelope, or with `how`=battery in the page.",
        "null-message": "A null message before the reply.",
        "lan-broadcast": "The adapter's addresses as text before the reply.",
        "error-burst": "Refusals, with a count of 0.",
        "lost-ack": "A write is done, and its echo lost.",
        "late-ack": "A write is done, and its echo comes `s` seconds later (5).",
        "foreign-echo": "The echo of another client's write of the same register (`value`) comes before ours.",
        "ignored-write": "A write is acknowledged and not done.",
        "late-write": "A write is acknowledged at once and done `s` seconds later (5).",
        "busy": "Writes are refused, for `s` seconds (10).",
        "heartbeat-off": "No heartbeats.",
        "heartbeat-type": "Heartbeats of type `value` (2).",
        "reboot": "The adapter restarts.",
        "topology-change": "`device` leaves the bus; with `how`=add it comes back.",
    }
)
SPONTANEOUS: Final = frozenset({"reboot", "topology-change"})
"""They wait for no request, and happen once if nothing else is said."""
NUMBERS: Final = frozenset({"chance", "after", "for", "every", "s"})
INTEGERS: Final = frozenset({"times", "device", "base", "as", "value", "bytes"})
TEXTS: Final = frozenset({"bank", "how"})
EXAMPLE: Final = "bad-crc:times=1,device=0x32"


class Rule(msgspec.Struct, kw_only=True):
    kind: str
    began_s: float
    times_left: int | None = None
    chance: float = 1.0
    after_s: float = 0.0
    for_s: float | None = None
    every_s: float | None = None
    device: int | None = None
    bank: str | None = None
    base: int | None = None
    seconds: float | None = None
    how: str = ""
    as_device: int = 0x03
    value: int | None = None
    piece_bytes: int = 0

    def is_on(self, now_s: float) -> bool:
        elapsed_s = now_s - self.began_s - self.after_s
        if elapsed_s < 0.0:
            return False
        if self.every_s:
            elapsed_s %= self.every_s
        return self.for_s is None or elapsed_s < self.for_s

    def fits(self, request: Request | None) -> bool:
        if request is None:
            return True
        bank = getattr(request, "bank", None)
        return (
            self.device in (None, request.device)
            and self.base in (None, request.register)
            and self.bank in (None, bank)
        )


def rule(fault: Fault, now_s: float) -> Rule:
    """Raises `ConfigError` for a fault or parameter that does not exist."""
    kind = fault.name.strip().lower().replace(" ", "-").replace("_", "-")
    if kind not in KINDS:
        raise ConfigError(
            f"no fault is called {fault.name!r}; there are {', '.join(KINDS)}.", example=EXAMPLE
        )
    given = {name: _value(kind, name, text) for name, text in fault.parameters.items()}
    times = given.get("times", 1 if kind in SPONTANEOUS and "chance" not in given else None)
    return Rule(
        kind=kind,
        began_s=now_s,
        times_left=times,
        chance=given.get("chance", 1.0),
        after_s=given.get("after", 0.0),
        for_s=given.get("for"),
        every_s=given.get("every"),
        device=given.get("device"),
        bank=given.get("bank"),
        base=given.get("base"),
        seconds=given.get("s"),
        how=given.get("how", ""),
        as_device=given.get("as", 0x03),
        value=given.get("value"),
        piece_bytes=given.get("bytes", 0),
    )


def _value(kind: str, name: str, text: str) -> Any:  # Any: by parameter
    read: Callable[[str], Any] | None = None
    if name in NUMBERS:
        read = float
    elif name in INTEGERS:
        read = _integer
    elif name in TEXTS:
        read = str
    if read is None:
        known = ", ".join(sorted(NUMBERS | INTEGERS | TEXTS))
        raise ConfigError(f"fault {kind} has no parameter {name!r}; there are {known}.", example=EXAMPLE)
    try:
        return read(text)
    except ValueError as error:
        raise ConfigError(f"fault {kind}: {name} is {text!r}: {error}.", example=EXAMPLE) from None


def _integer(text: str) -> int:
    return int(text, 0)


class Faults:
    def __init__(self, random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self.random = random
        self.happened: Counter[str] = Counter()
        self._rules: list[Rule] = []
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> None:
        self._rules.append(rule(fault, _now_s()))

    def clear(self) -> None:
        self._rules.clear()

    def __len__(self) -> int:
        return len(self._rules)

    def strike(self, kind: str, request: Request | None = None) -> Rule | None:
        """The fault, if it happens now; counts it."""
        if not self._rules:
            return None
        now_s = _now_s()
        for found in self._rules:
            if found.kind != kind or found.times_left == 0 or not found.is_on(now_s):
                continue
            if not found.fits(request):
                continue
            if found.chance < 1.0 and self.random.random() >= found.chance:
                continue
            if found.times_left is not None:
                found.times_left -= 1
            self.happened[kind] += 1
            return found
        return None


def _now_s() -> float:
    return asyncio.get_running_loop().time()
