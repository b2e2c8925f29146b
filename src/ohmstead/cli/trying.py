"""How the devices of a site file are, without a gateway: each of them is tried once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from ohmstead.cli.examining import Seen
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.services import SESSION
from ohmstead.kit.registry import LocalServices, family_of_url, load
from ohmstead.model import DeviceConfig, TimedOut
from ohmstead.polling import Health, HealthState
from ohmstead.polling.health import after_failure

LONGEST_S: Final = 60.0
"""Of a device that is connected and silent, most families have said by then in their own words what that means."""


class SiteSecrets(LocalServices):
    """Knows the secrets of a site that is not open, and adds none to them."""

    def __init__(self, secrets: Secrets) -> None:
        super().__init__()
        self._site = secrets

    def secret(self, reference: str) -> str:
        return self._site.secret(reference)

    async def recall_secret(self, key: str) -> str | None:
        return await super().recall_secret(key) or self._site.kept(SESSION + key)


async def try_devices(configs: Sequence[DeviceConfig], secrets: Secrets) -> tuple[Seen, ...]:
    """All at once, within a minute."""
    async with asyncio.TaskGroup() as tasks:
        trials = [tasks.create_task(try_device(config, secrets)) for config in configs]
    return tuple(seen for trial in trials for seen in trial.result())


async def try_device(config: DeviceConfig, secrets: Secrets) -> tuple[Seen, ...]:
    """Open the source and read it once; trouble is the answer, not an error."""
    limit = asyncio.timeout(LONGEST_S)
    try:
        async with limit:
            return await _read(config, secrets)
    except Exception as error:  # noqa: BLE001 - the root of a task: what one family stumbles over keeps no word of others back
        late = TimedOut(f"{config.name} did not answer within {LONGEST_S:.0f} s.")
        return (_unwell(config, late if limit.expired() else error),)


async def _read(config: DeviceConfig, secrets: Secrets) -> tuple[Seen, ...]:
    card = family_of_url(config.url)
    async with load(card.connect)(config, SiteSecrets(secrets)) as source:
        sample = await source.read()
        return tuple(
            Seen(id=device, family=card.name, health=HealthState.GOOD, reason=sample.missing.get(device, ""))
            for device in source.devices()
        )


def _unwell(config: DeviceConfig, error: Exception) -> Seen:
    now = datetime.now(UTC)
    health = after_failure(Health(state=HealthState.STARTING, since=now), error, now, None)
    return Seen(
        id=config.name, family=family_of_url(config.url).name, health=health.state, reason=health.reason
    )
