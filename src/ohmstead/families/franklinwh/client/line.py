"""The line to one gateway: calls about it, commands through the tunnel, and what is known of it so far."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.cache import AnswerCache
from ohmstead.families.franklinwh.client.limits import CachePolicy, Limits
from ohmstead.families.franklinwh.client.session import NOTHING, Session
from ohmstead.families.franklinwh.client.state import LineState
from ohmstead.families.franklinwh.errors import DeviceTimeout, InvalidResponse
from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.facts.commands import Command
from ohmstead.families.franklinwh.facts.endpoints import SEND_MQTT, Endpoint
from ohmstead.families.franklinwh.facts.topics import Topic
from ohmstead.families.franklinwh.wire import envelope
from ohmstead.families.franklinwh.wire.answers import Answer
from ohmstead.families.franklinwh.wire.texts import compact
from ohmstead.model import Clock, WireError

log = logging.getLogger(__name__)

SHOWN: Final = 4
"""Characters of a serial that a log may show, at its end."""


def _key(
    endpoint: Endpoint,
    query: Mapping[str, object] = NOTHING,
    body: Mapping[str, object] | bytes | None = None,
) -> tuple[object, ...]:
    """Under which its answer is kept."""
    said = msgspec.json.encode(dict(body)) if isinstance(body, Mapping) else body
    return (endpoint.method, endpoint.path, tuple(sorted(query.items(), key=str)), said)


class Line:
    def __init__(self, session: Session, serial: str, clock: Clock, policy: CachePolicy) -> None:
        self.serial = serial
        self.clock = clock
        self.state = LineState()
        self.cache = AnswerCache(clock)
        self._session = session
        self._policy = policy
        self._numbers = count(1)
        self._tunnel = asyncio.Lock()

    @property
    def limits(self) -> Limits:
        return self._session.limits

    def require_open(self) -> None:
        """Raises `Misused` outside the client's block, also for what is known already."""
        self._session.block.require()

    async def call(
        self,
        endpoint: Endpoint,
        *,
        query: Mapping[str, object] = NOTHING,
        body: Mapping[str, object] | bytes | None = None,
        fresh: bool = False,
    ) -> Answer:
        """Ask about this gateway. A read may be answered from what is kept, unless it has to be `fresh`; a write drops
        what it makes out of date. Raises the errors of the family.
        """
        self.require_open()

        async def ask() -> Answer:
            return await self._session.call(endpoint, gateway=self.serial, query=query, body=body)

        if endpoint.is_write:
            try:
                return await ask()
            finally:
                self._written(*endpoint.drops)
        keep_s = self._policy.time_s(endpoint.name, endpoint.keep_s)
        return await self.cache.get(_key(endpoint, query, body), endpoint.topic, keep_s, ask, fresh=fresh)

    def told(self, *endpoints: Endpoint) -> dict[str, Any]:  # Any: the vendor's JSON
        """The results of what was asked so far, by the endpoint's name, for a later life to `recall`."""
        found = {endpoint.name: self.cache.last(_key(endpoint)) for endpoint in endpoints}
        return {name: answer.result for name, answer in found.items() if answer is not None}

    def recall(self, endpoint: Endpoint, result: object, *, keep_s: float) -> None:
        """Take a result from an earlier life for the answer, that long."""
        answer = Answer(code=BodyCode.OK, result=result)
        self.cache.put(_key(endpoint), endpoint.topic, keep_s, answer)

    async def tunnel(
        self,
        command: Command,
        payload: Mapping[str, object] | None = None,
        *,
        is_write: bool = False,
        fresh: bool = False,
    ) -> dict[str, Any]:  # Any: each command has its own reply
        """Send a command to the gateway and return its reply; without a payload, the command's own way of reading.

        The gateway does one thing at a time, so one command waits for the other. Keys keep their order.
        """
        self.require_open()
        text = compact(command.read if payload is None else payload)

        async def ask() -> dict[str, Any]:  # Any: as above
            async with self._tunnel:
                return await self._exchange(command, text, is_write=is_write)

        if is_write:
            try:
                return await ask()
            finally:
                self._written(*command.drops)
        keep_s = self._policy.time_s(str(command.number), command.keep_s)
        return await self.cache.get((command.number, text), command.topic, keep_s, ask, fresh=fresh)

    def _written(self, *topics: Topic) -> None:
        self.state.written_at = self.clock.now()
        self.drop(*topics)

    def drop(self, *topics: Topic) -> None:
        """Forget answers about these topics; what comes next is asked for."""
        self.cache.drop(*topics)

    async def _exchange(
        self, command: Command, text: str, *, is_write: bool
    ) -> dict[str, Any]:  # Any: each command has its own reply
        try:
            return await self._send(command, text, is_write=is_write)
        except DeviceTimeout:
            if is_write:
                raise
        await asyncio.sleep(self.limits.retry_tunnel_after_s)
        return await self._send(command, text, is_write=is_write)

    async def _send(
        self, command: Command, text: str, *, is_write: bool
    ) -> dict[str, Any]:  # Any: each command has its own reply
        body = envelope.request(
            command.number,
            text,
            gateway=self.serial,
            at_s=int(self.clock.now().timestamp()),
            number=next(self._numbers),
        )
        answer = await self._session.call(
            SEND_MQTT, gateway=self.serial, body=body, is_write=is_write, timeout_s=self.limits.tunnel_s
        )
        try:
            reply = envelope.read_reply(answer.result)
        except WireError as error:
            raise InvalidResponse(
                f"command {command.number} got no proper reply: {error}.", status_code=200
            ) from error
        if reply.command != command.reply:
            log.warning(
                "…%s: command %d was answered as %s", self.serial[-SHOWN:], command.number, reply.command
            )
        return reply.payload
