"""Where all programs of a user keep together what they know of the user's units."""

from __future__ import annotations

from pathlib import Path

from ohmstead.kit import keeping
from ohmstead.kit.keeping import FolderStore
from ohmstead.model import Clock, ConfigError, RealClock


def state_folder() -> Path:
    """Raises `ConfigError` for a user without a home."""
    return keeping.state_folder("tesla-wall-connector")


def is_shared(clock: Clock) -> bool:
    """Whether other programs may know the same units: none does in simulated time, where their writes would lie in the
    future.
    """
    return isinstance(clock, RealClock)


def shared_store(clock: Clock) -> FolderStore | None:
    """Of units that others may know too."""
    if not is_shared(clock):
        return None
    try:
        return FolderStore(state_folder())
    except ConfigError:
        return None
