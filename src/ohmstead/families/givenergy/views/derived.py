"""Values that are worked out from others. Null as soon as one of those is null."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

T = TypeVar("T")


class Derived(Generic[T]):
    """An attribute of a view that has no register of its own.

    The function reads its view's attributes by name and nothing else: a dump calls it with the values that it has
    decoded anyway.
    """

    def __init__(self, function: Callable[[Any], T], unit: str) -> None:
        # Any: a view, or a dump's values
        self.function = function
        self.unit = unit
        self.name = function.__name__
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: object, owner: type) -> T: ...
    def __get__(self, view: object | None, owner: type) -> Self | T:
        return self if view is None else self.function(view)

    def __set__(self, view: object, value: object) -> None:
        raise AttributeError(f"{self.name} is worked out from other values; it cannot be set")


def derived(unit: str = "") -> Callable[[Callable[[Any], T]], Derived[T]]:
    """Makes a method an attribute that is part of every dump."""
    return lambda function: Derived(function, unit)


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
