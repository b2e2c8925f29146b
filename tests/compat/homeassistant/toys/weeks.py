"""A gateway and its bridge over simulated weeks, step by step with Home Assistant's clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import aiomqtt
from assistant import HomeAssistant
from month_family import TICK, MonthConfig
from mosquitto import Mosquitto

from ohmstead.bridges import Discovery, MqttSettings
from ohmstead.bridges.mqtt import MqttBridge
from ohmstead.gateway import Gateway, SiteFile, open_gateway
from ohmstead.kit.link import TaskScope
from ohmstead.model import ReplayedClock, Site

LEDGER: Final = "ledger.sqlite"
MARK: Final = "test/mark"
PATIENCE_S: Final = 120.0
LOOK_EVERY_S: Final = 0.001
ASK_EVERY_S: Final = 0.1


class Weeks:
    def __init__(
        self,
        folder: Path,
        start: datetime,
        broker: Mosquitto,
        assistant: HomeAssistant,
        discovery: Discovery = Discovery.COMPONENTS,
    ) -> None:
        self.now = start
        self.gateway: Gateway | None = None
        self.sources = ("hybrid", "drive")
        self._folder = folder
        self._broker = broker
        self._assistant = assistant
        self._settings = MqttSettings(
            host="127.0.0.1", port=broker.port, prefix="home/ohmstead", discovery=discovery
        )
        self._is_broker_up = True
        self._bridge: MqttBridge | None = None
        self._clock: ReplayedClock | None = None
        self._stack = AsyncExitStack()

    async def open(self) -> None:
        self._clock = ReplayedClock(self.now)
        site_file = SiteFile(
            path=self._folder / "site.toml",
            site=Site(name="Month"),
            devices=tuple(
                MonthConfig(url=f"month://{name}", name=name, control=name == "drive")
                for name in self.sources
            ),
        )
        self.gateway = await self._stack.enter_async_context(
            open_gateway(site_file, directory=self._folder, clock=self._clock)
        )
        self._bridge = MqttBridge(self.gateway, self._settings)
        scope = await self._stack.enter_async_context(TaskScope())
        scope.start(self._bridge.run())
        await self.drained()

    async def close(self) -> None:
        self.gateway = self._bridge = self._clock = None
        await self._stack.aclose()

    def keep_disk(self) -> None:
        """While closed: what `cut_power` goes back to."""
        shutil.copy(self._folder / LEDGER, self._folder / "kept.sqlite")

    async def cut_power(self) -> None:
        """End, and find the gateway's memory as it was long before."""
        await self.close()
        shutil.copy(self._folder / "kept.sqlite", self._folder / LEDGER)

    async def ask(self, do: str, **what: Any) -> Any:
        return await asyncio.to_thread(self._assistant.ask, do, **what)

    async def step(self) -> None:
        """Half an hour: the home, the gateway, the broker, Home Assistant and its statistics."""
        self.now += TICK
        await self.ask("time", at=self.now)
        if self._clock is not None:
            await self._clock.set(self.now)
            await self.drained()
        if self._is_broker_up:
            await self.mark()
        await self.ask("compile", start=self.now - TICK, end=self.now)

    async def steps(self, count: int) -> None:
        for _ in range(count):
            await self.step()

    async def drained(self) -> None:
        """Every source was asked, and the broker has what it said."""
        await _until(self._is_asked)
        if self._is_broker_up:
            await _until(self._is_told)

    async def mark(self) -> None:
        """Home Assistant has everything that was published before."""
        name = self._assistant.next_mark()
        async with aiomqtt.Client("127.0.0.1", self._broker.port) as client:
            await client.publish(MARK, name, qos=1, retain=True)
        await self.ask("mark", name=name)

    async def settle(self) -> None:
        """Home Assistant has subscribed to what it discovered, and heard what is retained there."""
        for _ in range(2):
            await self.mark()
            await self.ask("subscribed")
        await self.mark()

    async def shown(self, entity: str, is_it: Callable[[Any], bool]) -> Any:
        """Its state in Home Assistant, as soon as it is the one."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_it(state := (await self.ask("states"))[entity]):
                await asyncio.sleep(ASK_EVERY_S)
        return state

    async def counted(self, unique_ids: Collection[str]) -> None:
        """Home Assistant knows where these meters stand, and counts from there."""
        async with asyncio.timeout(PATIENCE_S):
            while not await self._stand(unique_ids):
                await asyncio.sleep(ASK_EVERY_S)

    async def _stand(self, unique_ids: Collection[str]) -> bool:
        registry, states = await self.ask("registry"), await self.ask("states")
        found = [states.get(registry.get(unique_id), {}).get("state") for unique_id in unique_ids]
        return not {None, "unknown", "unavailable"} & set(found)

    def lose_broker(self) -> None:
        self._broker.kill()
        self._is_broker_up = False

    async def bring_broker_back(self) -> None:
        self._broker.start()
        self._is_broker_up = True
        await self.settle()
        await self.drained()

    async def restart_assistant(self) -> None:
        await asyncio.to_thread(self._assistant.stop)
        await asyncio.to_thread(self._assistant.start, self.now)
        await self.settle()

    def _is_asked(self) -> bool:
        if self.gateway is None:
            return True
        tries = [status.next_try_at for status in self.gateway.devices()]
        return all(at is not None and at > self.now for at in tries)

    def _is_told(self) -> bool:
        return self._bridge is None or self._bridge.is_told


async def _until(question: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        calm = 0
        while calm < 3:  # what one task has found out, the next has yet to pass on
            await asyncio.sleep(LOOK_EVERY_S)
            calm = calm + 1 if question() else 0
