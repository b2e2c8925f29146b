"""The newest wish for one unit that found its access window closed. It waits here, over restarts too.

Only the family sees when a window opens, and does so in passing: no instant can be told at which to try again, so this is
nothing for the gateway, which carries out what has one.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.model import OhmsteadError, Services

log = logging.getLogger(__name__)

KEY: Final = "tesla_wall_connector.waiting."
KEPT_FOR: Final = timedelta(days=7)
"""Whoever has not held the button by then does not expect it any more."""
TAKEN_BACK_WITHIN: Final = timedelta(minutes=1)
"""After a start: for whoever asked, and has meanwhile what would take it back."""
NOBODY_MAY_WRITE: Final = "its owner has ended control of this unit since (`control` in the site file)"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    limit_a: int
    until: datetime
    """After that it is dropped."""
    next_try_at: datetime | None = None
    """Not before: after a start, or where the window was open and the wear budget held it back."""


class Waiting:
    """One unit's. What the store cannot take now waits all the same, until the program ends."""

    def __init__(self, services: Services) -> None:
        self.wish: Wish | None = None
        self.dropped = ""
        """Why the last one was not carried out; empty once there is another."""
        self._services = services
        self._clock = services.clock
        self._key = ""

    async def recall(self, din: str, *, is_controlled: bool) -> None:
        """What an earlier life was asked for, of the unit of that DIN; it is dropped if nobody may write any more."""
        self._key = KEY + din
        wish = self.wish = _read(await self._services.recall(self._key))
        if wish is not None and not is_controlled:
            await self.drop(wish, NOBODY_MAY_WRITE)
        elif wish is not None:
            first_at = self._clock.now() + TAKEN_BACK_WITHIN
            self.wish = msgspec.structs.replace(wish, next_try_at=max(wish.next_try_at or first_at, first_at))

    async def keep(self, limit_a: int) -> Wish:
        """In the place of what waited before."""
        wish = Wish(limit_a=limit_a, until=self._clock.now() + KEPT_FOR)
        self.dropped = ""
        await self._note(wish)
        return wish

    async def due(self) -> Wish | None:
        """What to try now. One that is too old is dropped."""
        wish, now = self.wish, self._clock.now()
        if wish is not None and now >= wish.until:
            await self.drop(wish, f"the access window did not open before {wish.until:%Y-%m-%d %H:%M} UTC")
            return None
        return None if wish is None or (wish.next_try_at or now) > now else wish

    async def put_off(self, wish: Wish, until: datetime) -> None:
        """The wear budget holds it back."""
        if wish is self.wish:
            await self._note(msgspec.structs.replace(wish, next_try_at=until))

    async def forget(self, wish: Wish | None = None) -> None:
        """It was carried out; without a wish: another command came, whatever waits. A newer one than `wish` stays."""
        if self.wish is not None and wish in (None, self.wish):
            await self._note(None)

    async def drop(self, wish: Wish, reason: str) -> None:
        """It cannot be carried out, or should not be any more."""
        if wish is self.wish:
            self.dropped = f"{wish.limit_a} A: {reason}"
            log.warning("what waited for the access window is dropped: %s", self.dropped)
            await self._note(None)

    async def _note(self, wish: Wish | None) -> None:
        self.wish = wish
        text = "" if wish is None else msgspec.json.encode(wish).decode()
        try:
            await self._services.remember(self._key, text)
        except OhmsteadError as error:
            log.warning("what waits for the access window may be wrong after a restart: %s", error)


def _read(text: str | None) -> Wish | None:
    """A memory that cannot be read is none."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=Wish)
    except msgspec.DecodeError:
        log.warning("what waited for the access window cannot be read")
        return None
