"""One writer for each unit: two that do not know of each other would write twice as often as the memory bears.

A claim is a locked file, which the system lets go of when its process dies. It goes by DIN and address: a unit has one
address in its own Wi-Fi, and simulated ones that share a serial number do not.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ohmstead.model import Unsafe

try:
    import fcntl
except ImportError:  # Windows has none: claims then hold within one process
    fcntl = None  # type: ignore[assignment]  # checked where it is used

_claimed: set[str] = set()


@contextmanager
def only_writer(din: str, host: str, port: int) -> Iterator[None]:
    """Raises `Unsafe` while somebody else on this machine may write to the unit."""
    name = hashlib.sha256(f"{din}@{host}:{port}".encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"ohmstead-wall-connector-{name}.lock"
    descriptor = None if name in _claimed else _locked(path)
    if descriptor is None:
        raise Unsafe(
            f"another program, or another device of this site, sets the current of the unit at {host} already: "
            "two writers would wear its memory twice as fast. End the other one first."
        )
    _claimed.add(name)
    try:
        yield
    finally:
        _claimed.discard(name)
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _locked(path: Path) -> int | None:
    """None: it is another's."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(
            descriptor
        ).st_nlink:  # else its owner has just removed it, and the next one makes a new file
            return descriptor
    except BlockingIOError:
        pass
    os.close(descriptor)
    return None
