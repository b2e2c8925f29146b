"""Brings a site up and down: ledger and history first, then the pollers in the background, and back again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from ohmstead.gateway.commands import Commands
from ohmstead.gateway.disk import Disk, LedgerError, open_disk
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.intake import Intake
from ohmstead.gateway.ledger import Ledger
from ohmstead.gateway.live import Live
from ohmstead.gateway.locking import only_one
from ohmstead.gateway.remembering import DiskStore, Memory, read_counters, write_counters
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.services import SiteServices
from ohmstead.gateway.site_file import SiteFile
from ohmstead.history import History, open_history
from ohmstead.kit.budget import Budgets
from ohmstead.kit.registry import family_of_url, load
from ohmstead.model import Clock, DeviceConfig, Services, Source, Tap
from ohmstead.polling import Counter, CounterKey, Gate, Poller

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
) -> AsyncIterator[Gateway]:
    """Run a site until the context is left. Yields at once; its sources open in the background.

    `directory` holds ledger, history and secrets, and is this gateway's alone: raises `ConfigError` if another one has
    it. `taps` are by source name. Without `threads` stores are called directly, as the warp loop needs.
    """
    with only_one(directory):
        async with (
            open_disk(directory / LEDGER, threads=threads) as disk,
            open_history(directory / HISTORY, clock, threads=threads) as history,
            _running(site_file, disk, history, directory=directory, clock=clock, taps=taps or {}) as gateway,
        ):
            yield gateway


@asynccontextmanager
async def _running(
    site_file: SiteFile,
    disk: Disk,
    history: History,
    *,
    directory: Path,
    clock: Clock,
    taps: Mapping[str, Tap],
) -> AsyncIterator[Gateway]:
    ledger = Ledger(disk)
    if settled := await ledger.settle_interrupted(clock.now()):
        log.warning("%d commands were interrupted by the last stop; their outcome is unknown", settled)
    live = Live(site_file.site, clock)
    services = partial(SiteServices, clock, Budgets(DiskStore(disk), clock), Memory(disk), Secrets(directory))
    pollers = _pollers(site_file, Intake(live, history), services, taps, await read_counters(disk))
    gateway = Gateway(site_file, clock, history, live, Commands(live.find, pollers, ledger, clock))
    raised: Exception | None = None
    async with _background(disk, live, pollers.values()):
        try:
            yield gateway
        except Exception as error:  # noqa: BLE001 - raised again below
            raised = error
        await gateway.commands.close()
    if raised is not None:
        raise raised  # here, where no task group wraps it into a group


def _pollers(
    site_file: SiteFile,
    intake: Intake,
    services: Callable[[Tap | None], SiteServices],
    taps: Mapping[str, Tap],
    counters: Mapping[CounterKey, Counter],
) -> dict[str, Poller]:
    pollers = {}
    for config in site_file.devices:
        device_services = services(taps.get(config.name))
        opening = partial(connect_device, config, device_services)
        gate = Gate(_of_source(counters, config.name))
        poller = Poller(config.name, opening, intake, device_services.clock, gate=gate)
        intake.expect(config, family_of_url(config.url).name, poller.health)
        pollers[config.name] = poller
    return pollers


@asynccontextmanager
async def _background(disk: Disk, live: Live, pollers: Collection[Poller]) -> AsyncIterator[None]:
    """Poll, and remember the counters, while the body runs."""
    gap_s = min(STAGGER_S, LONGEST_STAGGER_S / max(len(pollers), 1))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(poller.run(after_s=index * gap_s), name=f"poll {poller.name}")
                for index, poller in enumerate(pollers)
            ]
            tasks.append(group.create_task(_remember_for_ever(disk, pollers), name="remember counters"))
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
    finally:
        live.close()
        await _remember(disk, pollers)


async def _remember_for_ever(disk: Disk, pollers: Iterable[Poller]) -> NoReturn:
    while True:
        await asyncio.sleep(REMEMBER_EVERY_S)
        await _remember(disk, pollers)


async def _remember(disk: Disk, pollers: Iterable[Poller]) -> None:
    counters = {key: counter for poller in pollers for key, counter in poller.gate.counters.items()}
    try:
        await write_counters(disk, counters)
    except LedgerError:
        log.exception("the counters could not be saved; polling goes on")


def _of_source(counters: Mapping[CounterKey, Counter], source: str) -> dict[CounterKey, Counter]:
    return {key: counter for key, counter in counters.items() if key[0].partition("/")[0] == source}
