"""Serves one charge point to many clients, as the reference does: greeting first, each request on its own, everybody
told of everything.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.everest.schema import methods
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.server import reads, writes
from ohmstead.families.everest.server.charge_point import ChargePoint
from ohmstead.families.everest.wire import Call, Mode, Question, read_question
from ohmstead.families.everest.wire.rounding import rounded
from ohmstead.families.everest.wire.text import encoded
from ohmstead.kit.link import TaskScope
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.model import ConnectionLost

PROTOCOL: Final = "EVerestRpcApi"
GREETING_WITHIN_S: Final = 5.0
REQUEST_LIMIT_BYTES: Final = 4080
"""Longer requests are lost without a word."""
UNSENT_LIMIT: Final = 1000
"""Frames that wait for a client that reads too slowly; with one more it is cut off."""
AT_ONCE: Final = 64
"""Requests of one client that are worked on; the next one waits to be read."""
DECIMAL_PLACES: Final = 2

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
    """`serve` is what a listener calls for each client."""

    def __init__(self, point: ChargePoint, *, decimal_places: int = DECIMAL_PLACES) -> None:
        self._point = point
        self._decimal_places = decimal_places

    async def serve(self, link: ServedMessages) -> None:
        try:
            async with asyncio.timeout(GREETING_WITHIN_S):
                greeting = await self._greeting(link)
        except TimeoutError:
            greeting = None
        if greeting is None:
            link.abort()
            return
        outbox: asyncio.Queue[bytes] = asyncio.Queue(UNSENT_LIMIT)
        async with TaskScope() as scope:
            client = _Client(link, outbox, scope, self)
            stop_listening = self._point.listen(client.tell)
            try:
                scope.start(client.send())
                await client.take(greeting)
                while True:
                    await client.take(self._read(await link.receive()))
            finally:
                stop_listening()

    async def _greeting(self, link: ServedMessages) -> Question | None:
        """The first request; None when it is another one than a greeting. What cannot be read is passed over."""
        while True:
            question = self._read(await link.receive())
            if question.is_json:
                return question if question.is_greeting else None

    def _read(self, message: Message) -> Question:
        if len(message.data) > REQUEST_LIMIT_BYTES:
            return Question(is_json=False)
        return read_question(message.data, methods.METHODS, Mode.REFERENCE)

    async def answer(self, question: Question) -> bytes | None:
        return question.answer([await self._carry_out(call) for call in question.calls])

    async def _carry_out(self, call: Call) -> Mapping[str, object]:
        return self.shown(await CARRIED_OUT[call.method.name](self._point, **call.arguments))

    def shown(self, document: Object) -> dict[str, Any]:  # Any: a JSON object
        """A result or a notification as it is sent."""
        shown = rounded(msgspec.to_builtins(document), self._decimal_places, Mode.REFERENCE)
        assert isinstance(shown, dict)  # noqa: S101 - an object stays one
        return shown


class _Client:
    def __init__(
        self, link: ServedMessages, outbox: asyncio.Queue[bytes], scope: TaskScope, server: RpcServer
    ) -> None:
        self._link = link
        self._outbox = outbox
        self._scope = scope
        self._server = server
        self._free = asyncio.Semaphore(AT_ONCE)

    async def take(self, question: Question) -> None:
        """Each request is worked on by itself: a slow one is overtaken."""
        await self._free.acquire()
        self._scope.start(self._answer(question))

    async def _answer(self, question: Question) -> None:
        try:
            frame = await self._server.answer(question)
        finally:
            self._free.release()
        if frame is not None:
            self._put(frame)

    def tell(self, name: str, params: Object) -> None:
        self._put(encoded({"jsonrpc": "2.0", "method": name, "params": self._server.shown(params)}))

    def _put(self, frame: bytes) -> None:
        try:
            self._outbox.put_nowait(frame)
        except asyncio.QueueFull:
            self._link.abort()

    async def send(self) -> None:
        try:
            while True:
                await self._link.send(Message(await self._outbox.get()))
        except ConnectionLost:
            return  # whoever receives hears of it, too
