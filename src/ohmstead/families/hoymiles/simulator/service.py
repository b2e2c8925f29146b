"""The DTU's end of the wire: one connection for everybody, one request at a time, an answer in one write."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, Protocol, runtime_checkable

from google.protobuf.message import Message

from ohmstead.families.hoymiles.actions import Action
from ohmstead.families.hoymiles.messages.app import DEV_INFO
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU
from ohmstead.families.hoymiles.protos.command_pb2 import CommandToDtu
from ohmstead.families.hoymiles.simulator.answers import ANSWERS
from ohmstead.families.hoymiles.simulator.damaging import damaged, framed
from ohmstead.families.hoymiles.simulator.faults import Faults
from ohmstead.families.hoymiles.simulator.orders import Asked
from ohmstead.families.hoymiles.simulator.spoiling import disturb, spoil
from ohmstead.families.hoymiles.simulator.unit import Unit
from ohmstead.families.hoymiles.wire import (
    TAG_S,
    Conversation,
    Frame,
    Seal,
    is_sealed,
    message_of,
)
from ohmstead.kit.link import Link
from ohmstead.kit.wire import Damage
from ohmstead.model import ConnectionLost, WireError

IDLE_S: Final = 300.0
LATENCY_S: Final = (0.05, 0.3)
INVENTORY_LATENCY_S: Final = (0.1, 1.0)
COMMANDS: Final = frozenset({0xA305, 0x2305})
RESTARTING: Final = frozenset({Action.DTU_REBOOT, Action.GATEWAY_REBOOT})
DRIP_S: Final = 0.001


@runtime_checkable
class Breakable(Protocol):
    def abort(self) -> None: ...


Answering = Callable[[Any, Any, Asked], Message | None]  # Any: each unit's own table knows its types


class Snub(Enum):
    """What a DTU that encrypts does to a request that is not sealed, or under an old seed. All three were reported."""

    SILENCE = "no answer"
    CLOSE = "the connection ends"
    EMPTY = "an answer of nothing"


class Service:
    def __init__(self, dtu: Unit, faults: Faults, answers: Mapping[int, Answering] = ANSWERS) -> None:
        self.dtu = dtu
        self.faults = faults
        self.seals_heartbeats = True
        """Whether A202 is sealed on a link that encrypts: unknown of real units, and a published client needs it."""
        self.snub = Snub.SILENCE
        self.late_replies = True
        """Whether an answer goes to whoever is connected by then, or to nobody."""
        self.breaks_off = False
        """Whether a kicked connection is broken off, with what it had still to say, or ends in order."""
        self.reboot_asked = asyncio.Event()
        self.network_dropped = asyncio.Event()
        self.connections = 0
        self.kicks = 0
        self.damaged_bytes = 0
        self.unknown = 0
        self.unsealed = 0
        """Requests that should have been sealed, or were under another seed."""
        self.frames: Counter[str] = Counter()
        self._answers = answers
        self._random = dtu.world.random(f"{dtu.name}/latency")
        self._link: Link | None = None
        self._late: list[bytes] = []
        self._next_kick_s = 0.0
        self._one_at_a_time = asyncio.Lock()

    @property
    def is_connected(self) -> bool:
        return self._link is not None

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
        if previous is None:
            return
        self.kicks += 1
        if self.breaks_off and isinstance(previous, Breakable):
            previous.abort()
        await previous.close()

    async def push(self, frame: Frame) -> None:
        """Send what nobody asked for, if anybody is connected."""
        if self._link is not None:
            await self._send(self._link, self._encoded(frame))

    async def _converse(self, link: Link) -> None:
        late, self._late = self._late, []
        for data in late:
            await self._send(link, data)
        conversation, asked = Conversation(self.dtu.cipher), Asked()
        while True:
            try:
                async with asyncio.timeout(TAG_S if conversation.awaits_tag else IDLE_S):
                    found = conversation.receive(await link.receive())
            except TimeoutError:
                if not conversation.awaits_tag:
                    return
                found = conversation.silence()
            for item in found:
                if isinstance(item, Damage):
                    self.damaged_bytes += item.size
                else:
                    await self._request(item, asked, link)

    async def _request(self, frame: Frame, asked: Asked, asking: Link) -> None:
        self.frames[f"{frame.command_id:04X}"] += 1
        async with self._one_at_a_time:
            self.dtu.world.catch_up()
            if self._kicked_by_another(frame):
                await self.kick()
                return
            if self._lacks_seal(frame):
                await self._snub(frame, asking)
                return
            answer = self._answer(frame, asked)
            if answer is None:
                return
            await self._think(frame)
            # Whoever is connected by now gets it: a client that was kicked meanwhile does not.
            if self._link is not None and (self.late_replies or self._link is asking):
                await self._deliver(self._link, frame, answer)
            if self.dtu.drops_network:
                self.dtu.drops_network = False
                self.network_dropped.set()

    def _kicked_by_another(self, frame: Frame) -> bool:
        now_s = asyncio.get_running_loop().time()
        if now_s < self._next_kick_s or not (kicked := self.faults.strike("kick", frame.command_id)):
            return False
        self._next_kick_s = now_s + kicked.seconds
        return True

    def _lacks_seal(self, frame: Frame) -> bool:
        """Clear text where it should be sealed, or sealed under the seed of another start."""
        return self.dtu.cipher is not None and is_sealed(frame.command_id) and frame.seal is not Seal.GOOD

    async def _snub(self, frame: Frame, asking: Link) -> None:
        self.unsealed += 1
        if self.snub is Snub.CLOSE:
            await asking.close()
        elif self.snub is Snub.EMPTY:
            await self._send(asking, self._encoded(Frame(frame.command_id ^ TOWARDS_DTU, frame.sequence)))

    def _answer(self, frame: Frame, asked: Asked) -> Message | None:
        answering = self._answers.get(frame.command_id)
        try:
            request = message_of(frame)
        except WireError:
            answering = None
        if answering is None or not self.dtu.answers_to(frame):
            self.unknown += 1
            return None
        disturb(self.dtu, frame.command_id, self.faults)
        answer = answering(self.dtu, request, asked)
        if answer is None:
            self.unknown += 1
            return None
        if isinstance(request, CommandToDtu) and request.action in RESTARTING:
            self.reboot_asked.set()
        return spoil(answer, frame.command_id, self.faults)

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

        if strikes("silence") or (_packet_of(answer) and strikes("packet-missing")):
            return
        if strikes("close-after-request") or (
            request.command_id in COMMANDS and strikes("lost-acknowledgement")
        ):
            await link.close()
            return
        frame = framed(request, answer, self.dtu.extension(request.extension), self.faults)
        has_tag = self.dtu.cipher is not None and is_sealed(frame.command_id)
        data = damaged(self._encoded(frame), request, self.faults, self._random, has_tag=has_tag)
        if strikes("late-reply"):
            self._late.append(data)
            await link.close()
            return
        await self._write(link, data, request)

    def _encoded(self, frame: Frame) -> bytes:
        return Conversation(self.dtu.cipher, seals_heartbeats=self.seals_heartbeats).send(frame)

    async def _write(self, link: Link, data: bytes, request: Frame) -> None:
        if self.faults.strike("close-mid-answer", request.command_id):
            await self._send(link, data[: len(data) // 2])
            await link.close()
        elif self.faults.strike("split", request.command_id):
            for byte in data:
                await self._send(link, bytes((byte,)))
                await asyncio.sleep(DRIP_S)
        else:
            await self._send(link, data)

    async def _send(self, link: Link, data: bytes) -> None:
        try:
            await link.send(data)
        except ConnectionLost:
            return  # the client is gone; its connection's own task notices

    def counters(self) -> Mapping[str, Any]:  # Any: JSON
        return {
            "connections": self.connections,
            "kicks": self.kicks,
            "damaged_bytes": self.damaged_bytes,
            "unanswered": self.unknown,
            "unsealed": self.unsealed,
            "frames": dict(self.frames),
            "faults": dict(self.faults.happened),
        }


def _packet_of(answer: Message) -> int:
    return getattr(answer, "packet_index", 0)
