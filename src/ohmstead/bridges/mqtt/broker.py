"""The connection to the broker. Only our own errors leave it."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

import aiomqtt
import msgspec

from ohmstead.bridges.mqtt.projection import OFFLINE
from ohmstead.bridges.mqtt.topics import Topics
from ohmstead.bridges.settings import MqttSettings
from ohmstead.kit.link import tls
from ohmstead.model import AuthFailed, TimedOut, Unreachable

KEEP_ALIVE_S: Final = 20
"""A broker that says nothing for one and a half of it is lost, and tells others that we are."""
PATIENCE_S: Final = 10.0
"""For one answer of the broker."""
MOST_WAITING: Final = 20_000
"""Messages to us that are not looked at yet; more are not taken. A home's announcements are some hundreds."""
REFUSALS: Final = frozenset({"Bad user name or password", "Not authorized"})
"""Reasons of a broker that does not want us."""

ERROR_NUMBER: Final = re.compile(r"^\[Errno -?\d+\] ")


class Heard(msgspec.Struct, frozen=True):
    topic: str
    text: bytes
    is_retained: bool
    """It was published before we asked."""


class Broker:
    """An open connection."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client

    async def publish(self, topic: str, text: bytes, *, retain: bool = True) -> None:
        """Returns when the broker has it. Raises `OhmsteadError`."""
        with translated():
            await self._client.publish(topic, text, qos=1, retain=retain)

    async def subscribe(self, *filters: str) -> None:
        with translated():
            for each in filters:
                await self._client.subscribe(each, qos=1)

    async def messages(self) -> AsyncIterator[Heard]:
        """Raises `OhmsteadError` when the connection ends."""
        with translated():
            async for message in self._client.messages:
                yield _heard(message)

    async def retained(self, filters: Iterable[str], mark: str) -> Mapping[str, bytes]:
        """What the broker holds there now. Commands must not be subscribed to yet. `mark` is a topic of ours."""
        found: dict[str, bytes] = {}
        word = secrets.token_hex(8).encode()
        with translated():
            for each in (*filters, mark):
                await self._client.subscribe(each, qos=1)
            await self._client.publish(mark, word, qos=1)
            async with asyncio.timeout(PATIENCE_S):
                async for heard in self.messages():
                    if heard.topic == mark and heard.text == word:
                        break
                    if heard.is_retained and heard.text:
                        found[heard.topic] = heard.text
            for each in (*filters, mark):
                await self._client.unsubscribe(each)
        return found


@asynccontextmanager
async def connected(settings: MqttSettings, topics: Topics, password: str) -> AsyncIterator[Broker]:
    """With a last will that says we are gone. Raises `Unreachable`, `AuthFailed` or `TimedOut`."""
    client = aiomqtt.Client(
        settings.host,
        settings.port_number,
        username=settings.username or None,
        password=password or None,
        will=aiomqtt.Will(topics.status, OFFLINE, qos=1, retain=True),
        timeout=PATIENCE_S,
        keepalive=KEEP_ALIVE_S,
        max_queued_incoming_messages=MOST_WAITING,
        tls_context=tls.trusting_context(pinned=settings.fingerprint) if settings.tls else None,
    )
    with translated():
        await client.__aenter__()
    try:
        yield Broker(client)
    finally:
        with suppress(aiomqtt.MqttError):  # a connection that is lost cannot be ended well
            await client.__aexit__(None, None, None)


@contextmanager
def translated() -> Iterator[None]:
    """Around every call: our own errors, and no cancellation is lost.

    The client waits with `asyncio.wait_for`, which up to Python 3.11 swallows one that comes together with the answer.
    """
    try:
        yield
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise asyncio.CancelledError
    except aiomqtt.MqttError as error:
        words = ERROR_NUMBER.sub("", str(error))
        if any(reason in words for reason in REFUSALS):
            raise AuthFailed(f"the broker does not accept us: {words}") from error
        raise Unreachable(f"the broker is away: {words}") from error
    except TimeoutError as error:
        raise TimedOut("the broker did not answer in time") from error


def _heard(message: aiomqtt.Message) -> Heard:
    return Heard(message.topic.value, message.payload, is_retained=message.retain)
