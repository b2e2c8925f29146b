"""A TCP connection as a `Link`. The only file that meets a transport."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Final, cast

from ohmstead.kit.link.receiving import ReceivingHalf
from ohmstead.model import ConnectionLost, Tap, TurnedAway

RECEIVED_LIMIT_BYTES: Final = 256 * 1024
"""Unread bytes at which we stop reading, so that a peer that floods us is slowed down and not stored."""

READ_BYTES: Final = 64 * 1024
"""At a time."""

CLOSING_S: Final = 1.0
"""How long the last bytes may take to leave; a peer that does not read gets a reset instead."""


KEEPALIVE: Final = {"TCP_KEEPIDLE": 60, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""A peer that lost its power says nothing: the kernel asks, and finds out in a minute and a half (s, s, times)."""


class _Basin(threading.local):
    """Where all links of a thread receive, one after the other: what has come is taken out in the same step.

    A plain protocol of asyncio has 256 KiB set aside anew for whatever comes, and that costs more than reading it.
    """

    def __init__(self) -> None:
        self.view = memoryview(bytearray(READ_BYTES))


_basin: Final = _Basin()


class SocketLink(ReceivingHalf, asyncio.BufferedProtocol):
    """Both ends of a TCP connection. `directions` names what we receive and what we send for the tap.

    Where the peer `serves_one` client at a time, one that ends it without a word has another: `TurnedAway`.
    """

    def __init__(
        self,
        tap: Tap | None,
        directions: tuple[str, str],
        on_connect: Callable[[SocketLink], None] | None = None,
        *,
        serves_one: bool = False,
    ) -> None:
        super().__init__("?", limit_bytes=RECEIVED_LIMIT_BYTES)
        self._tap = tap
        self._inward, self._outward = directions
        self._basin = _basin.view
        self._on_connect = on_connect
        self._transport: asyncio.Transport | None = None
        self._is_turned_away = serves_one
        """Nothing has come so far."""
        self._lost = False
        self._writable = asyncio.Event()
        self._writable.set()
        self._gone = asyncio.Event()

    async def send(self, data: bytes) -> None:
        self._write(data)
        await self._writable.wait()
        if self._lost:
            raise ConnectionLost(f"{self.peer}: lost while sending, {self._ended}")

    def offer(self, data: bytes) -> bool:
        if not self._writable.is_set():
            return False
        self._write(data)
        return True

    def offer_idle(self, data: bytes) -> bool:
        """As `offer`, but only when nothing waits to be taken by the peer. False, too, where nothing can be sent any more."""
        transport = self._transport
        if self._ended or transport is None or transport.is_closing() or transport.get_write_buffer_size():
            return False
        if self._tap is not None:
            self._tap(self._outward, data)
        transport.write(data)
        return True

    def hold(self, *, is_held: bool) -> None:
        """Read nothing for a while, so that a peer that floods a hearer is slowed down."""
        if not self._ended:
            (self._pause if is_held else self._go_on)()

    def _pause(self) -> None:
        if self._transport is not None:
            self._transport.pause_reading()

    def _go_on(self) -> None:
        if self._transport is not None:
            self._transport.resume_reading()

    def _write(self, data: bytes) -> None:
        transport = self._transport
        if transport is None or self._lost or transport.is_closing():
            raise ConnectionLost(f"{self.peer}: nothing can be sent, {self._ended or 'the link is closed'}")
        if self._tap is not None:
            self._tap(self._outward, data)
        transport.write(data)

    def _no_more(self) -> ConnectionLost:
        if self._is_turned_away:
            return TurnedAway(
                f"{self.peer}: expected more bytes, but {self._ended} before it said anything; somebody else may be using it."
            )
        return super()._no_more()

    async def close(self) -> None:
        if self._transport is None:
            return
        self._is_turned_away = False
        self._end("the link is closed")
        self._transport.close()
        giving_up = asyncio.get_running_loop().call_later(CLOSING_S, self.abort)
        try:
            await self._gone.wait()
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            giving_up.cancel()

    def abort(self) -> None:
        """End it at once, as a device that loses its power would: the peer sees a reset or nothing."""
        self._is_turned_away = False
        self._end("the link was broken off")
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # TCP gives nothing else
        _keep_alive(transport.get_extra_info("socket"))
        # None of a peer that has hung up already: a device that serves one client does so at once to a second.
        if (name := transport.get_extra_info("peername")) is not None:
            host, port = name[:2]
            self.peer = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        if self._on_connect is not None:
            self._on_connect(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._basin

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._basin[:nbytes])
        self._is_turned_away = False
        if self._tap is not None:
            self._tap(self._inward, data)
        self._came(data)

    def eof_received(self) -> bool:
        self._end("the peer ended the connection")
        # A peer that only stopped sending may still read our answer; whoever owns the link closes it. TLS has no halves.
        return self._transport is not None and self._transport.get_extra_info("ssl_object") is None

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._end(f"the connection broke ({exc})" if exc else "the peer ended the connection")
        self._writable.set()
        self._gone.set()


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in KEEPALIVE.items():
        if (number := getattr(socket, option, None)) is not None:  # not every system has all three
            connection.setsockopt(socket.IPPROTO_TCP, number, value)
