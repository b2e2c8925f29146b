"""Reads a unit over the home network: four documents, no login, nothing to write.

Its web server is slow and drops connections in bursts, good signal or not. So there is one request at a time, a read is
tried three times within seconds, and a kept connection spares the unit the next handshake.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from random import Random
from typing import Final, TypeVar

from ohmstead.families.tesla_wall_connector.bodies import read, unknown_fields
from ohmstead.families.tesla_wall_connector.client.web import web_session
from ohmstead.families.tesla_wall_connector.config import PORT
from ohmstead.families.tesla_wall_connector.documents import (
    DOCUMENTS,
    PATH,
    Lifetime,
    Version,
    Vitals,
    WifiStatus,
)
from ohmstead.kit.block import opens
from ohmstead.kit.link import Pacer, retry
from ohmstead.kit.link.http import HttpSession
from ohmstead.model import BadAnswer, Tap, TimedOut, Unsupported

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
LAST_ATTEMPT_S: Final = 10.0
"""Connections break off within moments, and who was silent for longer than this is silent a second time."""
FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 2.0
GAP_S: Final = 0.1
KEPT_S: Final = 20.0
NAMES: Final = {kind: name for name, kind in DOCUMENTS.items()}

D = TypeVar("D", Vitals, Lifetime, Version, WifiStatus)


class Client:
    """One unit. Each call raises one of our errors when three attempts, or the whole patience of one, brought nothing."""

    def __init__(self, session: HttpSession, random: Random | None = None) -> None:
        self._session = session
        self._random = random or Random()
        self._pacer = Pacer(GAP_S)
        self._looked_at: set[type] = set()

    async def vitals(self) -> Vitals:
        return await self._document(Vitals)

    async def lifetime(self) -> Lifetime:
        return await self._document(Lifetime)

    async def version(self) -> Version:
        return await self._document(Version)

    async def wifi_status(self) -> WifiStatus:
        return await self._document(WifiStatus)

    async def _document(self, kind: type[D]) -> D:
        async def once() -> D:
            async with self._pacer:
                return await self._get(kind)

        return await retry(
            once,
            attempts=ATTEMPTS,
            first_s=FIRST_WAIT_S,
            cap_s=LONGEST_WAIT_S,
            within_s=LAST_ATTEMPT_S,
            random=self._random,
        )

    async def _get(self, kind: type[D]) -> D:
        name = NAMES[kind]
        answer = await self._session.get(PATH + name)
        if answer.status == 404:
            raise Unsupported(f"there is no {PATH}{name}: this is no third-generation Wall Connector.")
        if answer.status >= 500:
            raise TimedOut(f"the unit could not answer {name} (HTTP {answer.status}).")
        if answer.status != 200:
            raise BadAnswer(
                f"HTTP {answer.status} is no answer to {name}; check that a Wall Connector has this address."
            )
        document = read(kind, answer.body)
        self._note_strangers(kind, answer.body)
        return document

    def _note_strangers(self, kind: type[D], body: bytes) -> None:
        """New firmware has new fields: worth a line, once."""
        if kind not in self._looked_at:
            self._looked_at.add(kind)
            if strangers := unknown_fields(kind, body):
                log.info("fields of %s that are not known yet: %s", kind.__name__, ", ".join(strangers))


@opens
async def open_client(
    host: str, port: int = PORT, *, tap: Tap | None = None, random: Random | None = None
) -> AsyncIterator[Client]:
    """Nothing is sent before the first question. IPv6 addresses without brackets will do."""
    async with web_session(host, port, keep_alive_s=KEPT_S, tap=tap) as session:
        yield Client(session, random)
