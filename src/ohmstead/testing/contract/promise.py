"""One promise of one family, and how it is found broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Self

import msgspec

from ohmstead.model import Family
from ohmstead.testing.warp import run


class Broken(AssertionError):
    """A family does not keep a promise. Says which, and what was found."""


class Subject(msgspec.Struct, frozen=True):
    """Who is examined: a family, as one of its models."""

    card: Family
    model: str


class Promise(msgspec.Struct, frozen=True):
    subject: Subject
    check: Callable[[Subject], Awaitable[None]]

    @classmethod
    def of(cls, card: Family, model: str, check: Callable[[Subject], Awaitable[None]]) -> Self:
        return cls(Subject(card, model), check)

    def __str__(self) -> str:
        name = getattr(self.check, "__name__", "promise").replace("_", " ")
        return f"{self.subject.card.name} {self.subject.model}: {name}"

    def keep(self) -> None:
        """Raises `Broken`, or whatever the family raised where it should not have."""

        async def kept() -> None:
            await self.check(self.subject)

        run(kept())


def expect(kept: object, otherwise: str) -> None:
    if not kept:
        raise Broken(otherwise)


@asynccontextmanager
async def within(limit_s: float, what: str) -> AsyncIterator[None]:
    """The block ends within `limit_s` of wire time."""
    try:
        async with asyncio.timeout(limit_s) as limit:
            yield
    except TimeoutError:
        if not limit.expired():  # an error of the family's own, which is a TimeoutError too
            raise
        raise Broken(f"{what} took longer than {limit_s:g} s") from None
