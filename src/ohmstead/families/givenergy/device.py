"""Turns a plant into the house's devices: who they are, what they measure, what they can be asked.

The live page is read at every poll; everything else takes turns, oldest first, for as long as a poll may last. What the
plant is made of is remembered: after a restart the first reading is one request, and the plant is checked at the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import timedelta
from typing import Final, TypeVar, cast

from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.client import Client, PlantTopologyMismatch, banks
from ohmstead.families.givenergy.client.banks import BankRead
from ohmstead.families.givenergy.config import GivEnergyConfig
from ohmstead.families.givenergy.desk import Desk
from ohmstead.families.givenergy.details import details
from ohmstead.families.givenergy.errors import CommunicationError, ConnectionLost, RequestRefused, TimedOut
from ohmstead.families.givenergy.parts import Memory, Part, parts_of, remembered, restore, views_of
from ohmstead.families.givenergy.readings import live_request, readings
from ohmstead.families.givenergy.verbs import verbs
from ohmstead.families.givenergy.wire import ReadRequest
from ohmstead.kit.block import opens
from ohmstead.kit.notebook import Notebook
from ohmstead.model import (
    Ability,
    Detail,
    DeviceError,
    DeviceId,
    DeviceInfo,
    PollingContract,
    Quality,
    Sample,
    Services,
)

A = TypeVar("A")

SHORTEST_S: Final = 5.0
ROUND_S: Final = 5.0
"""Wire time of a poll in which further pages are asked for: the house gives a poll ten seconds."""
SLOW_S: Final = 60.0
"""Energies and packs change every minute or so; their pages take turns."""
SETTINGS_S: Final = 3600.0
LEAST_WIRE_S: Final = 10.0
"""Where civil time flies, pages still rest this long between two reads."""
CONFIG: Final = "config"
JITTER: Final = 0.4
"""Of the gap, so that two clients of one adapter do not march in step."""


@opens
async def connect(config: GivEnergyConfig, services: Services) -> AsyncIterator[GivEnergySource]:
    """Entering reads the live page, and before that, unless it is remembered, what there is behind the adapter."""
    host, port = config.address
    async with Client(
        host,
        port,
        clock=services.clock,
        tx_message_wait=config.gap_s,
        tx_jitter=config.gap_s * JITTER,
        tap=services.tap(config.name),
        tells_drops=False,
    ) as client:
        source = GivEnergySource(config, services, client)
        await source.begin()
        yield source


class GivEnergySource:
    """One adapter and all that stands behind it."""

    def __init__(self, config: GivEnergyConfig, services: Services, client: Client) -> None:
        self._config = config
        self._services = services
        self._notebook = Notebook(services, f"{config.name}: what it is made of")
        self.client = client
        self._parts: tuple[Part, ...] = ()
        self._abilities: dict[str, object] = {}
        self._is_checked = False
        self._is_begun = False
        """Whether what entering has read is still to be given out."""
        self.contract: Final = PollingContract(
            interval_s=config.interval_s,
            shortest_s=min(SHORTEST_S, config.interval_s),
            why=(
                "the vendor's cloud polls the same bus twice a minute and each request takes up to a second on it; "
                "measurements are new every second, packs and counters every minute or so"
            ),
        )

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {part.info.id: part.info for part in self._parts}

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        """Only the root of a plant is told anything."""
        is_root = bool(self._parts) and device == self._parts[0].info.id
        # cast: the token's type says what the caller gets, which no checker can follow through a name
        return cast("A | None", self._abilities.get(ability.name)) if is_root else None

    async def begin(self) -> None:
        """Who is there, and the first live page. Raises one of the house's errors."""
        memory = Memory.decode(await self._services.recall(self._key))
        if memory is not None and await self._resumes(*memory):
            self._is_begun = True
        else:
            await self._look()
        desk = Desk(
            self._parts[0].info.id,
            self.client,
            self._services,
            self._config.zone,
            allow_gated=self._config.allow_gated,
        )
        self._abilities = verbs(desk)

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        """The live page, and of the others what is due; with the group "config" all settings."""
        missing: dict[str, str] = {}
        if self._is_begun:
            self.client.require_open()
            self._is_begun = False
        else:
            await self.client.stay_connected()
            await self._check()
            await self._ask(live_request(self.client.plant))
            self._require_same()
            missing = await self._round(all_settings=groups is not None and CONFIG in groups)
        return self._sample(missing)

    # --- who is there ---

    async def _resumes(self, memory: Memory, capabilities: PlantCapabilities) -> bool:
        """Whether the remembered plant answers. One request, whose reply is the first reading."""
        plant = self.client.plant
        restore(plant, memory, capabilities)
        self._parts = memory.parts
        try:
            await self._ask(live_request(plant))
        except RequestRefused:
            return False
        seen, known = plant.inverter_serial_number, memory.parts[0].info.serial
        return not seen or seen == known

    def _require_same(self) -> None:
        """Another adapter may have taken the address while nobody was connected."""
        seen = self.client.plant.inverter_serial_number
        if seen and seen != self._parts[0].info.serial:
            raise CommunicationError(
                "another inverter answers at this address; it is opened anew, to see which"
            )

    async def _look(self) -> None:
        await self.client.detect(timeout=self._config.timeout_s)
        self._parts = parts_of(self.client.plant, self._config.name)
        self._is_checked = True
        await self._remember()

    async def _check(self) -> None:
        """Whether the plant is still what was remembered. If not, it is looked at anew, and opened once more."""
        if self._is_checked:
            return
        prior = self.client.plant.capabilities
        try:
            await self.client.detect(timeout=self._config.timeout_s, prior=prior)
        except PlantTopologyMismatch:
            await self._look()
            raise CommunicationError(
                "the plant is not made of what it was before; it is opened anew"
            ) from None
        before, self._parts = self._parts, parts_of(self.client.plant, self._config.name)
        self._is_checked = True
        if self._parts != before:
            await self._remember()

    async def _remember(self) -> None:
        memory = remembered(self.client.plant, self._parts)
        if memory is None:
            return
        await self._notebook.note(self._key, memory.encode())

    @property
    def _key(self) -> str:
        return f"givenergy/{self._config.name}/plant"

    # --- polling ---

    async def _ask(self, request: ReadRequest) -> None:
        await self.client.execute([request], timeout=self._config.timeout_s, retries=1)

    async def _round(self, *, all_settings: bool) -> dict[str, str]:
        """Read what is due, oldest first, until the time of a poll is over. What failed, and why."""
        missing: dict[str, str] = {}
        ends_at_s = asyncio.get_running_loop().time() + ROUND_S
        for read in self._due(all_settings=all_settings):
            if asyncio.get_running_loop().time() >= ends_at_s and not all_settings:
                break
            try:
                await self._ask(read.request)
            except RequestRefused as error:
                self._refused(read, missing, error)
            except ConnectionLost:
                raise
            except TimedOut as error:  # the unit is silent: a time-out for each page would not wake it
                missing[str(read.request)] = str(error)
                break
        return missing

    def _refused(self, read: BankRead, missing: dict[str, str], error: DeviceError) -> None:
        request = read.request
        if read.is_optional:
            self.client.plant.mark_absent(request.device, request.bank, request.base, request.count)
        else:
            missing[str(request)] = str(error)

    def _due(self, *, all_settings: bool) -> list[BankRead]:
        plant = self.client.plant
        found = plant.capabilities
        if found is None:
            return []
        least_s = LEAST_WIRE_S * self._services.clock.speed
        due = [(read, max(SLOW_S, least_s)) for read in banks.measurements(found)]
        settings_s = 0.0 if all_settings else max(SETTINGS_S, least_s)
        due += [(read, settings_s) for read in banks.settings(found)]
        aged = [(self._age_s(read), read) for read, limit_s in due if self._age_s(read) >= limit_s]
        return [read for _, read in sorted(aged, key=lambda entry: entry[0], reverse=True)]

    def _age_s(self, read: BankRead) -> float:
        """Never read is older than anything, and so is what a clock read that was set back since; known not to be there is
        as young as can be.
        """
        request, plant = read.request, self.client.plant
        place = (request.device, request.bank, request.base, request.count)
        if plant.block_present(*place) is False:
            return -1.0
        age_s = plant.block_age(*place)
        return timedelta.max.total_seconds() if age_s is None or age_s < 0 else age_s

    # --- what is told ---

    def _sample(self, missing: Mapping[str, str]) -> Sample:
        plant, now = self.client.plant, self._services.clock.now()
        found = readings(plant, self._parts[0].info.id, now)
        held = {"live page": "it was not believed"} if not found else {}
        return Sample(at=now, readings=found, details=dict(self._details()), missing={**missing, **held})

    def _details(self) -> Iterator[tuple[DeviceId, tuple[Detail, ...]]]:
        for index, part in enumerate(self._parts):
            known = details(*views_of(self.client.plant, part))
            yield part.info.id, (*known, *(self._own_details() if index == 0 else ()))

    def _own_details(self) -> Iterator[Detail]:
        """What the adapter is, and how its bus behaves."""
        plant = self.client.plant
        yield Detail(
            key="data_adapter_serial_number",
            label="serial number of the adapter",
            value=plant.data_adapter_serial_number,
            secret=True,
        )
        counters = [plant.counters(device) for device in plant.register_caches]
        for key, label in COUNTERS:
            value = sum(getattr(counter, key) for counter in counters)
            yield Detail(key=key, label=label, value=value, quality=Quality.GOOD)


COUNTERS: Final = (
    ("crc_failure_count", "pages with a wrong checksum"),
    ("splice_reject_count", "battery pages that cannot be"),
    ("splice_held_count", "battery pages held back for a second look"),
    ("cold_start_held_count", "first battery pages held back"),
    ("retry_count", "requests repeated"),
)
