"""Home Assistant itself, unmodified, with MQTT, recorder and energy, and a clock that a test sets.

Runs in Home Assistant's own environment. Its core, MQTT integration, recorder with its statistics and energy
validation are the real ones; left out are the frontend and everything a home adds beside. One JSON line in, one out.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import sys
import threading
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from homeassistant import bootstrap, config_entries, core, loader
from homeassistant.components import mqtt
from homeassistant.components.energy import data as energy_data
from homeassistant.components.energy import validate as energy_validate
from homeassistant.components.recorder import get_instance, statistics
from homeassistant.components.recorder.tasks import StatisticsTask
from homeassistant.helpers import entity_registry
from homeassistant.helpers import recorder as recorder_helper
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

LEFT_OUT = ("camera", "image")
"""MQTT would set them up too, and they want a web server."""
BUSY = (" is taking over ", "Updating state for ")
"""What it says of its own setup, and of how long it took, where the machine has other things to do, too."""
LOOK_EVERY_S = 0.05
FIVE_MINUTES = timedelta(minutes=5)


class TurnedClock:
    """Asked by the loop and the recorder's thread alike: without the lock, one that asks could undo a step."""

    def __init__(self) -> None:
        self._now = datetime(2026, 6, 1, tzinfo=UTC)
        self._lock = threading.Lock()

    def set(self, at: datetime) -> None:
        with self._lock:
            self._now = at

    def now(self) -> datetime:
        """Never the same twice: the recorder orders states by their stamps."""
        with self._lock:
            self._now += timedelta(milliseconds=1)
            return self._now


CLOCK = TurnedClock()


def turn_the_clock() -> None:
    """Where Home Assistant asks what time it is to stamp states, it hears ours. Timers stay real."""
    dt_util.utcnow = CLOCK.now
    real = core.time
    core.time = types.SimpleNamespace(time=lambda: CLOCK.now().timestamp(), monotonic=real.monotonic)


class Listener(logging.Handler):
    """What Home Assistant complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.name == "homeassistant.setup" and any(word in words for word in LEFT_OUT):
            return
        if not any(word in words for word in BUSY):
            self.heard.append(f"{record.levelname} {record.name}: {words}"[:400])


class House:
    def __init__(self, folder: Path, port: int, listener: Listener) -> None:
        self.folder = folder
        self.port = port
        self.listener = listener
        self.marks: set[str] = set()
        self.marked = asyncio.Event()

    async def open(self) -> None:
        (self.folder / "configuration.yaml").touch()
        hass = self.hass = core.HomeAssistant(str(self.folder))
        hass.config.skip_pip = True
        loader.async_setup(hass)
        hass.config_entries = config_entries.ConfigEntries(hass, {})
        await bootstrap.async_load_base_functionality(hass)
        recorder_helper.async_initialize_recorder(hass)
        database = {"db_url": f"sqlite:///{self.folder}/home.db", "commit_interval": 0, "auto_purge": False}
        assert await async_setup_component(hass, "recorder", {"recorder": database})
        hass.config.components.update(
            {"http", "file_upload", "history", "websocket_api"}
        )  # nothing is served
        assert await async_setup_component(hass, "sensor", {})
        await energy_data.async_get_manager(hass)
        if not hass.config_entries.async_entries("mqtt"):
            entry = config_entries.ConfigEntry(
                version=1,
                minor_version=1,
                domain="mqtt",
                title="broker",
                data={"broker": "127.0.0.1", "port": self.port, "discovery": True},
                source="user",
            )
            await hass.config_entries.async_add(entry)
        else:
            assert await async_setup_component(hass, "mqtt", {})
        await hass.async_start()
        await mqtt.async_subscribe(hass, "test/mark", self._hear_mark)

    async def _hear_mark(self, message: Any) -> None:
        self.marks.add(message.payload)
        self.marked.set()

    async def mark(self, name: str) -> None:
        """Everything that was published before it is in."""
        while name not in self.marks:
            self.marked.clear()
            await asyncio.wait_for(self.marked.wait(), 60)
        self.marks.discard(name)
        await self.hass.async_block_till_done()

    async def subscribed(self) -> None:
        """Its integration gathers what it wants for a second, and nowhere says that it is done; so its timers are asked."""
        client = mqtt.util.get_mqtt_data(self.hass).client
        waiting = (client._subscribe_debouncer, client._unsubscribe_debouncer)
        while any(each._timer or each._task for each in waiting):
            await asyncio.sleep(LOOK_EVERY_S)
        await self.hass.async_block_till_done()

    async def compile(self, start: datetime, end: datetime) -> None:
        instance = get_instance(self.hass)
        await instance.async_block_till_done()
        while start < end:
            instance.queue_task(StatisticsTask(start, False))
            start += FIVE_MINUTES
        await instance.async_block_till_done()

    def states(self) -> dict[str, Any]:
        return {
            state.entity_id: {"state": state.state, "attributes": dict(state.attributes)}
            for state in self.hass.states.async_all()
        }

    def registry(self) -> dict[str, str]:
        """Unique id to entity id."""
        found = entity_registry.async_get(self.hass)
        return {entry.unique_id: entry.entity_id for entry in found.entities.values()}

    async def sums(self, ids: list[str], start: datetime, end: datetime, period: str) -> dict[str, Any]:
        units: dict[str, str] = {"energy": "kWh"}
        kinds = {"sum", "state"}
        return await get_instance(self.hass).async_add_executor_job(
            statistics.statistics_during_period, self.hass, start, end, set(ids), period, units, kinds
        )

    async def statistics(self) -> dict[str, Any]:
        found = await get_instance(self.hass).async_add_executor_job(
            statistics.validate_statistics, self.hass
        )
        return {name: [issue.as_dict() for issue in issues] for name, issues in found.items()}

    async def energy(self, preferences: dict[str, Any]) -> Any:
        manager = await energy_data.async_get_manager(self.hass)
        await manager.async_update(preferences)
        return (await energy_validate.async_validate(self.hass)).as_dict()

    async def call(self, domain: str, service: str, what: dict[str, Any]) -> None:
        await self.hass.services.async_call(domain, service, what, blocking=True)

    async def close(self) -> None:
        await self.hass.async_stop(force=True)


async def answer(house: House, ask: dict[str, Any]) -> Any:
    what = ask.pop("do")
    if what == "time":
        return CLOCK.set(datetime.fromisoformat(ask["at"]))
    if what == "log":
        heard, house.listener.heard = house.listener.heard, []
        return heard
    for name in {"start", "end"} & set(ask):
        ask[name] = datetime.fromisoformat(ask[name])
    found = getattr(house, what)(**ask)
    return await found if inspect.isawaitable(found) else found


def say(**what: Any) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


async def main(folder: str, port: str, at: str) -> None:
    CLOCK.set(datetime.fromisoformat(at))
    turn_the_clock()
    listener = Listener()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    logging.getLogger().addHandler(listener)
    house = House(Path(folder), int(port), listener)
    await house.open()
    say(ready=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        say(found=await answer(house, json.loads(line)))
    await house.close()


if __name__ == "__main__":
    importlib.import_module("homeassistant.components.mqtt.discovery")
    asyncio.run(main(*sys.argv[1:]))
