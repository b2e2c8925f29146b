"""What a connection is that carries whole messages instead of bytes: messages out, messages in, gone.

The promises are those of `Link`; a message arrives whole or not at all, and may be empty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from ohmstead.kit.wire.websocket import NORMAL, PROTOCOL_ERROR, TOO_BIG, Message
from ohmstead.model import ConnectionLost

__all__ = [
    "FULL",
    "NORMAL",
    "POLICY",
    "PROTOCOL_ERROR",
    "RESTART",
    "TOO_BIG",
    "WITHOUT_A_WORD",
    "DialMessages",
    "Message",
    "MessageHearer",
    "MessageLink",
    "ServeMessages",
    "ServedMessages",
]

POLICY: Final = 1008
RESTART: Final = 1012
"""Come back in a moment."""
FULL: Final = 1013
"""Come back later."""
WITHOUT_A_WORD: Final = 1006
"""Never sent: what stands for a code when the connection ended without one."""


class MessageHearer(Protocol):
    """Whoever is given messages instead of waiting for them. Called from the loop; must not raise."""

    def hear(self, message: Message) -> None: ...

    def lost(self, error: ConnectionLost) -> None:
        """Nothing more will come, whoever ended it. Told once, after the last message."""
        ...


class MessageLink(Protocol):
    @property
    def peer(self) -> str:
        """Who is at the other end, for logs."""
        ...

    @property
    def close_code(self) -> int | None:
        """Why it ended, as the peer said; None while it stands."""
        ...

    async def send(self, message: Message) -> None:
        """Waits while the peer reads too slowly. Raises `ConnectionLost`."""
        ...

    def send_now(self, message: Message) -> bool:
        """Hand over a message without waiting; false, and nothing is sent, when the peer is behind or gone."""
        ...

    async def receive(self) -> Message:
        """Raises `ConnectionLost` when the peer has ended, after its last message was read.

        One caller at a time. A cancelled call loses nothing.
        """
        ...

    def attach(self, hearer: MessageHearer) -> None:
        """From now on `hearer` is given what comes, and first what waits to be read; nobody calls `receive` any more."""
        ...

    async def close(self, code: int = NORMAL, reason: str = "") -> None:
        """End it and say why. Never raises; may be called twice."""
        ...


class ServedMessages(MessageLink, Protocol):
    """The server's end; its `peer` is the client's address without a port."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the client said when it asked for the connection, names in lower case."""
        ...

    def abort(self) -> None:
        """End it at once, without a word. Does nothing to a link that has ended."""
        ...


DialMessages = Callable[[], AbstractAsyncContextManager[MessageLink]]
"""Opens a link and closes it again. Raises `Unreachable`, `TimedOut` or `Refused` on entering."""

ServeMessages = Callable[[ServedMessages], Awaitable[None]]
"""One connection of a server, from its opening to its end."""
