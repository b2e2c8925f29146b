"""A serial line as a `Link`: 8 data bits, no parity, one stop bit, no flow control. POSIX only.

Straight on the system's terminal interface: what is needed of it are three calls, less than any library about it. A
line has no other end that could be seen to come or go: it ends when it is closed here, or its adapter is pulled out.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import termios
import tty
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from ohmstead.kit.link.link import Dial, Link
from ohmstead.kit.link.receiving import ReceivingHalf
from ohmstead.model import ConfigError, ConnectionLost, Tap, Unreachable

IN_AND_OUT: Final = ("<", ">")
READ_BYTES: Final = 4096
HELD_LIMIT_BYTES: Final = 64 * 1024
"""Unread bytes at which we stop reading; the system then drops what comes."""
EXAMPLE: Final = "/dev/ttyUSB0"


class SerialLink(ReceivingHalf):
    """Over an open descriptor, which it closes. `directions` names what we receive and what we send for the tap."""

    def __init__(
        self, descriptor: int, peer: str, tap: Tap | None = None, directions: tuple[str, str] = IN_AND_OUT
    ) -> None:
        super().__init__(peer, limit_bytes=HELD_LIMIT_BYTES)
        self._descriptor = descriptor
        self._tap = tap
        self._inward, self._outward = directions
        self._loop = asyncio.get_running_loop()
        self._writable = asyncio.Event()
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._read)

    async def send(self, data: bytes) -> None:
        if self._tap is not None and not self._ended:
            self._tap(self._outward, data)
        left = memoryview(data)
        while left:
            if self._ended:
                raise ConnectionLost(f"{self.peer}: nothing can be sent, {self._ended}")
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:
                await self._until_writable()
            except OSError as error:
                self._end(f"the line broke ({error})")

    def offer(self, data: bytes) -> bool:
        """Never at once: a line may take a part only, and `send` waits for the rest."""
        if self._ended:
            raise ConnectionLost(f"{self.peer}: nothing can be sent, {self._ended}")
        return False

    async def close(self) -> None:
        self._end("the link is closed")

    def _read(self) -> None:
        try:
            data = os.read(self._descriptor, READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._end(f"the line broke ({error})")
            return
        if not data:
            self._end("the line has gone")
            return
        if self._tap is not None:
            self._tap(self._inward, data)
        self._came(data)

    def _pause(self) -> None:
        self._loop.remove_reader(self._descriptor)

    def _go_on(self) -> None:
        self._loop.add_reader(self._descriptor, self._read)

    async def _until_writable(self) -> None:
        self._writable.clear()
        self._loop.add_writer(self._descriptor, self._writable.set)
        try:
            await self._writable.wait()
        finally:
            if not self._ended:
                self._loop.remove_writer(self._descriptor)

    def _end(self, reason: str) -> None:
        if self._ended:
            return
        self._loop.remove_reader(self._descriptor)
        self._loop.remove_writer(self._descriptor)
        os.close(self._descriptor)
        self._writable.set()
        super()._end(reason)


def serial(path: str, *, baud: int, tap: Tap | None = None) -> Dial:
    """A dial for a serial adapter. What came before it was opened is not read. `baud` is bits a second."""
    speed = getattr(termios, f"B{baud}", None)
    if speed is None:
        raise ConfigError(f"no serial line runs at {baud} bits a second.", example="115200")

    @asynccontextmanager
    async def dial() -> AsyncIterator[Link]:
        link = SerialLink(_opened(path, speed), path, tap)
        try:
            yield link
        finally:
            await link.close()

    return dial


@contextmanager
def pseudo_terminal() -> Iterator[tuple[int, str]]:
    """A line in memory: our end's descriptor, and the path at which others open theirs.

    Their end stays open here too: otherwise nobody at it would look like a broken line.
    """
    ours, theirs = os.openpty()
    try:
        tty.setraw(theirs)
        yield ours, os.ttyname(theirs)
    finally:
        os.close(theirs)


def _opened(path: str, speed: int) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise Unreachable(f"{path} cannot be opened: {error.strerror}; is the adapter plugged in?") from error
    try:
        fcntl.ioctl(descriptor, termios.TIOCEXCL)  # two readers would each get half of every frame
        _set_raw(descriptor, speed)
        termios.tcflush(descriptor, termios.TCIOFLUSH)
    except (OSError, termios.error) as error:
        os.close(descriptor)
        raise ConfigError(f"{path} is no serial line: {error}.", example=EXAMPLE) from error
    return descriptor


def _set_raw(descriptor: int, speed: int) -> None:
    tty.setraw(descriptor, termios.TCSANOW)
    flags = termios.tcgetattr(descriptor)
    flags[2] = flags[2] & ~(termios.CSIZE | termios.PARENB | termios.CSTOPB) | termios.CS8 | termios.CLOCAL
    flags[4] = flags[5] = speed
    termios.tcsetattr(descriptor, termios.TCSANOW, flags)
