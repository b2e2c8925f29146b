"""`async with` blocks: what is opened by one is used inside it alone, and may be opened again after it was left.

Without that rule a forgotten client would open a connection that nobody closes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from functools import wraps
from types import TracebackType
from typing import Generic, ParamSpec, Self, TypeVar

from ohmstead.model import Misused

P = ParamSpec("P")
T = TypeVar("T")


class Block:
    """Of one object: its `async with` begins and ends it, and whatever it is asked requires it first."""

    def __init__(self, what: str) -> None:
        """`what` is open inside it, for the sentence of the error: "the client of 192.0.2.7:8899"."""
        self.what = what
        self.is_open = False

    def begin(self) -> None:
        """Raises `Misused` while it is open."""
        if self.is_open:
            raise Misused(
                f"{self.what} is open already: leave its `async with` block before entering it again"
            )
        self.is_open = True

    @contextmanager
    def beginning(self) -> Iterator[None]:
        """Begin it with what is done here, unless that fails."""
        self.begin()
        try:
            yield
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        self.is_open = False

    def require(self) -> None:
        """Raises `Misused` before it has begun and after it ended. Nothing is sent then."""
        if not self.is_open:
            raise Misused(f"{self.what} is not open: use it inside `async with`, which may be entered again")

    def __enter__(self) -> Self:
        self.begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()


def opens(function: Callable[P, AsyncIterator[T]]) -> Callable[P, AbstractAsyncContextManager[T]]:
    """`asynccontextmanager`, but what it makes may be entered again after it was left: `function` then runs anew."""
    make = asynccontextmanager(function)

    @wraps(function)
    def opening(*args: P.args, **kwargs: P.kwargs) -> AbstractAsyncContextManager[T]:
        return _Opening(function.__name__, lambda: make(*args, **kwargs))

    return opening


class _Opening(AbstractAsyncContextManager[T], Generic[T]):
    def __init__(self, name: str, make: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._make = make
        self._block = Block(f"what {name}() opens")
        self._entered = AsyncExitStack()

    async def __aenter__(self) -> T:
        with self._block.beginning():
            return await self._entered.enter_async_context(self._make())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        try:
            return await self._entered.__aexit__(kind, error, trace)
        finally:
            self._block.end()
