"""What a connection brings, taken apart; and the frame that has begun is given up when its rest does not come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from ohmstead.families.givenergy.wire import Conversation, Received

ABANDON_S: Final = 2.0
"""A frame that is not whole by then has lost its tail."""
BEGUN_BYTES: Final = 4
"""Of a frame that has begun to arrive: its marker."""


class Ear:
    def __init__(self, found: Callable[[Sequence[Received]], None]) -> None:
        """`found` is told what each call of `hear` completes, be it nothing."""
        self._found = found
        self._conversation = Conversation()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def has_begun(self) -> bool:
        """Whether the beginning of a frame is here, and its rest is not."""
        return self._conversation.held_bytes >= BEGUN_BYTES

    def hear(self, data: bytes) -> None:
        self._tell(self._conversation.receive(data))

    def rest(self) -> None:
        """Nothing more will come."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _tell(self, found: Sequence[Received]) -> None:
        if not self._conversation.held_bytes:
            self.rest()
        elif found or self._timer is None:
            self.rest()
            self._timer = asyncio.get_running_loop().call_later(ABANDON_S, self._give_up)
        self._found(found)

    def _give_up(self) -> None:
        """The rest did not come: go on with what is behind it."""
        self._tell(self._conversation.abandon())
