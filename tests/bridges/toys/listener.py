"""Somebody else at the broker: hears everything, and says what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiomqtt

from ohmstead.kit.link import TaskScope

PATIENCE_S: Final = 60.0


class Listener:
    def __init__(self, client: aiomqtt.Client) -> None:
        self.newest: dict[str, bytes] = {}
        """By topic; what was cleared is not there."""
        self.all: list[tuple[str, bytes]] = []
        self._client = client
        self._stirred = asyncio.Event()

    async def say(self, topic: str, text: bytes | str, *, retain: bool = False) -> None:
        await self._client.publish(topic, text, qos=1, retain=retain)

    async def heard(self, question: Callable[[], Any]) -> Any:  # Any: whatever the question finds
        """Waits until it finds something."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := question()):
                self._stirred.clear()
                await self._stirred.wait()
        return found

    async def json(self, topic: str, is_it: Callable[[Any], bool] = bool) -> Any:
        return await self.heard(
            lambda: (found := self.newest.get(topic)) and is_it(told := json.loads(found)) and told
        )

    async def listen(self) -> None:
        async for message in self._client.messages:
            topic = message.topic.value
            self.all.append((topic, message.payload))
            if message.payload:
                self.newest[topic] = message.payload
            else:
                self.newest.pop(topic, None)
            self._stirred.set()


@asynccontextmanager
async def listening(port: int, **login: Any) -> AsyncIterator[Listener]:
    async with aiomqtt.Client("127.0.0.1", port, **login) as client:
        listener = Listener(client)
        await client.subscribe("#", qos=1)
        async with TaskScope() as scope:
            scope.start(listener.listen())
            yield listener
