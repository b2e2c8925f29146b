"""A client of one charge point. Its connection comes back by itself; what it knows is in `mirror`.

Calls that change something wait for each other, per EVSE. When the connection breaks in the middle of one, its fate is
unknown: it is not repeated, and everything is read again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random
from typing import Final, TypeVar

import msgspec

from ohmstead.families.everest.client.mirror import CHARGER, EvseView, Mirror
from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.objects import EVSEStatusObj
from ohmstead.kit.link import Backoff, TaskScope
from ohmstead.kit.link.messages import DialMessages
from ohmstead.model import ConnectionLost, OhmsteadError, OutcomeUnknown, Refused, TimedOut, Unsafe

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Object)

HELLO_S: Final = 4.0
"""The server hangs up after 5 s."""
READ_S: Final = 3.0
SET_S: Final = 10.0
"""A current may take the server 5 s to find in force."""
RETRY_S: Final = 1.0
"""Between questions for what the server does not know yet."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """Of a call that changes something. `status` is read afterwards, and says what is in force now."""

    error: Error
    status: EVSEStatusObj | None = None

    @property
    def is_applied(self) -> bool:
        return self.error is Error.NO_ERROR


@asynccontextmanager
async def connected(
    dial: DialMessages, *, random: Random | None = None, changed: Callable[[], None] = lambda: None
) -> AsyncIterator[Client]:
    """A client that connects, and connects again, until the block is left. `changed` is told after each announcement."""
    client = Client(changed)
    async with TaskScope() as scope:
        scope.start(client.keep(dial, Backoff(1.0, 30.0, random)))
        yield client


class Client:
    """`hello` is None until a server has greeted back."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self.mirror = Mirror()
        self.hello: results.HelloResObj | None = None
        self._additions = Additions()
        self._changed = changed
        self._session: Session | None = None
        self._trouble = "no connection has been made yet"
        self._ready = asyncio.Event()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._wanted_a: dict[int, float] = {}

    @property
    def is_ready(self) -> bool:
        """Whether it is connected and has read everything once."""
        return self._ready.is_set()

    @property
    def trouble(self) -> str:
        """Why it is not connected; empty while it is."""
        return "" if self._session is not None else self._trouble

    @property
    def additions(self) -> dict[str, str]:
        """What the server sent that this version does not know, by its place."""
        return dict(self._additions.seen)

    async def ready(self) -> None:
        await self._ready.wait()

    async def keep(self, dial: DialMessages, backoff: Backoff) -> None:
        """Connect and stay connected, for ever."""
        while True:
            try:
                await self._stay(dial, backoff)
            except OhmsteadError as error:
                self._trouble = str(error)
                log.info("not connected: %s", error)
            finally:
                self._session = None
                self._ready.clear()
            await asyncio.sleep(backoff.next_s())

    async def _stay(self, dial: DialMessages, backoff: Backoff) -> None:
        async with dial() as link, TaskScope() as scope:
            session = Session(link, self._additions, self._announced)
            self.mirror.forget_stamps()
            listening = scope.start(_heard(session))
            self.hello = await session.call(methods.HELLO.name, None, results.HelloResObj, within_s=HELLO_S)
            self._session = session
            backoff.reset()
            await self._read_everything()
            self._ready.set()
            await asyncio.wait({listening})
        raise ConnectionLost("the server ended the connection")

    async def _read_everything(self) -> None:
        infos = await self.evse_infos()
        while infos.error is Error.ERROR_NO_DATA_AVAILABLE:
            await asyncio.sleep(RETRY_S)
            infos = await self.evse_infos()
        for info in infos.infos:
            await self.hardware_capabilities(info.index)
            await self.status(info.index)
            await self.meter_data(info.index)
        await self.active_errors()

    def _announced(self, params: Object) -> None:
        self.mirror.announced(params)
        self._changed()

    async def evse_infos(self) -> results.ChargePointGetEVSEInfosResObj:
        return await self._read(methods.GET_EVSE_INFOS, results.ChargePointGetEVSEInfosResObj)

    async def active_errors(self) -> results.ChargePointGetActiveErrorsResObj:
        return await self._read(methods.GET_ACTIVE_ERRORS, results.ChargePointGetActiveErrorsResObj)

    async def info(self, evse_index: int) -> results.EVSEGetInfoResObj:
        return await self._read(methods.GET_INFO, results.EVSEGetInfoResObj, evse_index)

    async def status(self, evse_index: int) -> results.EVSEGetStatusResObj:
        """What a result holds beside an error are defaults, not facts; `mirror` keeps facts alone."""
        return await self._read(methods.GET_STATUS, results.EVSEGetStatusResObj, evse_index)

    async def hardware_capabilities(self, evse_index: int) -> results.EVSEGetHardwareCapabilitiesResObj:
        return await self._read(
            methods.GET_HARDWARE_CAPABILITIES, results.EVSEGetHardwareCapabilitiesResObj, evse_index
        )

    async def meter_data(self, evse_index: int) -> results.EVSEGetMeterDataResObj:
        return await self._read(methods.GET_METER_DATA, results.EVSEGetMeterDataResObj, evse_index)

    async def set_charging_allowed(self, evse_index: int, *, charging_allowed: bool) -> Outcome:
        return await self._set(methods.SET_CHARGING_ALLOWED, evse_index, charging_allowed=charging_allowed)

    async def set_ac_charging_current(self, evse_index: int, max_current: float) -> Outcome:
        """Raises `Unsafe` for nothing and less, which the server takes for something else: forbid charging instead."""
        if not max_current > 0:
            raise Unsafe(f"a current above 0 A can be set, not {max_current:g} A; to stop, forbid charging.")
        await self._known_status(evse_index)
        outcome = await self._set(methods.SET_AC_CHARGING_CURRENT, evse_index, max_current=max_current)
        self._wanted_a[evse_index] = max_current
        return outcome

    async def set_ac_charging_phase_count(self, evse_index: int, phase_count: int) -> Outcome:
        """Answered at once; the active count changes later."""
        return await self._set(methods.SET_AC_CHARGING_PHASE_COUNT, evse_index, phase_count=phase_count)

    async def set_dc_charging_power(self, evse_index: int, max_power: float) -> Outcome:
        """The server remembers one limit for all EVSEs, and this one replaces it: currents are asked for again."""
        outcome = await self._set(methods.SET_DC_CHARGING_POWER, evse_index, max_power=max_power)
        self._wanted_a.pop(evse_index, None)
        for index, current_a in tuple(self._wanted_a.items()):
            await self.set_ac_charging_current(index, current_a)
        return outcome

    async def enable_connector(
        self, evse_index: int, connector_index: int, *, enable: bool, priority: int
    ) -> Outcome:
        """`priority` 0 is the strongest, 10000 the weakest."""
        return await self._set(
            methods.ENABLE_CONNECTOR,
            evse_index,
            connector_index=connector_index,
            enable=enable,
            priority=priority,
        )

    async def _known_status(self, evse_index: int) -> None:
        """The reference may crash when a current is set before it has a status."""
        if self.mirror.evses.get(evse_index, EvseView()).status is None:
            found = await self.status(evse_index)
            if found.error is not Error.NO_ERROR:
                raise Refused(f"EVSE {evse_index} has no status yet: {found.error}.", code=found.error)

    async def _read(self, method: methods.Method, kind: type[R], evse_index: int = CHARGER) -> R:
        asked_at = self.mirror.now()

        def arrived(result: R) -> None:
            if getattr(result, "error", None) is Error.NO_ERROR:
                self.mirror.read(evse_index, result, asked_at)

        params = {"evse_index": evse_index} if method.parameters else None
        return await self._connection().call(method.name, params, kind, within_s=READ_S, arrived=arrived)

    async def _set(self, method: methods.Method, evse_index: int, **params: object) -> Outcome:
        """Raises `Refused` for what the server cannot do at all, and `OutcomeUnknown` when no answer came."""
        async with self._turns[evse_index]:
            session = self._connection()
            try:
                result = await session.call(
                    method.name, {"evse_index": evse_index, **params}, results.ErrorResObj, within_s=SET_S
                )
            except (ConnectionLost, TimedOut) as error:
                raise OutcomeUnknown(f"{method.name} of EVSE {evse_index}: {error}") from error
            if result.error not in (Error.NO_ERROR, Error.ERROR_VALUES_NOT_APPLIED):
                raise Refused(f"{method.name} of EVSE {evse_index}: {result.error}.", code=result.error)
            return Outcome(error=result.error, status=await self._status_afterwards(evse_index))

    async def _status_afterwards(self, evse_index: int) -> EVSEStatusObj | None:
        """None when it cannot be read; what was answered before stands all the same."""
        try:
            read = await self.status(evse_index)
        except (ConnectionLost, TimedOut):
            return None
        return read.status if read.error is Error.NO_ERROR else None

    def _connection(self) -> Session:
        if self._session is None:
            raise ConnectionLost(f"not connected: {self._trouble}")
        return self._session


async def _heard(session: Session) -> None:
    """A lost connection is told to whoever waits for an answer; it does not fail the block."""
    try:
        await session.listen()
    except ConnectionLost as error:
        log.debug("%s", error)
