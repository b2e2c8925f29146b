"""A progress line on stderr for work that takes a while; silent where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[float], None]


@contextmanager
def progress(description: str, total: float) -> Iterator[Advance]:
    """Yields a function that is told how much was done, in the unit of `total`."""
    if not sys.stderr.isatty():
        yield lambda _amount: None
        return
    from rich.console import Console  # noqa: PLC0415 - rich is heavy, and only a drawn bar needs it
    from rich.progress import Progress  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda amount: bar.advance(task, amount)
