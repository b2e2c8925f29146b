"""Brings a site up and down: ledger and history first, then the sources in the background, and back again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Final

from ohmstead.gateway.bookkeeping import Bookkeeper
from ohmstead.gateway.capturing import Captures
from ohmstead.gateway.commands import Commands
from ohmstead.gateway.disk import Disk, open_disk
from ohmstead.gateway.following import follow_file
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.held_back import HeldBack
from ohmstead.gateway.intake import Intake
from ohmstead.gateway.ledger import Ledger
from ohmstead.gateway.live import Live
from ohmstead.gateway.locking import only_one
from ohmstead.gateway.remembering import DiskStore, Memory
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.services import SiteServices
from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.sources import Sources
from ohmstead.gateway.watchdog import Watchdog
from ohmstead.history import History, open_history
from ohmstead.kit.budget import Budgets
from ohmstead.kit.shared import Shared
from ohmstead.model import Clock, Tap

LEDGER: Final = "ledger.sqlite"
HISTORY: Final = "history.sqlite"

log = logging.getLogger(__name__)


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
            open_history(directory / HISTORY, clock, retention=site_file.history, threads=threads) as history,
            _running(site_file, disk, history, directory=directory, clock=clock, taps=taps or {}) as gateway,
        ):
            if not threads:
                yield gateway
                return
            async with gateway.watchdog.watching():
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
    secrets = Secrets(directory)
    budgets = Budgets(DiskStore(disk), clock)
    services = partial(SiteServices, clock, budgets, Memory(disk), secrets, shared=Shared())
    captures = Captures(directory, clock, live.of_source)

    def tap(source: str) -> Tap:
        return captures.tap(source, beside=taps.get(source))

    sources = Sources(Intake(live, history), live, disk, services, tap)
    commands = Commands(live.find, sources.pollers, ledger, clock)
    gateway = Gateway(
        site_file,
        clock,
        history=history,
        live=live,
        commands=commands,
        held_back=HeldBack(commands, clock, live.find),
        sources=sources,
        captures=captures,
        books=Bookkeeper(history, disk, clock, site_file),
        secrets=secrets,
        watchdog=Watchdog(clock),
    )
    raised: Exception | None = None
    async with _background(gateway, sources):
        # Ends before commands do: what still waits is not refused then.
        async with gateway.held_back.carrying_out():
            try:
                yield gateway
            except Exception as error:  # noqa: BLE001 - raised again below
                raised = error
        await commands.close()
    live.close()
    if raised is not None:
        raise raised  # here, where no task group wraps it into a group


@asynccontextmanager
async def _background(gateway: Gateway, sources: Sources) -> AsyncIterator[None]:
    """Poll, remember, and follow the site file while the body runs. What is recorded ends behind the last connection."""
    with closing(gateway.captures):
        async with _polling(gateway, sources):
            yield


@asynccontextmanager
async def _polling(gateway: Gateway, sources: Sources) -> AsyncIterator[None]:
    async with sources.running():
        await gateway.follow(gateway.site_file)
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(sources.remember_for_ever(), name="remember"),
                group.create_task(follow_file(gateway), name="follow the site file"),
                group.create_task(gateway.books.run(), name="keep the books"),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
