"""What several have in common while a process lives, such as the budget of an account that serves two sources."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Shared:
    """By key. It lives as long as its owner, the house."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}  # Any: each key stands for its own kind

    def get(self, key: str, make: Callable[[], T]) -> T:
        """What `make` made for whoever asked first under `key`."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]  # type: ignore[no-any-return]  # a key always stands for the same kind
