"""Serves one charge point to many clients: greeting first, each request on its own, everybody told of what changes.

Knows links of messages, and no network.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec

from ohmstead.families.everest.schema import methods
from ohmstead.families.everest.schema.extensions import DetailedErrorsChangedObj
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.results import ChargePointActiveErrorsChangedObj
from ohmstead.families.everest.server import reads, writes
from ohmstead.families.everest.server.access import Access, admits
from ohmstead.families.everest.server.attending import Client
from ohmstead.families.everest.server.backend import Control
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.server.desk import Desk
from ohmstead.families.everest.server.evse import Evse
from ohmstead.families.everest.server.expiries import Expiries
from ohmstead.families.everest.server.improved import IMPROVED
from ohmstead.families.everest.server.news import News
from ohmstead.families.everest.server.settings import RpcSettings
from ohmstead.families.everest.server.sink_control import SinkControl
from ohmstead.families.everest.wire import Call, Code, Mode, Problem, Question, read_question
from ohmstead.families.everest.wire.answering import Outcome
from ohmstead.families.everest.wire.rounding import rounded
from ohmstead.families.everest.wire.text import encoded
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import (
    FULL,
    POLICY,
    PROTOCOL_ERROR,
    RESTART,
    TOO_BIG,
    Message,
    ServedMessages,
)
from ohmstead.kit.tokens import Gate
from ohmstead.model import Clock, OhmsteadError, RealClock

log = logging.getLogger(__name__)

PROTOCOL: Final = "EVerestRpcApi"
GREETING_WITHIN_S: Final = 5.0
REFERENCE_LIMIT_BYTES: Final = 4080
"""Longer requests are lost there without a word."""
LIMIT_BYTES: Final = 1024 * 1024
AT_ONCE: Final = 64
"""Requests of one client that are worked on; the next one waits to be read."""
TOO_LATE: Final = "Disconnected due to timeout"
NO_GREETING: Final = "Disconnected due to missing API.Hello request"
FAILED: Final = Problem(Code.INTERNAL_ERROR, "internal server error")
DEFAULTS: Final = RpcSettings()

Carry = Callable[..., Awaitable[Object]]

CARRIED_OUT: Final[Mapping[str, Carry]] = {
    methods.HELLO.name: reads.hello,
    methods.GET_EVSE_INFOS.name: reads.evse_infos,
    methods.GET_ACTIVE_ERRORS.name: reads.active_errors,
    methods.GET_INFO.name: reads.info,
    methods.GET_STATUS.name: reads.status,
    methods.GET_HARDWARE_CAPABILITIES.name: reads.hardware_capabilities,
    methods.GET_METER_DATA.name: reads.meter_data,
    methods.SET_CHARGING_ALLOWED.name: writes.charging_allowed,
    methods.SET_AC_CHARGING_CURRENT.name: writes.charging_current,
    methods.SET_AC_CHARGING_PHASE_COUNT.name: writes.phase_count,
    methods.SET_DC_CHARGING_POWER.name: writes.charging_power,
    methods.ENABLE_CONNECTOR.name: writes.connector_enabled,
}


class RpcServer:
    """`serve` is what a listener calls for each client. Made by `rpc_server`, which lets wishes end that are to end."""

    def __init__(
        self,
        point: ChargePoint,
        *,
        settings: RpcSettings = DEFAULTS,
        gate: Gate | None = None,
        clock: Clock | None = None,
    ) -> None:
        if settings.authentication and gate is None:
            raise ValueError("authentication needs a gate that knows tokens")
        self.point = point
        self.settings = settings
        self.expiries = Expiries(clock if clock is not None else RealClock())
        self._gate = gate
        self._is_reference = point.mode is Mode.REFERENCE
        self.clients: set[Client] = set()
        """Those that have greeted."""
        self._connected = 0
        self._controls: dict[int, Control] = {}
        self.close = point.listen(self._tell)
        """Be told of nothing any more."""

    async def serve(self, link: ServedMessages) -> None:
        if not self._is_reference and not admits(self.settings, link.peer, link.headers):
            await link.close(POLICY, "origin not allowed")
            return
        if self._connected >= self.settings.max_clients and not self._is_reference:
            await link.close(FULL, "too many clients, come back later")
            return
        client = Client(link, self._access(link))
        self._connected += 1
        try:
            await self._attend(client)
        except asyncio.CancelledError:
            await link.close(RESTART, "restart")
            raise
        finally:
            self._connected -= 1

    def _access(self, link: ServedMessages) -> Access:
        """The reference asks nobody for anything."""
        if self._is_reference:
            return Access(DEFAULTS, None, link.peer, {})
        return Access(self.settings, self._gate, link.peer, link.headers)

    async def _attend(self, client: Client) -> None:
        greeting = await self._greeting(client)
        if greeting is None:
            return
        free = asyncio.Semaphore(AT_ONCE)
        async with TaskScope() as scope:
            self.clients.add(client)
            try:
                scope.start(client.send())
                question: Question | None = greeting
                while question is not None:
                    await client.outbox.room()
                    await free.acquire()
                    scope.start(self._answer(client, question, free))
                    question = await self._next(client)
            finally:
                self.clients.discard(client)

    async def _greeting(self, client: Client) -> Question | None:
        """The first request; None when it is another one than a greeting. What cannot be read is passed over."""
        farewell = TOO_LATE
        try:
            async with asyncio.timeout(GREETING_WITHIN_S):
                while (question := await self._next(client)) is not None:
                    if question.is_greeting:
                        return question
                    if question.is_json:
                        farewell = NO_GREETING
                        break
                    if (frame := question.answer(())) is not None:
                        await client.link.send(Message(frame))
        except TimeoutError:
            pass
        if self._is_reference:
            client.link.abort()
        else:
            await client.link.close(PROTOCOL_ERROR, farewell)
        return None

    async def _next(self, client: Client) -> Question | None:
        """The next request; None when it is too long for us."""
        message = await client.link.receive()
        size = len(message.data)
        if self._is_reference:
            lost = size > REFERENCE_LIMIT_BYTES
            return (
                Question(is_json=False)
                if lost
                else read_question(message.data, methods.METHODS, self.point.mode)
            )
        if size > LIMIT_BYTES:
            await client.link.close(TOO_BIG, f"requests have up to {LIMIT_BYTES} bytes")
            return None
        client.sends_text = message.is_text
        return read_question(message.data, client.methods, self.point.mode)

    async def _answer(self, client: Client, question: Question, free: asyncio.Semaphore) -> None:
        """Each request is worked on by itself: a slow one is overtaken."""
        try:
            frame = question.answer([await self._carry_out(client, call) for call in question.calls])
        finally:
            free.release()
        if frame is not None:
            client.answer(frame)
        if client.access.is_guessing:
            client.outbox.finish()

    async def _carry_out(self, client: Client, call: Call) -> Outcome:
        name, arguments = call.method.name, dict(call.arguments)
        if self._is_reference:
            return self.shown(await CARRIED_OUT[name](self.point, **arguments))
        token = arguments.get("token") if call.method is methods.HELLO else arguments.pop("token", None)
        problem = client.access.problem(call.method, token if isinstance(token, str) else None)
        if problem is not None:
            return problem
        desk = Desk(self.point, client, self.settings, self.expiries.clock, self._control)
        try:
            return self.shown(await IMPROVED[name](desk, **arguments))
        except OhmsteadError:
            log.exception("%s failed", name)  # what went wrong inside is not told outside
            return FAILED

    def _control(self, evse: Evse) -> Control:
        if evse.control is not None:
            return evse.control
        if evse.index not in self._controls:
            self._controls[evse.index] = SinkControl(evse, self.expiries)
        return self._controls[evse.index]

    def _tell(self, name: str, params: Object) -> None:
        if not self.clients:
            return
        detailed = None
        if isinstance(params, ChargePointActiveErrorsChangedObj):
            detailed = DetailedErrorsChangedObj(active_errors=self.point.detailed_errors)
        news = News(name, params, detailed, self._written)
        for client in tuple(self.clients):
            client.tell(news)

    def _written(self, name: str, params: Object) -> bytes:
        return encoded({"jsonrpc": "2.0", "method": name, "params": self.shown(params)})

    def shown(self, document: Object) -> dict[str, Any]:  # Any: a JSON object
        """A result or a notification as it is sent."""
        shown = rounded(msgspec.to_builtins(document), self.settings.decimal_places, self.point.mode)
        assert isinstance(shown, dict)  # noqa: S101 - an object stays one
        return shown


@asynccontextmanager
async def rpc_server(
    point: ChargePoint, *, settings: RpcSettings = DEFAULTS, gate: Gate | None = None, clock: Clock
) -> AsyncIterator[RpcServer]:
    """A server whose wishes end when they are to end, for as long as the block lasts. One `gate` serves all that know
    the same tokens; with authentication there has to be one.
    """
    server = RpcServer(point, settings=settings, gate=gate, clock=clock)
    async with TaskScope() as scope:
        scope.start(server.expiries.keep())
        try:
            yield server
        finally:
            server.close()
