"""Turns the inverter's words into ours. The only file that knows both."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Final, TypeVar, cast

from ohmstead.families._blueprint.client import PORT, Client
from ohmstead.families._blueprint.codec import words
from ohmstead.families._blueprint.messages import Info, Message
from ohmstead.kit.block import opens
from ohmstead.model import (
    LIMITS_SOLAR,
    Ability,
    Detail,
    DeviceConfig,
    DeviceId,
    DeviceInfo,
    Envelope,
    Interval,
    Outcome,
    OutcomeUnknown,
    PollingContract,
    Receipt,
    Refused,
    Sample,
    Services,
    SolarReading,
    host_and_port,
)

A = TypeVar("A")

CONTRACT: Final = PollingContract(interval_s=10.0, shortest_s=1.0, why="the inverter measures once a second")
LIMIT: Final = Envelope(unit="%", allowed=(Interval(0, 100),), step=1.0, latency_s=0.5, settle_s=2.0)


class BlueprintConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Its `[[device]]` table has no keys of its own."""


@opens
async def connect(config: BlueprintConfig, services: Services) -> AsyncIterator[BlueprintSource]:
    host, port = host_and_port(config.url, "blueprint", PORT)
    async with Client(host, port, tap=services.tap(config.name)) as client:
        yield BlueprintSource(config, services, client, await client.info())


class BlueprintSource:
    contract = CONTRACT

    def __init__(self, config: BlueprintConfig, services: Services, client: Client, info: Info) -> None:
        self._clock = services.clock
        self._client = client
        self._info = info
        self._id = DeviceId(f"{config.name}/{info.serial}")
        self._limit = BlueprintLimit(self._id, services, client)

    def devices(self) -> Mapping[DeviceId, DeviceInfo]:
        return {
            self._id: DeviceInfo(
                id=self._id,
                family="blueprint",
                model=f"{self._info.rating:g} W",
                serial=self._info.serial,
                firmware=f"{self._info.firmware:.2f}",
            )
        }

    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None:
        # cast: the token's type says what the caller gets, which no checker can follow through a comparison
        return cast(A, self._limit) if device == self._id and ability is LIMITS_SOLAR else None

    async def read(self, groups: frozenset[str] | None = None) -> Sample:
        live = await self._client.live()
        at = self._clock.now()
        reading = SolarReading(device=self._id, at=at, power_w=live.power, energy_wh=live.energy)
        details = (*_details(self._info), *_details(live))
        return Sample(at=at, readings=(reading,), details={self._id: details})


class BlueprintLimit:
    """Holds production back; what the inverter then says is the outcome."""

    envelope = LIMIT

    def __init__(self, device: DeviceId, services: Services, client: Client) -> None:
        self._device = device
        self._clock = services.clock
        self._client = client

    async def limit_solar(self, limit_pct: float) -> Receipt:
        asked = self.envelope.check(limit_pct)
        reason = ""
        try:
            await self._client.set_limit(asked)
        except OutcomeUnknown as error:
            reason = str(error)  # the read-back below finds out
        except Refused as error:
            return self._receipt(Outcome.REFUSED, asked, None, str(error))
        found = (await self._client.live()).limit
        return self._receipt(Outcome.CONFIRMED if found == asked else Outcome.DIFFERENT, asked, found, reason)

    def _receipt(self, outcome: Outcome, asked: float, found: float | None, reason: str) -> Receipt:
        return Receipt(
            device=self._device,
            ability=LIMITS_SOLAR.name,
            at=self._clock.now(),
            outcome=outcome,
            asked=asked,
            read_back=found,
            reason=reason,
        )


def _details(message: Message) -> list[Detail]:
    return [
        Detail(key=key, label=word.label, value=getattr(message, key), unit=word.unit, secret=word.secret)
        for key, word in words(type(message)).items()
    ]
