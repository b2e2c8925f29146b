"""One gateway as the house's devices: what they measure and what they can be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.client.stats import get_stats
from ohmstead.families.franklinwh.config import FranklinWHConfig
from ohmstead.families.franklinwh.device import actuators
from ohmstead.families.franklinwh.device.actuators import Actuator, Setting
from ohmstead.families.franklinwh.device.counting import Tallies, counted
from ohmstead.families.franklinwh.device.details import circuit_details, gateway_details
from ohmstead.families.franklinwh.device.parts import Ids, Parts, devices, parts_of
from ohmstead.families.franklinwh.device.readings import port_power_w, readings, told_wh
from ohmstead.families.franklinwh.discovery.discover import DECISIVE, discover
from ohmstead.families.franklinwh.facts.codes import GeneratorState, GridConnectionState, WorkMode
from ohmstead.families.franklinwh.facts.commands import METERING
from ohmstead.families.franklinwh.facts.endpoints import ACCESSORIES, DEVICE_INFO, ENTRANCE_INFO
from ohmstead.kit.notebook import Notebook
from ohmstead.model import (
    RUNS_AUTOMATICALLY,
    SETS_RESERVE,
    SWITCHES,
    Ability,
    BadAnswer,
    Detail,
    DeviceId,
    DeviceInfo,
    OhmsteadError,
    PollingContract,
    Sample,
    Services,
)

A = TypeVar("A")

SHORTEST_S: Final = 10.0
CALLS_PER_HOUR: Final = 3600
ELECTRICAL_EVERY: Final = 5
"""Polls between two reads of voltages and relays: the gateway takes a second for each."""
LOOKED_EVERY: Final = timedelta(hours=6)
"""Somebody may have fitted something."""
KEPT_EVERY: Final = timedelta(minutes=5)
STAYS: Final = (ACCESSORIES, DEVICE_INFO, ENTRANCE_INFO)
"""What reading needs to know of what is fitted. Remembered, so that the first poll after a restart asks for live data alone."""
ELECTRICAL: Final = "electrical"
PARTS: Final = "parts"


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept over restarts."""

    parts: Parts
    tallies: Tallies = Tallies()
    answers: Mapping[str, Any] = {}
    """The cloud's, of `STAYS` by name. Any: the vendor's JSON."""


class FranklinWHSource:
    def __init__(self, config: FranklinWHConfig, services: Services, line: Line) -> None:
        self._services = services
        self._notebook = Notebook(services, f"{config.name}: its counters")
        self.line = line
        self._ids = Ids(config.name, line.serial)
        self._memory = Memory(parts=Parts(serial=line.serial))
        self._actuators: dict[DeviceId, dict[str, Actuator]] = {}
        self._last: Stats | None = None
        self._polls = 0
        self._heard_s = float("-inf")
        """When the gateway itself last answered, on the loop's clock."""
        self._looked_at = self._kept_at = services.clock.now()
        self.contract: Final = PollingContract(
            interval_s=config.interval_s,
            shortest_s=min(SHORTEST_S, config.interval_s),
            calls_per_hour=CALLS_PER_HOUR,
            why=(
                "each poll makes the cloud ask the gateway, which takes a second; the vendor's app asks every 10 s, and "
                "about 60 calls a minute are tolerated"
            ),
        )

    async def begin(self) -> None:
        """Who is there: remembered, or asked for. Raises one of the house's errors."""
        known = _decoded(await self._services.recall(self._key))
        if known is not None and known.parts.serial == self.line.serial:
            self._recall(known)
        else:
            await self._look()
        self._equip()

    def _recall(self, known: Memory) -> None:
        """What is not live is left to the second poll, which looks anew at what is fitted."""
        self._memory = known
        now = self.line.clock.now()
        self._looked_at = now - LOOKED_EVERY
        self._polls = -1
        self.line.state.rest(METERING.about, now + timedelta(seconds=SHORTEST_S))
        for endpoint in STAYS:
            if endpoint.name in known.answers:
                self.line.recall(endpoint, known.answers[endpoint.name], keep_s=SHORTEST_S)

    async def keep(self) -> None:
        """Remember the counters."""
        self._kept_at = self.line.clock.now()
        self._memory = msgspec.structs.replace(self._memory, answers=self.line.told(*STAYS))
        await self._notebook.note(self._key, msgspec.json.encode(self._memory).decode())

    @property
    def _key(self) -> str:
        return f"franklinwh.{self.line.serial}"

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return devices(self._memory.parts, self._ids)

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        """The vehicle port can be switched while it is off grid and the generator rests; a reserve belongs to two modes."""
        found = self._actuators.get(device, {}).get(ability.name)
        if found is None or not self._is_possible(device, ability.name):
            return None
        return cast("A", found)  # cast: the token's type says which verb the actuator is asked for

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """Live data; voltages and relays with each fifth poll, and what is fitted every few hours."""
        self.line.require_open()
        missing = await self._look_again(groups or frozenset())
        is_electrical = self._polls % ELECTRICAL_EVERY == 0 or ELECTRICAL in (groups or ())
        self._polls += 1
        stats = await get_stats(self.line, include_electrical=is_electrical and self._polls > 0)
        if stats.is_stale and self.line.state.stats is None:
            raise BadAnswer(
                f"the gateway has not answered yet, only the cloud's store has ({stats.stale_reason})."
            )
        now = self.line.clock.now()
        at = now if not stats.is_stale else self.line.state.stats_at or now
        return await self._sample(stats, now, at, missing)

    # --- what is there ---

    async def _look(self) -> None:
        """Raises `BadAnswer` when what decides about devices could not be read: none of them is gone for that."""
        self._looked_at = self.line.clock.now()
        snapshot = await discover(self.line)
        if failed := DECISIVE.keys() & snapshot.errors.keys():
            raise BadAnswer(f"what is fitted could not be read: {snapshot.errors[min(failed)]}")
        self._memory = msgspec.structs.replace(self._memory, parts=parts_of(snapshot))
        await self.keep()

    async def _look_again(self, groups: frozenset[str]) -> dict[str, str]:
        is_due = self.line.clock.now() - self._looked_at >= LOOKED_EVERY and self._polls >= 0
        if not is_due and PARTS not in groups:
            return {}
        try:
            await self._look()
        except OhmsteadError as error:
            return {"what is fitted": str(error)}
        self._equip()
        return {}

    def _equip(self) -> None:
        parts, ids = self._memory.parts, self._ids
        settings: dict[DeviceId, tuple[Setting, ...]] = {ids.gateway: actuators.GATEWAY}
        if parts.has_generator:
            settings[ids.generator] = actuators.GENERATOR
        if parts.has_port:
            settings[ids.port] = actuators.PORT
        settings |= {ids.circuit(number): actuators.circuit(number) for number in parts.circuits}
        self._actuators = {
            device: {setting.ability.name: Actuator(device, setting, self.line) for setting in group}
            for device, group in settings.items()
        }

    def _is_possible(self, device: DeviceId, name: str) -> bool:
        stats = self._last
        if device == self._ids.port and name == SWITCHES.name:
            return stats is not None and _is_port_usable(stats)
        if name == SETS_RESERVE.name:
            return stats is None or stats.current.work_mode != WorkMode.EMERGENCY_BACKUP
        return name != RUNS_AUTOMATICALLY.name or self._memory.parts.has_generator

    # --- what is told ---

    async def _sample(self, stats: Stats, now: datetime, at: datetime, missing: Mapping[str, str]) -> Sample:
        parts = self._memory.parts
        port_w = port_power_w(stats, parts, self._last)
        if not stats.is_stale:
            tallies = counted(self._memory.tallies, told_wh(stats, parts), *self._day_and_unheard_s())
            self._memory = msgspec.structs.replace(self._memory, tallies=tallies)
            self._last = stats
        if now - self._kept_at >= KEPT_EVERY:
            await self.keep()
        stale = {"live data": stats.stale_reason} if stats.is_stale else {}
        return Sample(
            at=now,
            readings=readings(stats, parts, self._ids, at, tallies=self._memory.tallies, port_w=port_w),
            details=dict(self._details(stats)),
            missing={**missing, **stale, **stats.bad},
        )

    def _day_and_unheard_s(self) -> tuple[date, float]:
        """The gateway's own day, and how much of it went by without an answer, which has come now; 0 where its zone is not
        known. That is no more than the loop's clock says, since ours may just have been set.
        """
        now, now_s = self.line.clock.now(), asyncio.get_running_loop().time()
        heard_s, self._heard_s = self._heard_s, now_s
        try:
            now = now.astimezone(ZoneInfo(self._memory.parts.time_zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder of zones
            return now.astimezone(UTC).date(), 0.0
        into_day_s = (now - now.replace(hour=0, minute=0, second=0)).total_seconds()
        return now.date(), min(into_day_s, (now_s - heard_s) * self.line.clock.speed)

    def _details(self, stats: Stats) -> Iterator[tuple[DeviceId, tuple[Detail, ...]]]:
        yield self._ids.gateway, tuple(gateway_details(stats))
        for number in self._memory.parts.circuits:
            yield self._ids.circuit(number), tuple(circuit_details(stats, number))


def _is_port_usable(stats: Stats) -> bool:
    now = stats.current
    is_off_grid = now.grid_connection_state is not GridConnectionState.CONNECTED
    return is_off_grid and now.generator_status != GeneratorState.RUNNING


def _decoded(text: str | None) -> Memory | None:
    try:
        return None if text is None else msgspec.json.decode(text, type=Memory)
    except msgspec.DecodeError:
        return None
