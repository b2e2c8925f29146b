"""The library's client of a DTU: what to ask, in the vendor's words with units.

Each method is one transaction on a connection of its own; see `contact` for how they run and `pacing` for when.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from random import Random

import msgspec

from ohmstead.families.hoymiles import requests
from ohmstead.families.hoymiles.actions import (
    FLASH,
    Action,
    power_factor_text,
    reactive_text,
    temporary_limit_text,
)
from ohmstead.families.hoymiles.client import commands, limits, ordering, pacing, reading, settings
from ohmstead.families.hoymiles.client.commands import CommandResult
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.client.limiting import Limiter
from ohmstead.families.hoymiles.client.limits import ENVELOPE, LimitResult, Spend
from ohmstead.families.hoymiles.client.pacing import Pace
from ohmstead.families.hoymiles.client.reading import Collecting
from ohmstead.families.hoymiles.client.reception import Unsolicited
from ohmstead.families.hoymiles.client.session import Session
from ohmstead.families.hoymiles.client.settings import Changes, ConfigResult
from ohmstead.families.hoymiles.grid_profile import GridProfile
from ohmstead.families.hoymiles.messages.exchange import Answer, Exchange, Request
from ohmstead.families.hoymiles.results import (
    Alarm,
    Config,
    DayEnergy,
    Heartbeat,
    Inventory,
    Live,
    Network,
    PowerCurve,
    RadioSearch,
)
from ohmstead.families.hoymiles.wire import GAP_S
from ohmstead.kit.block import Block
from ohmstead.kit.budget import Budgets, MemoryStore
from ohmstead.kit.link import Dial
from ohmstead.model import Clock, Outcome, RealClock, Unsafe


class Client:
    """Talks to one DTU. Safe to call from several tasks; one transaction runs at a time."""

    def __init__(
        self,
        dial: Dial,
        *,
        clock: Clock | None = None,
        spend: Spend | None = None,
        poll_all: bool = True,
        is_paced: bool = True,
        spares_uploads: bool | None = None,
        gap_s: float = GAP_S,
        unsolicited: Unsolicited = lambda _: None,
        random: Random | None = None,
        block: Block | None = None,
        is_met: bool = True,
    ) -> None:
        """`spend` keeps the budget of flash writes; without it they are counted in memory.

        `poll_all` asks the DTU to collect before live data is read, which some firmware needs and which switches others
        to fresher data. `is_paced` holds live reads to the interval the firmware tolerates, `spares_uploads`, as
        `is_paced` if not said, keeps them away from uploads to the vendor's cloud. `gap_s` lies between two requests, four times
        as much between two connections. `unsolicited` is shown every frame that answers nothing. `block`: of a source
        whose client this is; it keeps nothing open between two calls, and needs none of its own. Not `is_met`: until a DTU
        has answered, its silence is not waited for a second time.
        """
        self.clock = clock or RealClock()
        self._contact = Contact(
            dial, self.clock, unsolicited, random or Random(), gap_s=gap_s, block=block, is_met=is_met
        )
        self._spend = spend or Budgets(MemoryStore(), self.clock).spend
        self._poll_all = poll_all
        self._is_paced = is_paced
        self._spares_uploads = is_paced if spares_uploads is None else spares_uploads
        self._writing = asyncio.Lock()
        self._last_live: Live | None = None
        self._last_read: datetime | None = None
        self._limiter = Limiter(self._contact, self._spend, self._live_at_once)
        self._seen_alarms: dict[str, int] = {}

    def require_open(self) -> None:
        """Raises `Misused` where its source is used outside its block."""
        self._contact.require_open()

    @asynccontextmanager
    async def staying(self) -> AsyncIterator[None]:
        """Keep one connection for all that is asked within the block.

        It saves the dialling, and keeps everybody else away from the DTU meanwhile; older firmware does not upload while
        it stands. Lost, it is not dialled anew: each question then has a connection of its own again.
        """
        async with self._contact.staying():
            yield

    # --- who is there ---

    async def inventory(self) -> Inventory:
        return await self._contact.read(self._contact.ask_inventory)

    async def known(self) -> Inventory:
        """The inventory of the last time it was asked, if it ever was."""
        return await self._contact.known()

    def remind(self, inventory: Inventory) -> None:
        """What was known before a restart. Not of a DTU that encrypts: its key is of this start and no other."""
        if not inventory.dtu.wants_encryption:
            self._contact.inventory = inventory

    @property
    def is_encrypted(self) -> bool:
        """Whether the DTU encrypts; known after the first contact."""
        return self._contact.is_encrypted

    @property
    def speaks_old_data(self) -> bool:
        """Whether the DTU knows the older live data only; known after the first read of them."""
        return self._contact.speaks_old_data

    async def ask(self, exchange: Exchange[Request, Answer], request: Request) -> Answer:
        """One exchange that reads, its answer as it came. Raises `Unsafe` for others: writes have methods of their own, which
        never send twice.
        """
        commands.require_reading(request)

        async def steps(session: Session) -> Answer:
            await self._contact.contacted(session)
            return await session.ask(exchange, request)

        return await self._contact.read(steps)

    async def heartbeat(self) -> Heartbeat:
        return await self._contact.read(lambda session: reading.heartbeat(self._contact, session))

    async def network(self) -> Network:
        return await self._contact.read(lambda session: reading.network(self._contact, session))

    async def radio_search(self) -> RadioSearch:
        """Inverters the radio has found; nothing is changed."""
        return await self._contact.read(lambda session: reading.radio_search(self._contact, session))

    # --- live data and history ---

    async def live(self, *, poll_all: bool | None = None, at_once: bool = False) -> Live:
        """The present data set; `is_stale` when it is the one of the read before.

        Asked sooner than the DTU tolerates, this is the last one again, `is_cached`; `at_once` asks it all the same.
        """
        if not at_once and (cached := self._cached()) is not None:
            return cached
        collecting = Collecting(self._poll_all if poll_all is None else poll_all)
        found = await self._contact.read(lambda session: self._live(session, collecting))
        self._last_live, self._last_read = found, self.clock.now()
        return found

    @property
    def pace(self) -> Pace:
        """How often this DTU may be read, as far as it is known."""
        inventory = self._contact.inventory
        if inventory is None:
            return Pace()
        return pacing.pace_of(
            inventory,
            spares_uploads=self._spares_uploads,
            is_troubled=self._spares_uploads and self._contact.has_upload_trouble,
        )

    def _cached(self) -> Live | None:
        if self._last_live is None or not (self._is_paced or self._spares_uploads):
            return None
        now = self.clock.now()
        last_read = self._last_read if self._is_paced else None
        if pacing.next_read(self.pace, last_read, now) <= now:
            return None
        return msgspec.structs.replace(self._last_live, is_stale=True, is_cached=True)

    async def _live(self, session: Session, collecting: Collecting) -> Live:
        last_time_s = self._last_live.data_time_s if self._last_live is not None else None
        return await reading.live(self._contact, session, collecting, last_time_s=last_time_s)

    async def _live_at_once(self, session: Session) -> Live:
        return await self._live(session, Collecting(is_due=False))

    async def power_history(self, day: int = 0) -> PowerCurve:
        """Today's production. Whether a device knows other days nobody has seen."""
        return await self._contact.read(lambda session: reading.power_history(self._contact, session, day))

    async def energy_history(self) -> tuple[DayEnergy, ...]:
        """Energies of past days. Known from lists of ids only: many devices may not answer."""
        return await self._contact.read(lambda session: reading.energy_history(self._contact, session))

    async def alarms(self, inverter: str = "") -> tuple[Alarm, ...]:
        """What the DTU keeps of its inverters' alarms, each once; of one inverter, or of all."""
        return await self._contact.read(lambda session: reading.alarms(self._contact, session, inverter))

    async def new_alarms(self, live: Live) -> tuple[Alarm, ...] | None:
        """All alarms if a counter in `live` has changed since the last call, in whichever direction; else `None`."""
        counters = live.warning_counters
        if all(self._seen_alarms.get(serial) == count for serial, count in counters.items()):
            return None
        found = await self.alarms()
        self._seen_alarms |= counters
        return found

    async def grid_profile(self, inverter: str) -> GridProfile:
        """When this inverter leaves the grid, and how it supports it."""
        return await self._contact.read(lambda session: reading.profile(self._contact, session, inverter))

    # --- configuration ---

    async def config(self) -> Config:
        return await self._contact.read(lambda session: reading.config(self._contact, session))

    async def change_config(self, changes: Changes, *, unsafe: bool = False) -> ConfigResult:
        """Read the image, change it, write it whole, read it again. Fields by protobuf name, values raw.

        Raises `Unsafe` for a field that may cut the DTU off, unless `unsafe`; `Refused` when the DTU says no.
        """
        settings.check(changes, unsafe=unsafe)
        async with self._writing:
            doubt = await settings.write(self._contact, changes)
            return await settings.confirm(self.config, changes, doubt)

    async def set_wifi(self, ssid: str, password: str, *, unsafe: bool = False) -> ConfigResult:
        """Send the DTU to another network. A wrong key, and only its own access point is left to reach it by."""
        return await self.change_config(settings.wifi(ssid, password), unsafe=unsafe)

    # --- commands ---

    async def command(
        self, action: Action, *, text: str = "", inverters: Iterable[str] = (), unsafe: bool = False
    ) -> CommandResult:
        """Run an action and wait for its end. Sent once; raises `Unsafe`, `Refused` or `OutcomeUnknown`."""
        if action is Action.POWER_LIMIT:
            raise Unsafe("a persistent limit wears the memory: set_power_limit writes it only when it must.")
        commands.check(action, text, unsafe=unsafe)
        if action in FLASH:
            await limits.book(self._spend, (await self.known()).dtu_serial)
        return await ordering.run(self._contact, action, text, tuple(inverters))

    async def switch_inverters(self, *, is_on: bool, inverters: Iterable[str] = ()) -> CommandResult:
        """Produce, or do not. Without serials: all. What shows it afterwards is alarm 124 and the power."""
        action = Action.INVERTER_ON if is_on else Action.INVERTER_OFF
        return await self.command(action, inverters=inverters)

    async def restart_inverters(self, inverters: Iterable[str] = ()) -> CommandResult:
        """They are off for one to five minutes."""
        return await self.command(Action.INVERTER_REBOOT, inverters=inverters)

    async def restart_dtu(self) -> Outcome:
        """It is away for about a minute and a half. Many do not even acknowledge."""
        return await ordering.unfollowed(self._contact, requests.command(Action.DTU_REBOOT, self.clock.now()))

    async def provision(self, inverters: Iterable[str], *, unsafe: bool = False) -> Outcome:
        """Replace the whole list of inverters. Those that are not named are gone."""
        commands.check(Action.PROVISION, "", unsafe=unsafe)
        serials = tuple(inverters)
        if not serials:
            raise Unsafe("a DTU without inverters does nothing; name at least one.")
        return await ordering.unfollowed(self._contact, requests.provision(self.clock.now(), serials))

    async def performance_mode(self) -> CommandResult:
        """Fresh data every few seconds until the DTU restarts, on firmware that has this mode."""
        return await self.command(Action.POLL_ALL)

    async def clear_alarms(self) -> CommandResult:
        return await self.command(Action.CLEAR_ALARMS)

    async def set_temporary_limit(self, limit_w: float) -> CommandResult:
        """Hold back production until the DTU restarts: kept in RAM, so it may be sent often.

        Raises `Unsafe` outside 0.1 to 3276.7 W, `Unsupported` for firmware before V01.01.01.
        """
        asked_w = limits.TEMPORARY.check(limit_w)
        limits.check_temporary(await self.known())
        return await ordering.run(
            self._contact, Action.POWER_LIMIT_TEMPORARY, temporary_limit_text(asked_w), ()
        )

    async def set_power_factor(self, power_factor: float) -> CommandResult:
        """±0.8 to ±1; the sign is leading or lagging by the unit's custom."""
        asked = limits.POWER_FACTOR.check(power_factor)
        return await self.command(Action.POWER_FACTOR_LIMIT, text=power_factor_text(asked))

    async def set_reactive_angle(self, angle_deg: float) -> CommandResult:
        asked_deg = limits.REACTIVE.check(angle_deg)
        return await self.command(Action.REACTIVE_LIMIT, text=reactive_text(asked_deg))

    # --- the persistent limit ---

    async def power_limit_pct(self) -> float | None:
        """The persistent limit; `None` when this firmware does not say."""
        return await self._limiter.present_pct()

    async def set_power_limit(self, limit_pct: float, *, force: bool = False) -> LimitResult:
        """Hold back production of all inverters, persistently. Costs a flash write unless the limit is in force.

        Raises `Unsafe` for a value outside 2 to 100 % and `BudgetSpent` for one write too many, unless `force`, before
        anything is sent; `Refused` when the DTU says no.
        """
        asked_pct = ENVELOPE.check(limit_pct)
        async with self._writing:
            return await self._limiter.set(asked_pct, force=force)
