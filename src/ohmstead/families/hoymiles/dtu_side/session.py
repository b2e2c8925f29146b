"""A DTU's standing link to its cloud.

On each connection it says who it is (heartbeat, inventory), then delivers what waits, and goes on with a heartbeat
every minute. It has one upload under way; commands of the server may come at any time and are answered at once. A
server that stays silent loses the link, and is tried again after a while. Sources: captures, owners' reports.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, Final

from google.protobuf.message import DecodeError, Message

from ohmstead.families.hoymiles import numbering
from ohmstead.families.hoymiles.dtu_side.outbox import Outbox
from ohmstead.families.hoymiles.dtu_side.unit import ReportingUnit
from ohmstead.families.hoymiles.messages.cloud import (
    CLOUD_COMMAND,
    CLOUD_DEV_CONFIG_FETCH,
    CLOUD_DEV_CONFIG_PUT,
    CLOUD_DEV_CONFIG_REPORT,
    CLOUD_DEV_INFO,
    CLOUD_HEARTBEAT,
    CLOUD_HISTORY_DATA_NEW,
    CLOUD_REAL_DATA_NEW,
)
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU, Exchange
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatToDtu
from ohmstead.families.hoymiles.protos.live_pb2 import RealDataNewFromDtu
from ohmstead.families.hoymiles.results import instant
from ohmstead.families.hoymiles.wire import Conversation, Frame
from ohmstead.kit.link import Dial, Link, TaskScope
from ohmstead.kit.wire import Damage
from ohmstead.model import BadAnswer, Clock, ConnectionLost, DeviceError, TimedOut

log = logging.getLogger(__name__)

HEARTBEAT_S: Final = 60.0
SILENCE_S: Final = 90.0
"""Without an answer, in wire time; after that the link is given up."""
RETRY_S: Final = 180.0
NO_OFFSET: Final = 99999


class CloudState(Enum):
    WAITING = "waiting"
    """For the next attempt."""
    TRYING = "trying"
    """To connect. A real unit is hard to reach on its local port meanwhile."""
    CONNECTED = "connected"


class CloudSession:
    """Runs until cancelled; may be given data at any time."""

    def __init__(
        self,
        dial: Dial,
        unit: ReportingUnit,
        *,
        clock: Clock,
        outbox: Outbox | None = None,
        random: Random | None = None,
        watch: Callable[[CloudState], None] = lambda _: None,
        heartbeat_s: float = HEARTBEAT_S,
        silence_s: float = SILENCE_S,
        retry_s: float = RETRY_S,
    ) -> None:
        """`watch` is told each change of state. Heartbeat and retry are civil seconds, the silence is wire time."""
        self.outbox = outbox if outbox is not None else Outbox()
        self.state = CloudState.WAITING
        self.connections = 0
        self.acknowledged = 0
        self.unexpected = 0
        """Frames that answered nothing."""
        self._dial = dial
        self._unit = unit
        self._clock = clock
        self._sequence = numbering.Sequence(random or Random())
        self._watch = watch
        self._heartbeat = timedelta(seconds=heartbeat_s)
        self._silence_s = silence_s
        self._retry = timedelta(seconds=retry_s)
        self._news = asyncio.Event()

    def upload(self, packets: Sequence[RealDataNewFromDtu]) -> None:
        """Report a data set: live while there is a link, else as history once there is one again."""
        is_live = self.state is CloudState.CONNECTED
        for packet in packets:
            self.outbox.put(CLOUD_REAL_DATA_NEW if is_live else CLOUD_HISTORY_DATA_NEW, packet)
        self._news.set()

    def report(self, exchange: Exchange[Any, Any], message: Message) -> None:  # Any: whichever exchange
        """Report anything else: an alarm, a wave, how a command stands, a configuration blob."""
        self.outbox.put(exchange, message)
        self._news.set()

    async def run(self) -> None:
        """Report for ever. A lost link is no error here."""
        while True:
            self._enter(CloudState.TRYING)
            try:
                async with self._dial() as link:
                    await self._serve(link)
            except DeviceError as error:
                log.info("the cloud link ended: %s", error)
            self.outbox.turn_to_history()
            self._enter(CloudState.WAITING)
            await self._clock.sleep_until(self._clock.now() + self._retry)

    def _enter(self, state: CloudState) -> None:
        self.state = state
        self._watch(state)

    async def _serve(self, link: Link) -> None:
        talk = _Talk(link, self._unit, self._sequence, self._silence_s)
        self.connections += 1
        try:
            async with TaskScope() as scope:
                scope.start(talk.listen(self._news))
                await self._introduce(talk)
                self._enter(CloudState.CONNECTED)
                await self._report(talk)
        finally:
            self.unexpected += talk.unexpected

    async def _introduce(self, talk: _Talk) -> None:
        await self._say_alive(talk)
        for packet in self._unit.cloud_inventory():
            await talk.ask(CLOUD_DEV_INFO, packet.SerializeToString())

    async def _say_alive(self, talk: _Talk) -> None:
        answer = await talk.ask(CLOUD_HEARTBEAT, self._unit.cloud_heartbeat().SerializeToString())
        # A minimal server's acknowledgement has the time in another field, and here a zone's offset.
        if isinstance(answer, HeartbeatToDtu) and instant(answer.time) is not None:
            self._unit.set_clock(answer.time, None if answer.utc_offset == NO_OFFSET else answer.utc_offset)

    async def _report(self, talk: _Talk) -> None:
        """What waits, oldest first; heartbeats when they are due, should that take long."""
        due = self._clock.now() + self._heartbeat
        while True:
            if self._clock.now() >= due:
                await self._say_alive(talk)
                due = self._clock.now() + self._heartbeat
            self._news.clear()
            talk.check()
            if (upload := self.outbox.first()) is None:
                await self._idle(due)
            else:
                await talk.ask(upload.exchange, upload.payload)
                self.outbox.acknowledge(upload)
                self.acknowledged += 1

    async def _idle(self, due: datetime) -> None:
        try:
            async with asyncio.timeout((due - self._clock.now()).total_seconds() / self._clock.speed):
                await self._news.wait()
        except TimeoutError:
            return


class _Talk:
    """One connection: what is asked here, and what the server asks."""

    def __init__(
        self, link: Link, unit: ReportingUnit, sequence: numbering.Sequence, silence_s: float
    ) -> None:
        self.unexpected = 0
        self._link = link
        self._sequence = sequence
        self._silence_s = silence_s
        self._conversation = Conversation()
        self._due: tuple[Exchange[Any, Any], int, asyncio.Future[Message]] | None = None  # Any: one at a time
        self._lost: ConnectionLost | None = None
        self._asked: Mapping[int, tuple[type[Message], Callable[[Any], Message]]] = {  # Any: its own request
            exchange.request_id: (exchange.request, answering)
            for exchange, answering in (
                (CLOUD_COMMAND, unit.cloud_command),
                (CLOUD_DEV_CONFIG_FETCH, unit.cloud_fetch),
                (CLOUD_DEV_CONFIG_PUT, unit.cloud_put),
            )
        }

    def check(self) -> None:
        """Raises `ConnectionLost` when the server has gone."""
        if self._lost is not None:
            raise self._lost

    async def ask(self, exchange: Exchange[Any, Any], payload: bytes) -> Message:  # Any: as above
        """What the server acknowledged with. Raises `ConnectionLost`, `TimedOut` or `BadAnswer`."""
        self.check()
        sequence = self._sequence.take()
        answered: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._due = (exchange, sequence, answered)
        try:
            await self._link.send(self._conversation.send(Frame(exchange.request_id, sequence, payload)))
            async with asyncio.timeout(self._silence_s):
                return await answered
        except TimeoutError:
            raise TimedOut(
                f"{self._link.peer} did not acknowledge {exchange.name} within {self._silence_s:g} s"
            ) from None
        finally:
            self._due = None

    async def listen(self, news: asyncio.Event) -> None:
        """Take what comes until the server has gone, and tell whoever waits."""
        try:
            while True:
                for item in self._conversation.receive(await self._link.receive()):
                    if not isinstance(item, Damage):
                        await self._take(item)
        except ConnectionLost as error:
            self._lost = error
            if self._due is not None and not self._due[2].done():
                self._due[2].set_exception(error)
            news.set()

    async def _take(self, frame: Frame) -> None:
        if frame.command_id in self._asked:
            await self._answer(frame)
        elif self._is_due(frame):
            self._resolve(frame)
        else:
            self.unexpected += 1
            log.debug("%s sent %s, which nobody asked for", self._link.peer, frame)

    def _is_due(self, frame: Frame) -> bool:
        """The vendor's cloud acknowledges configuration reports with a wrong number. Source: captures."""
        if self._due is None or self._due[2].done():
            return False
        exchange, sequence, _ = self._due
        return frame.command_id == exchange.answer_id and (
            frame.sequence == sequence or exchange is CLOUD_DEV_CONFIG_REPORT
        )

    def _resolve(self, frame: Frame) -> None:
        if self._due is None:
            return
        exchange, _, answered = self._due
        try:
            # A minimal server acknowledges everything in the shape of an inventory's acknowledgement, which reads as
            # any of the others.
            answered.set_result(exchange.answer.FromString(frame.payload))
        except DecodeError:
            answered.set_exception(
                BadAnswer(f"{self._link.peer} acknowledged {exchange.name} with no message")
            )

    async def _answer(self, frame: Frame) -> None:
        request, answering = self._asked[frame.command_id]
        try:
            answer = answering(request.FromString(frame.payload))
        except DecodeError:
            log.debug("%s sent %s, which is no %s", self._link.peer, frame, request.DESCRIPTOR.name)
            return
        await self._link.send(
            self._conversation.send(
                Frame(frame.command_id ^ TOWARDS_DTU, frame.sequence, answer.SerializeToString())
            )
        )
