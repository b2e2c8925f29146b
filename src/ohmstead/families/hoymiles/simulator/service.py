"""The DTU's end of the wire: one connection for everybody, one request at a time, an answer in one write."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.messages import DEV_INFO, HEARTBEAT, TOWARDS_DTU
from ohmstead.families.hoymiles.protos.command_pb2 import CommandToDtu
from ohmstead.families.hoymiles.simulator.answers import ANSWERS, Asked
from ohmstead.families.hoymiles.simulator.dtu import Dtu
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.wire import Conversation, Frame, encode_frame, message_of
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Damage
from ohmstead.model import ConnectionLost, WireError

IDLE_S: Final = 300.0
LATENCY_S: Final = (0.05, 0.3)
INVENTORY_LATENCY_S: Final = (0.1, 1.0)
COMMANDS: Final = frozenset({0xA305, 0x2305})
DRIP_S: Final = 0.001


class Service:
    def __init__(self, dtu: Dtu, faults: Faults) -> None:
        self.dtu = dtu
        self.faults = faults
        self.reboot_asked = asyncio.Event()
        self.connections = 0
        self.kicks = 0
        self.damaged_bytes = 0
        self.unknown = 0
        self.frames: Counter[str] = Counter()
        self._random = dtu.world.random(f"{dtu.name}/latency")
        self._link: Link | None = None
        self._one_at_a_time = asyncio.Lock()

    async def serve(self, link: Link) -> None:
        """One connection. It ends the one before, even in the middle of an answer."""
        self.connections += 1
        if self.faults.strike("close-on-accept") or (self._link and self.faults.strike("kick-new")):
            await link.close()
            return
        await self.kick()
        self._link = link
        try:
            await self._converse(link)
        finally:
            if self._link is link:
                self._link = None

    async def kick(self) -> None:
        """End the connection that stands."""
        previous, self._link = self._link, None
        if previous is not None:
            self.kicks += 1
            await previous.close()

    async def _converse(self, link: Link) -> None:
        conversation, asked = Conversation(), Asked()
        while True:
            try:
                async with asyncio.timeout(IDLE_S):
                    data = await link.receive()
            except TimeoutError:
                return
            for item in conversation.receive(data):
                if isinstance(item, Damage):
                    self.damaged_bytes += item.size
                else:
                    await self._request(item, asked)

    async def _request(self, frame: Frame, asked: Asked) -> None:
        self.frames[f"{frame.command_id:04X}"] += 1
        async with self._one_at_a_time:
            self.dtu.world.catch_up()
            answer = self._answer(frame, asked)
            if answer is None:
                self.unknown += 1
                return
            await self._think(frame)
            # Whoever is connected by now gets it: a client that was kicked meanwhile does not.
            if self._link is not None:
                await self._deliver(self._link, frame, answer)

    def _answer(self, frame: Frame, asked: Asked) -> Message | None:
        answering = ANSWERS.get(frame.command_id)
        try:
            request = message_of(frame)
        except WireError:
            return None
        if isinstance(request, CommandToDtu) and request.action == Action.DTU_REBOOT:
            self.reboot_asked.set()
        return answering(self.dtu, request, asked) if answering is not None else None

    async def _think(self, frame: Frame) -> None:
        """A device takes its time; at another speed than its own there is none to take."""
        latency_s = self._random.uniform(
            *(INVENTORY_LATENCY_S if frame.command_id == DEV_INFO.request_id else LATENCY_S)
        )
        if self.dtu.world.clock.speed == 1.0:
            await asyncio.sleep(latency_s)
        if late := self.faults.strike("delay", frame.command_id):
            await asyncio.sleep(late.seconds)

    async def _deliver(self, link: Link, request: Frame, answer: Message) -> None:
        def strikes(kind: str) -> bool:
            return self.faults.strike(kind, request.command_id) is not None

        if strikes("silence"):
            return
        if strikes("close-after-request") or (
            request.command_id in COMMANDS and strikes("lost-acknowledgement")
        ):
            await link.close()
            return
        frame = Frame(request.command_id ^ TOWARDS_DTU, request.sequence, answer.SerializeToString())
        if strikes("wrong-sequence"):
            frame = Frame(frame.command_id, (frame.sequence + 1) % 0x10000, frame.payload)
        if strikes("wrong-id"):
            frame = Frame(HEARTBEAT.answer_id ^ 0x0010, frame.sequence, frame.payload)
        if strikes("no-protobuf"):
            frame = Frame(frame.command_id, frame.sequence, b"\xff\xff\xff\xff")
        await self._write(link, self._spoilt(encode_frame(frame), request), request)

    def _spoilt(self, data: bytes, request: Frame) -> bytes:
        strike = self.faults.strike
        if strike("bad-crc", request.command_id):
            data = data[:6] + bytes((data[6] ^ 1,)) + data[7:]
        if strike("wrong-length", request.command_id):
            data = data[:8] + b"\x00\x05" + data[10:]
        if strike("duplicate", request.command_id):
            data += data
        if strike("unsolicited", request.command_id):
            data = encode_frame(Frame(0xA203, 7)) + data
        if strike("garbage", request.command_id):
            data = b"\x00HM\x00\x00" + self._random.randbytes(9) + data + b"\x00\x00"
        return data

    async def _write(self, link: Link, data: bytes, request: Frame) -> None:
        try:
            if self.faults.strike("close-mid-answer", request.command_id):
                await link.send(data[: len(data) // 2])
                await link.close()
            elif self.faults.strike("split", request.command_id):
                for byte in data:
                    await link.send(bytes((byte,)))
                    await asyncio.sleep(DRIP_S)
            else:
                await link.send(data)
        except ConnectionLost:
            return  # the client is gone; its connection's own task notices

    def counters(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "connections": self.connections,
            "kicks": self.kicks,
            "damaged_bytes": self.damaged_bytes,
            "unanswered": self.unknown,
            "frames": dict(self.frames),
            "faults": dict(self.faults.happened),
        }
