"""What is known of a DTU over all connections to it, and how a group of requests is run.

Everything runs as a transaction: connect, the steps of a group, close. A DTU has one connection for everybody, so it is
held briefly; that also lets old firmware upload to its cloud in between. Reads that lose their connection are run again
once as a whole; writes never are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from random import Random
from typing import Final, TypeVar

from ohmstead.families.hoymiles import protos, requests, results
from ohmstead.families.hoymiles.client.pacing import has_trouble
from ohmstead.families.hoymiles.client.paging import all_packets
from ohmstead.families.hoymiles.client.reception import Unsolicited
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.crypto import Cipher, cipher_of
from ohmstead.families.hoymiles.messages.app import DEV_INFO
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.results import Inventory
from ohmstead.families.hoymiles.wire import GAP_S
from ohmstead.kit.block import Block
from ohmstead.kit.link import Dial, Link, Pacer
from ohmstead.model import AuthFailed, Clock, ConnectionLost, DeviceError, TimedOut

T = TypeVar("T")

CONNECTION_GAPS: Final = 4
"""So many gaps between frames lie between two connections. Source: as for those."""
MOST_CONNECTIONS: Final = 5
"""For one group of requests, even if each breaks after an answer."""

Steps = Callable[[Session], Awaitable[T]]


class Contact:
    """One at a time: whoever opens a connection waits for the one before to be closed."""

    def __init__(
        self,
        dial: Dial,
        clock: Clock,
        unsolicited: Unsolicited,
        random: Random,
        *,
        gap_s: float = GAP_S,
        block: Block | None = None,
        is_met: bool = True,
    ) -> None:
        """`block`: of whoever lends this out; outside it nothing is dialled. Not `is_met`: nobody knows yet whether a DTU is
        there.
        """
        self.clock = clock
        self.inventory: Inventory | None = None
        self.speaks_old_data = False
        """Knows the older live data only."""
        self.speaks_new_data = False
        self.has_upload_trouble = False
        self._is_met = is_met
        self._dial = dial
        self._unsolicited = unsolicited
        self._sequence = Sequence(random)
        self._gap_s = gap_s
        self._block = block
        self._connections = Pacer(CONNECTION_GAPS * gap_s)
        self._standing: Session | None = None
        self._cipher: Cipher | None = None
        self._is_in_doubt = False

    @property
    def is_encrypted(self) -> bool:
        return self._cipher is not None

    def may_be_old(self, session: Session) -> bool:
        """Whether a question for the newer live data may be one this DTU does not know: it answered others."""
        return session.answers > 0 and not self.speaks_new_data

    def require_open(self) -> None:
        """Raises `Misused` where whoever lent this out has left his block."""
        if self._block is not None:
            self._block.require()

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Session]:
        """The connection that stands, if one does, or one for this group of requests."""
        self.require_open()
        async with self._connections:
            if (standing := self._standing) is not None:
                try:
                    yield standing
                except DeviceError:
                    self._standing = None  # whatever is left of it, the next group dials
                    raise
                return
            async with self._dial() as link:
                yield self._session(link)

    @asynccontextmanager
    async def staying(self) -> AsyncIterator[None]:
        """One connection for all that is asked within the block, while it lasts. It is opened and closed in its turn."""
        before_s = self._connections.gap_s
        async with AsyncExitStack() as opened:
            async with self._connections:
                self._standing = self._session(await opened.enter_async_context(self._dial()))
                self._connections.gap_s = 0.0  # the session keeps its frames apart
            try:
                yield
            finally:
                self._connections.gap_s = before_s
                try:
                    async with self._connections:
                        await opened.aclose()
                finally:
                    self._standing = None

    def _session(self, link: Link) -> Session:
        return Session(link, self._sequence, Pacer(self._gap_s), self._unsolicited)

    async def read(self, steps: Steps[T]) -> T:
        """Run the steps on a connection, and once more on a fresh one if the first broke, fell silent or was sealed with
        another key. A connection that broke after it had answered something was of use, so more of those may follow. Silence
        where nobody was ever met is told at once: whoever mistyped an address wants to know.

        If nothing was of use, the inventory is read again first: the key is drawn anew at every start of the DTU, and
        one whose firmware was updated may want encryption now.
        """
        useless = 0
        for left in reversed(range(MOST_CONNECTIONS)):
            async with self.connected() as session:
                try:
                    return await steps(session)
                except DeviceError as error:
                    self._standing = None  # whatever is left of one that stood, the next one is dialled
                    was_of_use = isinstance(error, ConnectionLost) and session.answers > 0
                    useless += not was_of_use
                    may_get_better = error.retryable or isinstance(error, AuthFailed)
                    is_nobody_there = isinstance(error, TimedOut) and not (self._is_met or session.answers)
                    if not may_get_better or is_nobody_there or useless > 1 or not left:
                        raise
                    self._is_in_doubt = self._is_in_doubt or not was_of_use
                finally:
                    self._is_met = self._is_met or session.answers > 0
        raise AssertionError("the last connection returns or raises")

    async def known(self) -> Inventory:
        """What the DTU is, asked if it never was."""
        self.require_open()
        found = self.inventory
        return await self.read(self.ask_inventory) if found is None else found

    async def contacted(self, session: Session) -> Inventory:
        """What the DTU is, asked on first contact and when something speaks against what is known."""
        if self.inventory is None or self._is_in_doubt:
            return await self.ask_inventory(session)
        session.encrypt(self._cipher)
        return self.inventory

    async def about_to_write(self, session: Session) -> Inventory:
        """The same before a write, which is never sent twice: so its key had better be the present one."""
        self._is_in_doubt = self._is_in_doubt or self.is_encrypted
        return await self.contacted(session)

    async def ask_inventory(self, session: Session) -> Inventory:
        packets = await inventory_packets(session, self.clock)
        self._cipher = cipher_of(packets[0].dtu)
        session.encrypt(self._cipher)
        found = results.inventory(packets, self.clock.now())
        if self.inventory is not None:
            self.has_upload_trouble = has_trouble(self.inventory, found)
        self.inventory, self._is_in_doubt = found, False
        return found


async def inventory_packets(session: Session, clock: Clock) -> tuple[protos.inventory.AppDevInfoFromDtu, ...]:
    """What a DTU says of itself, in clear text on every link."""
    return await all_packets(lambda index: session.ask(DEV_INFO, requests.dev_info(clock.now(), index)))
