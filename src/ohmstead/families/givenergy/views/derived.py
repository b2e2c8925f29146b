"""Values that are worked out from others: a line each, that names a function and what it is given.

    grid_import_power = derived(negative_part, "p_grid_out", unit="W")

What a line names is another value of the view, or what the view was made with: the number of its modules, its pages. As
the inputs are known, only what hangs on a changed value is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any, Final, Generic, Self, TypeVar, overload

from ohmstead.kit.wire.tables import Marks, Picture, Values

T = TypeVar("T")

PAGES: Final = "_pages"
"""The one input that is no value and yet changes: with each view."""


class Derived(Generic[T]):
    """An attribute of a view that has no register of its own."""

    def __init__(self, function: Callable[..., T], inputs: tuple[str, ...], unit: str) -> None:
        self.function = function
        self.inputs = inputs
        self.unit = unit
        self.name = ""
        self.__doc__ = function.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: object, owner: type) -> T: ...
    def __get__(self, view: object | None, owner: type) -> Self | T:
        return self if view is None else self.function(*[getattr(view, name) for name in self.inputs])

    def __set__(self, view: object, value: object) -> None:
        raise AttributeError(f"{self.name} is worked out from other values; it cannot be set")


def derived(function: Callable[..., T], *inputs: str, unit: str = "") -> Derived[T]:
    """An attribute that is part of every dump: what `function` makes of the values of these names."""
    return Derived(function, inputs, unit)


class Formulas:
    """All derived values of one kind of view, in an order in which they build on each other."""

    def __init__(
        self, lines: Mapping[str, Derived[Any]], values: Iterable[str]
    ) -> None:  # Any: of every kind
        """`values`: the names of those that have registers."""
        within = {*values, *lines}
        self._steps: Final = [
            (1 << at, name, line.function, line.inputs, _picked(line.inputs, within))
            for at, (name, line) in enumerate(lines.items())
        ]
        self.everything: Final = (1 << len(self._steps)) - 1
        marks: dict[str, int] = {}
        for bit, name, _, inputs, _ in reversed(self._steps):
            bits = bit | marks.get(name, 0)
            for needed in inputs:
                marks[needed] = marks.get(needed, 0) | bits
        self.marks: Final[Marks] = marks
        """By name of an input: the bits of what hangs on it."""
        self._of_pages: Final = marks.get(PAGES, 0)

    def update(self, view: object, picture: Picture, marks: int) -> None:
        """Work out again what hangs on the inputs of these marks, and what hangs on the pages of the view."""
        stale = marks | self._of_pages
        if not stale:
            return
        values, plain = picture.values, picture.plain
        for bit, name, function, inputs, picked in self._steps:
            if not stale & bit:
                continue
            given = picked(values) if picked else [getattr(view, needed) for needed in inputs]
            # They are numbers, texts and runs of them, which JSON has as well.
            values[name] = plain[name] = function(*given)


def _picked(inputs: tuple[str, ...], within: set[str]) -> Callable[[Values], tuple[object, ...]] | None:
    """How to take them out of a view's values; None where not all of them are values."""
    if not within.issuperset(inputs):
        return None
    if len(inputs) == 1:
        return lambda values: (values[inputs[0]],)
    return itemgetter(*inputs)


def plus(*values: float | None) -> float | None:
    total: float = 0
    for value in values:
        if value is None:
            return None
        total += value
    return total


def surplus(value: float | None, *less: float | None) -> float | None:
    """What is left of a value; never negative."""
    rest = plus(*less)
    return None if value is None or rest is None else max(0, value - rest)


def negative_part(value: float | None) -> float | None:
    return None if value is None else max(0, -value)


def tenths(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def together(*values: T) -> tuple[T, ...]:
    return values
