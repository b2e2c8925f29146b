"""TCP 34578: units of a group speak to each other here, both ends with a certificate of the vendor's. Strangers are
turned away in the handshake. What is said behind it is not known, so nothing is.
"""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from ohmstead.kit.libraries import brought_by
from ohmstead.kit.link import Link
from ohmstead.model import ConfigError, ConnectionLost

if TYPE_CHECKING:  # its library is big, and most simulators are never knocked at here
    from ohmstead.families.tesla_wall_connector.simulator.certificates import Authority

log = logging.getLogger(__name__)

GetAuthority = Callable[[], "Authority"]
"""Always the same one. Raises `ConfigError` without the extra `encryption`."""


def authority_at(now: datetime) -> GetAuthority:
    """Made when the first asks for it."""

    @cache
    def made() -> Authority:
        with brought_by("encryption", "The load-sharing port of a simulated unit"):
            from ohmstead.families.tesla_wall_connector.simulator.certificates import (  # noqa: PLC0415 - see above
                Authority,
            )

        return Authority(now)

    return made


class SharingPort:
    def __init__(self, authority: GetAuthority, din: str) -> None:
        self.authority = authority
        self.accepted = 0
        self.turned_away = 0
        self._din = din

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self.authority().server(self._din)

    async def serve(self, link: Link) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        try:
            context = self._context
        except ConfigError as error:  # nobody can be let in, and the rest of the unit needs none of it
            log.warning("%s", error)
            self.turned_away += 1
            return
        talk = context.wrap_bio(incoming, outgoing, server_side=True)
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
