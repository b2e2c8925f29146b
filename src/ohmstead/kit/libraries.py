"""Libraries that come with an extra alone. Where one is missing, whoever needs it says which extra brings it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ohmstead.model import ConfigError


@contextmanager
def brought_by(extra: str, purpose: str) -> Iterator[None]:
    """Around imports of what an extra brings. Raises `ConfigError`, which begins with the purpose ("A DTU that encrypts"),
    for a library that is not there; one that is there and does not load is no matter of installing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library == __name__.partition(".")[0]:
            raise
        raise ConfigError(
            f"{purpose} needs {library}, which is not installed: pip install 'ohmstead[{extra}]'."
        ) from error
