"""The cloud's end of the wire: many DTUs, one link each, uploads acknowledged, commands pushed."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from enum import Enum
from random import Random
from typing import Any, Final

import msgspec
from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.messages.cloud import (
    CLOUD_COMMAND,
    CLOUD_DEV_CONFIG_FETCH,
    CLOUD_DEV_CONFIG_PUT,
    CLOUD_DEV_CONFIG_REPORT,
)
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU, Answer, Exchange, Request
from ohmstead.families.hoymiles.numbering import Sequence
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
)
from ohmstead.families.hoymiles.simulator.cloud.acknowledging import acknowledgement
from ohmstead.families.hoymiles.simulator.cloud.store import UPLOADS, Store, serial_of
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame, message_of
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Damage
from ohmstead.model import Clock, ConnectionLost, TimedOut, Unreachable, WireError

IDLE_S: Final = 90.0
"""In wire time, as the DTU's own patience."""
ANSWER_S: Final = 90.0


class Keeps(Enum):
    """Which link stays when a serial comes a second time."""

    OLD = "old"
    NEW = "new"


class Manners(msgspec.Struct, kw_only=True):
    """How this cloud behaves; may be changed at any time."""

    utc_offset_s: int = 3600
    """99999: it does not know the place."""
    clock_error_s: float = 0.0
    acknowledges_alike: bool = False
    """One shape for every upload, as minimal servers do."""
    misnumbers_reports: bool = False
    """As the vendor's cloud acknowledges configuration reports."""
    keeps: Keeps = Keeps.OLD


class Line:
    """One DTU's link."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.serial = ""
        self.conversation = Conversation()
        self.due: dict[tuple[int, int], asyncio.Future[Frame]] = {}

    async def send(self, frame: Frame) -> None:
        await self.link.send(encode_frame(frame))


class CloudService:
    def __init__(self, clock: Clock, faults: Faults, random: Random, manners: Manners | None = None) -> None:
        self.clock = clock
        self.faults = faults
        self.manners = manners or Manners()
        self.store = Store()
        self.connections = 0
        self.rejected = 0
        self.frames: Counter[str] = Counter()
        self.damaged_bytes = 0
        self._sequence = Sequence(random)
        self._lines: dict[str, Line] = {}

    @property
    def connected(self) -> tuple[str, ...]:
        return tuple(self._lines)

    async def serve(self, link: Link) -> None:
        self.connections += 1
        line = Line(link)
        try:
            await self._converse(line)
        finally:
            if self._lines.get(line.serial) is line:
                del self._lines[line.serial]
            for due in line.due.values():
                due.cancel()

    async def drop(self, serial: str) -> None:
        """End the link of that DTU, if it has one."""
        if (line := self._lines.get(serial)) is not None:
            await line.link.close()

    # --- what the cloud asks ---

    async def command(
        self, serial: str, action: int, text: str = "", inverters: tuple[int, ...] = ()
    ) -> CommandFromDtu:
        """Acceptance or refusal; how it goes on the DTU reports."""
        now_s = int(self.clock.now().timestamp())
        request = CommandToDtu(
            time=now_s,
            action=action,
            packet_count=1,
            transaction_id=now_s,
            data=text,
            inverter_serials=inverters,
        )
        return await self._ask(serial, CLOUD_COMMAND, request)

    async def fetch(self, serial: str, request: DevConfigFetchToDtu) -> DevConfigFetchFromDtu:
        return await self._ask(serial, CLOUD_DEV_CONFIG_FETCH, request)

    async def put(self, serial: str, request: DevConfigPutToDtu) -> DevConfigPutFromDtu:
        return await self._ask(serial, CLOUD_DEV_CONFIG_PUT, request)

    async def _ask(self, serial: str, exchange: Exchange[Request, Answer], request: Request) -> Answer:
        """Raises `Unreachable` for a DTU that is not connected, `TimedOut` or `ConnectionLost` for one that does not answer."""
        line = self._lines.get(serial)
        if line is None:
            raise Unreachable(f"no DTU {serial} is connected; there are {', '.join(self._lines) or 'none'}.")
        sequence = self._sequence.take()
        key = (exchange.answer_id, sequence)
        line.due[key] = answered = asyncio.get_running_loop().create_future()
        try:
            await line.send(Frame(exchange.request_id, sequence, request.SerializeToString()))
            async with asyncio.timeout(ANSWER_S):
                frame = await answered
        except TimeoutError:
            raise TimedOut(f"DTU {serial} did not answer {exchange.name} within {ANSWER_S:g} s") from None
        except asyncio.CancelledError:
            if answered.cancelled() and serial not in self._lines:
                raise ConnectionLost(f"DTU {serial} left before it answered {exchange.name}") from None
            raise
        finally:
            line.due.pop(key, None)
        return exchange.answer.FromString(frame.payload)

    # --- what DTUs say ---

    async def _converse(self, line: Line) -> None:
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    data = await line.link.receive()
            except TimeoutError:
                return
            for item in line.conversation.receive(data):
                if isinstance(item, Damage):
                    self.damaged_bytes += item.size
                elif not await self._take(line, item):
                    return

    async def _take(self, line: Line, frame: Frame) -> bool:
        """Whether the link goes on."""
        self.frames[f"{frame.command_id:04X}"] += 1
        due = line.due.get((frame.command_id, frame.sequence))
        if due is not None and not due.done():
            due.set_result(frame)
            return True
        if frame.command_id not in UPLOADS:
            return True
        try:
            message = message_of(frame)
        except WireError:
            return True
        if not await self._is_welcome(line, serial_of(message)):
            self.rejected += 1
            await line.link.close()
            return False
        await self._upload(line, frame, message)
        return True

    async def _is_welcome(self, line: Line, serial: str) -> bool:
        """A link is for one serial, and a serial has one link."""
        if line.serial or not serial:
            return line.serial == serial
        other = self._lines.get(serial)
        if other is not None and self.manners.keeps is Keeps.OLD:
            return False
        line.serial = serial
        self._lines[serial] = line
        if other is not None:
            self.rejected += 1
            await other.link.close()
        return True

    async def _upload(self, line: Line, frame: Frame, message: Message) -> None:
        exchange, keep = UPLOADS[frame.command_id]
        strike = self.faults.strike
        if strike("cloud-rejects", frame.command_id):
            await line.link.close()
            return
        keep(self.store.record(line.serial), message)
        if strike("cloud-silent", frame.command_id):
            return
        if late := strike("cloud-late", frame.command_id):
            await asyncio.sleep(late.seconds)
        if strike("cloud-pushes", frame.command_id):
            push = CommandToDtu(time=self._now_s(), action=Action.COLLECT_VERSIONS, packet_count=1)
            await line.send(Frame(CLOUD_COMMAND.request_id, self._sequence.take(), push.SerializeToString()))
        sequence = frame.sequence
        is_misnumbered = exchange is CLOUD_DEV_CONFIG_REPORT and self.manners.misnumbers_reports
        if is_misnumbered or strike("cloud-wrong-sequence", frame.command_id):
            sequence = (sequence + 1) % 0x10000
        await line.send(
            Frame(
                frame.command_id ^ TOWARDS_DTU,
                sequence,
                self._acknowledgement(exchange, message).SerializeToString(),
            )
        )

    def _acknowledgement(
        self, exchange: Exchange[Any, Any], message: Message
    ) -> Message:  # Any: as the table
        return acknowledgement(
            exchange,
            message,
            self._now(),
            self.manners.utc_offset_s,
            is_generic=self.manners.acknowledges_alike,
        )

    def _now(self) -> datetime:
        return self.clock.now() + timedelta(seconds=self.manners.clock_error_s)

    def _now_s(self) -> int:
        return int(self._now().timestamp())
