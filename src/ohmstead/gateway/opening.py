"""Brings a site up and down: ledger and history first, then the pollers in the background, and back again."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NoReturn

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.disk import Disk, open_disk
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.intake import Intake
from ohmstead.gateway.ledger import Ledger
from ohmstead.gateway.live import Live, LiveSource
from ohmstead.gateway.remembering import DiskStore, read_counters, write_counters
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.services import SiteServices
from ohmstead.gateway.site_file import SiteFile
from ohmstead.history import open_history
from ohmstead.kit.budget import Budgets
from ohmstead.kit.registry import family_of_url, load
from ohmstead.model import Clock, DeviceConfig, Services, Source, Tap
from ohmstead.polling import Counter, CounterKey, Gate, Poller

Connector = Callable[[DeviceConfig, Services], AbstractAsyncContextManager[Source]]

LEDGER: Final = "ledger.sqlite"
HISTORY: Final = "history.sqlite"
STAGGER_S: Final = 0.1
"""Between the first polls of two sources: soon enough for a live page, apart enough for one network card."""
LONGEST_STAGGER_S: Final = 2.0
REMEMBER_EVERY_S: Final = 300.0
"""Wire time between two savings of the counters: what a power cut can forget of where totals stood."""

log = logging.getLogger(__name__)


def connect_device(config: DeviceConfig, services: Services) -> AbstractAsyncContextManager[Source]:
    """Open a source through the family its URL names."""
    opened: AbstractAsyncContextManager[Source] = load(family_of_url(config.url).connect)(config, services)
    return opened


@asynccontextmanager
async def open_gateway(
    site_file: SiteFile,
    *,
    directory: Path,
    clock: Clock,
    threads: bool = True,
    taps: Mapping[str, Tap] | None = None,
    connector: Connector = connect_device,
) -> AsyncIterator[Gateway]:
    """Run a site until the context is left. Yields at once; its sources open in the background.

    `directory` holds ledger, history and secrets. `taps` are by source name. Without `threads` stores are called
    directly, as the warp loop needs. `connector` opens a source: by default the family its URL names does.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240 - before anything runs
    async with (
        open_disk(directory / LEDGER, threads=threads) as disk,
        open_history(directory / HISTORY, clock, threads=threads) as history,
    ):
        live, ledger, counters = Live(site_file.site, clock), Ledger(disk), await read_counters(disk)
        if settled := await ledger.settle_interrupted(clock.now()):
            log.warning("%d commands were interrupted by the last stop; their outcome is unknown", settled)
        services = partial(SiteServices, clock, Budgets(DiskStore(disk), clock), Secrets(directory))
        intake, pollers = Intake(live, history), dict[str, Poller]()
        for config in site_file.devices:
            opening = partial(connector, config, services((taps or {}).get(config.name)))
            gate = Gate(_of_source(counters, config.name))
            poller = pollers[config.name] = Poller(config.name, opening, intake, clock, gate=gate)
            family = family_of_url(config.url).name if connector is connect_device else ""
            live.sources[config.name] = LiveSource(config, family, poller.health, clock.speed)
        gateway = Gateway(site_file, clock, history, live, Commands(live.find, pollers, ledger, clock))
        try:
            async with _background([*_runs(pollers.values()), _remember_for_ever(disk, pollers.values())]):
                yield gateway
                await gateway.commands.close()
        finally:
            live.close()
            await _remember(disk, pollers.values())


def _runs(pollers: Iterable[Poller]) -> list[Coroutine[Any, Any, NoReturn]]:  # Any: what a coroutine is sent
    found = list(pollers)
    gap_s = min(STAGGER_S, LONGEST_STAGGER_S / max(len(found), 1))
    return [poller.run(after_s=index * gap_s) for index, poller in enumerate(found)]


@asynccontextmanager
async def _background(coroutines: Iterable[Coroutine[Any, Any, NoReturn]]) -> AsyncIterator[None]:
    """Run children that end only with the body, whose own error leaves as it is, not wrapped in a group."""
    raised: Exception | None = None
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(coroutine) for coroutine in coroutines]
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised again below, outside the group
            raised = error
        finally:
            for task in tasks:
                task.cancel()
    if raised is not None:
        raise raised


async def _remember_for_ever(disk: Disk, pollers: Iterable[Poller]) -> NoReturn:
    while True:
        await asyncio.sleep(REMEMBER_EVERY_S)
        await _remember(disk, pollers)


async def _remember(disk: Disk, pollers: Iterable[Poller]) -> None:
    counters = {key: counter for poller in pollers for key, counter in poller.gate.counters.items()}
    try:
        await write_counters(disk, counters)
    except sqlite3.Error:
        log.exception("the counters could not be saved; polling goes on")


def _of_source(counters: Mapping[CounterKey, Counter], source: str) -> dict[CounterKey, Counter]:
    return {key: counter for key, counter in counters.items() if key[0].partition("/")[0] == source}
