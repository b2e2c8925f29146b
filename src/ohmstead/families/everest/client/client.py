"""A client of one charge point. Its connection comes back by itself; what it knows is in `mirror`.

Calls that change something wait for each other, per EVSE. When the connection breaks in the middle of one, its fate is
unknown: it is not repeated, and everything is read again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from random import Random
from typing import Final

from ohmstead.families.everest.client.known import Known
from ohmstead.families.everest.client.line import Greeting, Line
from ohmstead.families.everest.client.mirror import EvseView, Mirror
from ohmstead.families.everest.client.outcome import Outcome, Terms, outcome_kind
from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.objects import EVSEStatusObj
from ohmstead.kit.block import opens
from ohmstead.kit.link import Backoff, TaskScope
from ohmstead.kit.link.messages import DialMessages
from ohmstead.model import ConnectionLost, OutcomeUnknown, Refused, TimedOut, Unsafe, Unsupported

SET_S: Final = 10.0
"""A current may take the server 5 s to find in force."""
AS_USUAL: Final = Terms()
PLAINLY: Final = Greeting()


@opens
async def connected(
    dial: DialMessages,
    greeting: Greeting = PLAINLY,
    *,
    random: Random | None = None,
    changed: Callable[[], None] = lambda: None,
    recalled: Known | None = None,
) -> AsyncIterator[Client]:
    """A client that connects, and connects again, until the block is left. `changed` is told after each announcement;
    `recalled` is what another client's `line` knew before.
    """
    client = Client(Line(greeting, changed, recalled))
    async with TaskScope() as scope:
        scope.start(client.line.keep(dial, Backoff(1.0, 30.0, random)))
        with client.line.block:
            yield client


class Client:
    """Methods of extensions raise `Unsupported` on a server that did not grant them."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._wanted_a: dict[int, float] = {}

    @property
    def mirror(self) -> Mirror:
        return self.line.mirror

    @property
    def hello(self) -> results.HelloResObj | ours.ExtendedHelloResObj | None:
        """What the server said of itself; None until it has greeted back."""
        return self.line.hello

    @property
    def granted(self) -> frozenset[str]:
        """The extensions that the server has and we asked for."""
        return self.line.granted

    @property
    def is_ready(self) -> bool:
        """Whether it is connected and has read everything once."""
        return self.line.is_ready

    @property
    def trouble(self) -> str:
        """Why it is not connected; empty while it is."""
        return self.line.trouble

    @property
    def additions(self) -> dict[str, str]:
        """What the server sent that this version does not know, by its place."""
        return self.line.additions

    async def ready(self) -> None:
        """Until everything has been read once, for as long as nobody answers: `asyncio.timeout` puts an end to it."""
        await self.line.ready()

    async def until(self, told: Callable[[], bool]) -> None:
        """Until it is ready, or `told` says of what has been read and announced by then that it is enough."""
        await self.line.until(told)

    # --- reading ---

    async def evse_infos(self) -> results.ChargePointGetEVSEInfosResObj:
        return await self.line.read(methods.GET_EVSE_INFOS, results.ChargePointGetEVSEInfosResObj)

    async def active_errors(self) -> results.ChargePointGetActiveErrorsResObj | ours.DetailedErrorsResObj:
        if "details" in self.granted:
            return await self.line.read(methods.GET_ACTIVE_ERRORS, ours.DetailedErrorsResObj)
        return await self.line.read(methods.GET_ACTIVE_ERRORS, results.ChargePointGetActiveErrorsResObj)

    async def info(self, evse_index: int) -> results.EVSEGetInfoResObj:
        return await self.line.read(methods.GET_INFO, results.EVSEGetInfoResObj, {"evse_index": evse_index})

    async def status(self, evse_index: int) -> results.EVSEGetStatusResObj:
        """What a result holds beside an error are defaults, not facts; `mirror` keeps facts alone."""
        return await self.line.read(
            methods.GET_STATUS, results.EVSEGetStatusResObj, {"evse_index": evse_index}
        )

    async def hardware_capabilities(self, evse_index: int) -> results.EVSEGetHardwareCapabilitiesResObj:
        return await self.line.read(
            methods.GET_HARDWARE_CAPABILITIES,
            results.EVSEGetHardwareCapabilitiesResObj,
            {"evse_index": evse_index},
        )

    async def meter_data(self, evse_index: int) -> results.EVSEGetMeterDataResObj:
        return await self.line.read(
            methods.GET_METER_DATA, results.EVSEGetMeterDataResObj, {"evse_index": evse_index}
        )

    async def connector_status(
        self, evse_index: int, connector_index: int
    ) -> ours.EVSEGetConnectorStatusResObj:
        self._require(methods.GET_CONNECTOR_STATUS)
        named = {"evse_index": evse_index, "connector_index": connector_index}
        return await self.line.read(methods.GET_CONNECTOR_STATUS, ours.EVSEGetConnectorStatusResObj, named)

    async def limits(self, evse_index: int) -> ours.EVSEGetLimitsResObj:
        """Who limits this EVSE, and which limit decides."""
        self._require(methods.GET_LIMITS)
        return await self.line.read(methods.GET_LIMITS, ours.EVSEGetLimitsResObj, {"evse_index": evse_index})

    async def subscribe(
        self,
        topics: Sequence[ours.SubscriptionTopicEnum],
        *,
        evse_indexes: Sequence[int] | None = None,
        min_interval_ms: int = 0,
    ) -> ours.APISubscribeResObj:
        """Be told of these only, on later connections too. The newest of a topic is never lost to the interval."""
        self._require(methods.SUBSCRIBE)
        named: dict[str, object] = {"topics": tuple(topics), "min_interval_ms": min_interval_ms}
        if evse_indexes is not None:
            named["evse_indexes"] = tuple(evse_indexes)
        answer = await self.line.read(methods.SUBSCRIBE, ours.APISubscribeResObj, named)
        if answer.error is Error.NO_ERROR:
            self.line.subscription = named
        return answer

    # --- setting ---

    async def set_charging_allowed(
        self, evse_index: int, *, charging_allowed: bool, terms: Terms = AS_USUAL
    ) -> Outcome:
        return await self._set(
            methods.SET_CHARGING_ALLOWED, evse_index, terms, charging_allowed=charging_allowed
        )

    async def set_ac_charging_current(
        self, evse_index: int, max_current: float, *, terms: Terms = AS_USUAL
    ) -> Outcome:
        """Raises `Unsafe` for nothing and less, which the server takes for something else: forbid charging instead."""
        _require_current(max_current)
        await self._known_status(evse_index)
        outcome = await self._set(methods.SET_AC_CHARGING_CURRENT, evse_index, terms, max_current=max_current)
        self._wanted_a[evse_index] = max_current
        return outcome

    async def set_ac_charging_phase_count(
        self, evse_index: int, phase_count: int, *, terms: Terms = AS_USUAL
    ) -> Outcome:
        """Answered at once; the active count changes later."""
        return await self._set(
            methods.SET_AC_CHARGING_PHASE_COUNT, evse_index, terms, phase_count=phase_count
        )

    async def set_dc_charging_power(
        self, evse_index: int, max_power: float, *, terms: Terms = AS_USUAL
    ) -> Outcome:
        """The reference remembers one limit for all EVSEs, and this one replaces it: currents are asked for again."""
        outcome = await self._set(methods.SET_DC_CHARGING_POWER, evse_index, terms, max_power=max_power)
        self._wanted_a.pop(evse_index, None)
        if not self.line.is_ours:
            for index, current_a in tuple(self._wanted_a.items()):
                await self.set_ac_charging_current(index, current_a)
        return outcome

    async def set_ac_charging(
        self,
        evse_index: int,
        *,
        charging_allowed: bool,
        max_current: float,
        phase_count: int | None = None,
        terms: Terms = AS_USUAL,
    ) -> Outcome:
        """All at once or nothing."""
        _require_current(max_current)
        named: dict[str, object] = {"charging_allowed": charging_allowed, "max_current": max_current}
        if phase_count is not None:
            named["phase_count"] = phase_count
        self._require(methods.SET_AC_CHARGING)
        return await self._set(methods.SET_AC_CHARGING, evse_index, terms, **named)

    async def set_dc_charging(
        self, evse_index: int, *, charging_allowed: bool, max_power: float, terms: Terms = AS_USUAL
    ) -> Outcome:
        """Both at once or nothing."""
        self._require(methods.SET_DC_CHARGING)
        named = {"charging_allowed": charging_allowed, "max_power": max_power}
        return await self._set(methods.SET_DC_CHARGING, evse_index, terms, **named)

    async def enable_connector(
        self, evse_index: int, connector_index: int, *, enable: bool, priority: int
    ) -> Outcome:
        """`priority` 0 is the strongest, 10000 the weakest."""
        named = {"connector_index": connector_index, "enable": enable, "priority": priority}
        return await self._set(methods.ENABLE_CONNECTOR, evse_index, AS_USUAL, **named)

    async def _known_status(self, evse_index: int) -> None:
        """The reference may crash when a current is set before it has a status."""
        if self.mirror.evses.get(evse_index, EvseView()).status is None:
            found = await self.status(evse_index)
            if found.error is not Error.NO_ERROR:
                raise Refused(f"EVSE {evse_index} has no status yet: {found.error}.", code=found.error)

    async def _set(self, method: methods.Method, evse_index: int, terms: Terms, **params: object) -> Outcome:
        """Raises `Refused` for what the server cannot do at all, and `OutcomeUnknown` when no answer came."""
        async with self._turns[evse_index]:
            self.line.require_connection()
            named = {"evse_index": evse_index, **params, **terms.params}
            kind = outcome_kind(method, self.granted)
            try:
                result = await self.line.call(method, named, kind, within_s=SET_S)
            except (ConnectionLost, TimedOut) as error:
                raise OutcomeUnknown(f"{method.name} of EVSE {evse_index}: {error}") from error
            if result.error not in (Error.NO_ERROR, Error.ERROR_VALUES_NOT_APPLIED):
                raise Refused(f"{method.name} of EVSE {evse_index}: {result.error}.", code=result.error)
            applied = getattr(result, "applied", None)
            return Outcome(
                error=result.error, applied=applied, status=await self._status_afterwards(evse_index)
            )

    async def _status_afterwards(self, evse_index: int) -> EVSEStatusObj | None:
        """None when it cannot be read; what was answered before stands all the same."""
        try:
            read = await self.status(evse_index)
        except (ConnectionLost, TimedOut):
            return None
        return read.status if read.error is Error.NO_ERROR else None

    def _require(self, method: methods.Method) -> None:
        if method.extension not in self.granted:
            raise Unsupported(
                f"{method.name} needs the extension {method.extension!r}, which this server did not grant."
            )


def _require_current(max_current: float) -> None:
    if not max_current > 0:
        raise Unsafe(f"a current above 0 A can be set, not {max_current:g} A; to stop, forbid charging.")
