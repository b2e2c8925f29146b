"""TCP 34578: units of a group speak to each other here, both ends with a certificate of the vendor's. Strangers are
turned away in the handshake. What is said behind it is not known, so nothing is.
"""

from __future__ import annotations

import ssl
from functools import cached_property

from ohmstead.families.tesla_wall_connector.simulator.certificates import Authority
from ohmstead.kit.link import Link
from ohmstead.model import ConnectionLost


class SharingPort:
    def __init__(self, authority: Authority, din: str) -> None:
        self.authority = authority
        self.accepted = 0
        self.turned_away = 0
        self._din = din

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self.authority.server(self._din)

    async def serve(self, link: Link) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        talk = self._context.wrap_bio(incoming, outgoing, server_side=True)
        try:
            while not _shook_hands(talk):
                await _flush(link, outgoing)
                incoming.write(await link.receive())
            await _flush(link, outgoing)
        except ssl.SSLError:
            self.turned_away += 1
            await _flush(link, outgoing)
            return
        self.accepted += 1
        while True:
            try:
                incoming.write(await link.receive())
            except ConnectionLost:
                return


def _shook_hands(talk: ssl.SSLObject) -> bool:
    """False: more is to be heard first."""
    try:
        talk.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


async def _flush(link: Link, outgoing: ssl.MemoryBIO) -> None:
    if data := outgoing.read():
        await link.send(data)
