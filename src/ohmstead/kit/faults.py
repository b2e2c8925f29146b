"""Faults on purpose: which one strikes a simulated device, how often and when. What it does then is the simulator's to know.

A rule may limit itself by `times`, by `chance`, by `skip` (so many go well first), and by time: `after` so many seconds,
`for` so many, and again `every` so many. Seconds are those of the event loop.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import Annotated, Final, Generic, TypeVar

import msgspec

from ohmstead.model import ConfigError, Fault

LIMITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "times": "how often; always if not given",
        "chance": "0 to 1",
        "skip": "how many go well first",
        "after": "seconds until it begins",
        "for": "seconds it lasts",
        "every": "seconds after which it begins again",
    }
)
"""The parameters that every fault has."""

Often = Annotated[int, msgspec.Meta(ge=0)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0)]


class Number(int):
    """One that may be written as 0x32, as the addresses of devices and registers mostly are."""


class Rule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every rule may say. A family adds what its own may: of which requests, how long, how much."""

    kind: str
    times: Often | None = None
    chance: Annotated[float, msgspec.Meta(ge=0.0, le=1.0)] = 1.0
    skip: Often = 0
    after: Seconds = 0.0
    lasts: Seconds | None = msgspec.field(default=None, name="for")
    every: Seconds | None = None
    began_s: float = 0.0

    def is_on(self, now_s: float) -> bool:
        elapsed_s = now_s - self.began_s - self.after
        if self.times == 0 or elapsed_s < 0.0:
            return False
        if self.every:
            elapsed_s %= self.every
        return self.lasts is None or elapsed_s < self.lasts


R = TypeVar("R", bound=Rule)


class Menu(msgspec.Struct, Generic[R], frozen=True, kw_only=True):
    """All that can go wrong with one family's devices."""

    rule: type[R]
    kinds: Mapping[str, str]
    """With a sentence each."""
    parameters: Mapping[str, str]
    """Those of `LIMITS` among them."""
    once: frozenset[str] = frozenset()
    """Kinds that happen once, if not told otherwise."""
    example: str

    def order(self, fault: Fault, now_s: float) -> R:
        """Raises `ConfigError` for a fault or parameter that does not exist, or cannot be so."""
        kind = fault.name.strip().lower().replace(" ", "-").replace("_", "-")
        if kind not in self.kinds:
            known = ", ".join(self.kinds)
            raise ConfigError(f"no fault is called {fault.name!r}; there are {known}.", example=self.example)
        if unknown := sorted(set(fault.parameters) - set(self.parameters)):
            known = ", ".join(self.parameters)
            raise ConfigError(
                f"fault {kind} has no parameter {', '.join(unknown)}; there are {known}.",
                example=self.example,
            )
        times = {"times": 1} if kind in self.once else {}
        told = {**times, **fault.parameters, "kind": kind, "began_s": now_s}
        try:
            # Texts, from wherever they come.
            return msgspec.convert(told, self.rule, strict=False, dec_hook=_number)
        except msgspec.ValidationError as error:
            raise ConfigError(f"fault {kind}: {error}.", example=self.example) from None


class Faults(Generic[R]):
    """Those of one simulated device, while it runs."""

    def __init__(self, menu: Menu[R], random: Random, faults: tuple[Fault, ...] = ()) -> None:
        self.happened: Counter[str] = Counter()
        self._menu = menu
        self.random: Final = random
        self._rules = [menu.order(fault, _now_s()) for fault in faults]

    def add(self, fault: Fault) -> None:
        """From now on. Raises `ConfigError`."""
        self._rules.append(self._menu.order(fault, _now_s()))

    def ask(self, name: object, parameters: Mapping[str, object]) -> None:
        """As JSON asks for one, whose numbers may be texts or numbers. Raises `ConfigError`."""
        if not isinstance(name, str):
            raise ConfigError(f"a fault has a name, not {name!r}.", example=self._menu.example)
        self.add(Fault(name, {key: str(value) for key, value in parameters.items()}))

    def clear(self) -> None:
        self._rules.clear()

    def is_on(self, kind: str) -> bool:
        """Whether a fault of that kind holds, without counting it."""
        now_s = _now_s()
        return any(rule.kind == kind and rule.is_on(now_s) for rule in self._rules)

    def first(self, kinds: tuple[str, ...], concerns: Callable[[R], bool]) -> R | None:
        """The first fault of these kinds that happens now; counts it."""
        for rule in self._rules:
            if rule.kind in kinds and rule.is_on(_now_s()) and concerns(rule) and self._happens(rule):
                self.happened[rule.kind] += 1
                return rule
        return None

    def _happens(self, rule: R) -> bool:
        if rule.skip > 0:
            rule.skip -= 1
            return False
        if rule.chance < 1.0 and self.random.random() >= rule.chance:
            return False
        if rule.times is not None:
            rule.times -= 1
        return True


def _number(_kind: type, text: str) -> Number:
    return Number(text, 0)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
