"""One writer for each unit: two that do not know of each other would write twice as often as the memory bears.

A claim is a locked file, which the system lets go of when its process dies. It goes by DIN and address: a unit has one
address in its own Wi-Fi, and simulated ones that share a serial number do not. Claims lie beside the counts of writes, and
reach as far: all programs of one user. (In the system's folder for temporary files a claim could be cleaned away while it
is held.) A file that outlived its process is removed by the next who claims anything.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from ohmstead.families.tesla_wall_connector.control.files import state_folder
from ohmstead.model import ConfigError, Unsafe

try:
    import fcntl
except ImportError:  # Windows has none: claims then hold within one process
    fcntl = None  # type: ignore[assignment]  # checked where it is used

FOLDER: Final = "writers"
DOOR: Final = "door"
"""Held while claims are made, given up or cleared away. With one file for all there is no moment in which somebody locks
what another is about to remove.
"""

_claimed: set[str] = set()


@contextmanager
def only_writer(din: str, host: str, port: int, *, is_shared: bool = True) -> Iterator[None]:
    """Raises `Unsafe` while somebody else on this machine may write to the unit, or if that cannot be found out; without
    `is_shared` somebody else in this process.
    """
    name = hashlib.sha256(f"{din}@{host}:{port}".encode()).hexdigest()[:16]
    with ExitStack() as stack:
        if name in _claimed:
            raise _taken(host)
        if is_shared and fcntl is not None:
            stack.enter_context(_claim(name, host))
        _claimed.add(name)
        stack.callback(_claimed.discard, name)
        yield


@contextmanager
def _claim(name: str, host: str) -> Iterator[None]:
    try:
        folder = _folder()
        path = folder / f"{name}.lock"
        with _alone(folder):
            _clear_away(folder)
            descriptor = _locked(path)
    except OSError as error:
        raise Unsafe(
            f"whether another program sets the current of the unit cannot be told: {error}"
        ) from error
    if descriptor is None:
        raise _taken(host)
    try:
        yield
    finally:
        with suppress(OSError), _alone(folder):  # a folder that is gone took the claim with it
            path.unlink(missing_ok=True)
        os.close(descriptor)


def _folder() -> Path:
    """For a user without a place for what programs keep: one among the temporary files."""
    try:
        folder = state_folder() / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (ConfigError, OSError):
        folder = Path(tempfile.gettempdir()) / f"ohmstead-{FOLDER}-{os.getuid()}"
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = _opened(folder / DOOR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _clear_away(folder: Path) -> None:
    """What those have left who were killed."""
    for path in folder.glob("*.lock"):
        if (descriptor := _locked(path)) is not None:
            path.unlink()
            os.close(descriptor)


def _locked(path: Path) -> int | None:
    """None: it is another's."""
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _taken(host: str) -> Unsafe:
    return Unsafe(
        f"another program, or another device of this site, sets the current of the unit at {host} already: "
        "two writers would wear its memory twice as fast. End the other one first."
    )
