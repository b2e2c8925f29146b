"""Finds out what stands behind an adapter: asks for what may be there, and believes only what proves itself.

With a `prior`, only what was remembered is asked for; kinds of which the stored form said nothing are swept as without
one. An address that stays silent is asked twice and briefly, two at a time: most are empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol

import msgspec

from ohmstead.families.givenergy import presence
from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.capabilities import (
    INVERTER,
    MODULES_OF_AN_AIO,
    PlantCapabilities,
    same_model,
)
from ohmstead.families.givenergy.client import banks
from ohmstead.families.givenergy.client.exchange import Patience, Priority
from ohmstead.families.givenergy.client.outcomes import PlantTopologyMismatch
from ohmstead.families.givenergy.errors import CommunicationError
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.wire import ReadReply, ReadRequest
from ohmstead.kit.wire.tables import Words

_UNKNOWN: Final = RegisterCache()
SECOND_LOOKS: Final = 3


class Bus(Protocol):
    """What a detection needs of a client."""

    @property
    def caches(self) -> Mapping[int, Words]: ...

    async def try_read(
        self, request: ReadRequest, patience: Patience, priority: Priority
    ) -> ReadReply | None:
        """None when nobody answered. Raises only when the connection is lost."""
        ...

    async def try_all(
        self, requests: Iterable[ReadRequest], patience: Patience
    ) -> tuple[ReadReply | None, ...]:
        """The same for probes, two under way at a time."""
        ...

    def is_stored(self, reply: ReadReply) -> bool:
        """Whether what it says was believed."""
        ...

    def is_doubted(self, reply: ReadReply) -> bool:
        """Whether it was not believed, but another one may be: it waits for a second like it, or better is known."""
        ...


class Patiences(msgspec.Struct, frozen=True):
    known: Patience
    probe: Patience


async def detect(bus: Bus, prior: PlantCapabilities | None, patiences: Patiences) -> PlantCapabilities:
    """Raises `CommunicationError` when nobody says what it is, `PlantTopologyMismatch` when `prior` no longer holds."""
    return await _Detection(bus, prior, patiences).run()


class _Detection:
    def __init__(self, bus: Bus, prior: PlantCapabilities | None, patiences: Patiences) -> None:
        self._bus = bus
        self._prior = prior
        self._patiences = patiences
        self._answered = {INVERTER}

    async def run(self) -> PlantCapabilities:
        bare = await self._identity()
        if bare.is_hv:
            await self._high_voltage(bare)
        await self._probe(map(banks.meter, self._addresses("meter_addresses", banks.METERS)))
        if not bare.is_hv and not bare.is_ems:
            await self._packs(bare)
            await self._probe([banks.page(banks.LV_BCU)])
        if bare.is_ems:
            await self._ask(banks.ems_summary(INVERTER))
        return self._compared(bare)

    async def _identity(self) -> PlantCapabilities:
        await self._ask(banks.identity(INVERTER))
        cache = self._bus.caches.get(INVERTER)
        found = presence.identify(cache) if cache is not None else None
        if found is None:
            raise CommunicationError(
                f"nobody at device 0x{INVERTER:02x} says what it is; "
                "check that the adapter is plugged in and the inverter has power."
            )
        code, model, firmware = found
        if model is None:
            raise CommunicationError(f"the device type code {code} is of no family we know")
        bare = PlantCapabilities(device_type=model, arm_firmware_version=firmware)
        if self._prior is not None and not same_model(self._prior.device_type, model):
            raise PlantTopologyMismatch(self._prior, bare, ("device_type",))
        return bare

    async def _high_voltage(self, bare: PlantCapabilities) -> None:
        stacks = await self._stacks()
        places = banks.FIRST_MODULE + sum(stacks.values())
        is_aio = bare.device_type is Model.ALL_IN_ONE
        sweep = range(banks.FIRST_MODULE, places)[: MODULES_OF_AN_AIO if is_aio else None]
        key = "aio_battery_module_addresses" if is_aio else "hv_bmu_addresses"
        await self._probe(map(banks.page, self._addresses(key, sweep)))
        await self._probe(map(banks.controller_serial, stacks))

    async def _stacks(self) -> dict[int, int]:
        """The number of modules of each controller that is there, by its address."""
        remembered = (
            None if self._prior is None or "bcu_stacks" in self._prior.absent else self._prior.bcu_stacks
        )
        if remembered is None:
            await self._ask(banks.short_page(banks.HV_BMS))
            count = presence.stack_count(self._bus.caches.get(banks.HV_BMS, _UNKNOWN))
            requests = [banks.page(banks.FIRST_CONTROLLER + n) for n in range(count)]
        else:
            requests = [banks.short_page(banks.FIRST_CONTROLLER + offset) for offset, _ in remembered]
        for request in requests:
            await self._ask(request)
        found = {r.device: self._bus.caches[r.device] for r in requests if r.device in self._answered}
        return {
            a: presence.module_count(cache) for a, cache in found.items() if presence.is_controller(cache)
        }

    async def _packs(self, bare: PlantCapabilities) -> None:
        addresses = self._addresses("lv_battery_addresses", banks.PACKS)
        first = [a for a in addresses if a == banks.FIRST_PACK]
        # The first pack is asked patiently; gateways have none, and say nothing.
        patience = self._patiences.known if not bare.is_gateway else self._patiences.probe
        for address in first:
            await self._ask(banks.page(address), patience)
        await self._probe(banks.page(a) for a in addresses if a != banks.FIRST_PACK)

    def _addresses(self, key: str, sweep: Iterable[int]) -> tuple[int, ...]:
        if self._prior is None or key in self._prior.absent:
            return tuple(sweep)
        return tuple(getattr(self._prior, key))

    async def _ask(self, request: ReadRequest, patience: Patience | None = None) -> None:
        patience = patience or self._patiences.known
        await self._believe(request, await self._bus.try_read(request, patience, Priority.POLLING))

    async def _probe(self, requests: Iterable[ReadRequest]) -> None:
        asked = tuple(requests)
        answers = await self._bus.try_all(asked, self._patiences.probe)
        for request, reply in zip(asked, answers, strict=True):
            await self._believe(request, reply)

    async def _believe(self, request: ReadRequest, reply: ReadReply | None) -> None:
        """Who answers with what cannot be believed has not answered; what is in doubt is asked for again."""
        for _ in range(SECOND_LOOKS):
            if reply is None or not self._bus.is_doubted(reply):
                break
            reply = await self._bus.try_read(request, self._patiences.probe, Priority.POLLING)
        if reply is not None and self._bus.is_stored(reply):
            self._answered.add(request.device)

    def _compared(self, bare: PlantCapabilities) -> PlantCapabilities:
        found = presence.derive(self._bus.caches, self._answered) or bare
        if self._prior is not None and (differences := self._prior.differences(found)):
            raise PlantTopologyMismatch(self._prior, found, differences)
        return found
