"""The two old poll loops. They work, and tell whoever calls them what to call instead."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable
from typing import Final, Protocol

from ohmstead.families.givenergy.plant import Plant

DEFAULT_BATTERIES: Final = 5


class Client(Protocol):
    @property
    def plant(self) -> Plant: ...
    async def connect(self) -> None: ...
    async def detect(self) -> object: ...
    async def load_config(self, timeout: float, retries: int, retry_delay: float) -> Plant: ...  # noqa: ASYNC109
    async def refresh(self, timeout: float, retries: int, retry_delay: float) -> Plant: ...  # noqa: ASYNC109


def warn(name: str, max_batteries: int) -> None:
    """To be called from the deprecated method itself, so that the line of its caller is named."""
    warnings.warn(
        f"{name} will be removed with the next major version; call detect once, then load_config and refresh.",
        DeprecationWarning,
        stacklevel=3,
    )
    if max_batteries != DEFAULT_BATTERIES:
        warnings.warn(
            "max_batteries has no effect any more: detect finds every battery.",
            DeprecationWarning,
            stacklevel=3,
        )


async def refresh_plant(
    client: Client, *, is_full: bool, timeout_s: float, retries: int, retry_delay_s: float
) -> Plant:
    if client.plant.capabilities is None:
        await client.detect()
    if is_full:
        await client.load_config(timeout_s, retries, retry_delay_s)
    return await client.refresh(timeout_s, retries, retry_delay_s)


async def watch_plant(
    client: Client,
    handler: Callable[[], object] | None,
    *,
    period_s: float,
    is_passive: bool,
    timeout_s: float,
    retries: int,
    retry_delay_s: float,
) -> None:
    await client.connect()
    is_full = True
    while True:
        if is_full or not is_passive:
            await refresh_plant(
                client, is_full=is_full, timeout_s=timeout_s, retries=retries, retry_delay_s=retry_delay_s
            )
        is_full = False
        if handler is not None:
            handler()
        await asyncio.sleep(period_s)
