"""The bus behind the adapter: one request at a time, whoever asks, and every reply to every client."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from enum import Enum
from random import Random
from typing import Final

import msgspec
from msgspec.structs import replace

from ohmstead.families.givenergy.simulator.answering import Answering
from ohmstead.families.givenergy.simulator.distortions import (
    STALE_S,
    Pages,
    pieces,
    spoil_frame,
    spoil_page,
)
from ohmstead.families.givenergy.simulator.faults import Faults
from ohmstead.families.givenergy.simulator.guests import Guest, Guests
from ohmstead.families.givenergy.wire import (
    LanConfiguration,
    NullMessage,
    ReadReply,
    Reply,
    Request,
    WriteReply,
    WriteRequest,
    encode_frame,
)
from ohmstead.kit.link import TaskScope
from ohmstead.model import Clock

TAIL: Final = 0.6
"""Of the logarithm: with it one reply in twenty takes about three times as long as usual."""
LONGEST_S: Final = 2.8
SILENCE_S: Final = (2.0, 30.0)
REPEATED_AFTER_S: Final = 0.2
GLUED_FRAMES: Final = 3
GLUED_CHUNK_BYTES: Final = 300
GLUE_PATIENCE_S: Final = 0.5
LAN_TEXT: Final = "192.0.2.57,255.255.255.0,192.0.2.1\r\n\r\n"


class Latency(Enum):
    FIXED = "fixed"
    """Always the same: what was measured on an idle bus."""
    MEASURED = "measured"
    """With the long tail that was measured, up to 2.8 s."""
    NONE = "none"


class Asked(msgspec.Struct, frozen=True):
    request: Request
    guest: Guest | None = None
    """None: the vendor's cloud, whose replies everybody hears too."""
    done: asyncio.Event | None = None


class Bus:
    def __init__(
        self,
        answering: Answering,
        faults: Faults,
        clock: Clock,
        scope: TaskScope,
        *,
        latency: Latency,
        random: Random,
    ) -> None:
        self.answering = answering
        self.faults = faults
        self.guests: Guests
        self.frames: Counter[str] = Counter()
        self.lan_text = LAN_TEXT
        self._clock = clock
        self._scope = scope
        self._latency = latency
        self._random = random
        self._queue: asyncio.Queue[Asked] = asyncio.Queue()
        self._pages = Pages()
        self._silent_until_s = float("-inf")
        self._busy_until_s = float("-inf")
        self._glued: list[bytes] = []

    def ask(self, guest: Guest, request: Request) -> None:
        self._queue.put_nowait(Asked(request, guest))

    async def ask_for_cloud(self, request: Request) -> None:
        """Like any client's request, and wait until the bus is done with it."""
        done = asyncio.Event()
        self._queue.put_nowait(Asked(request, done=done))
        await done.wait()

    async def run(self) -> None:
        while True:
            asked = await self._queue.get()
            if asked.guest is not None:
                asked.guest.waiting -= 1
            await self._think(asked.request)
            await self._serve(asked)
            if asked.done is not None:
                asked.done.set()

    async def _think(self, request: Request) -> None:
        """A device takes its time; at another speed than its own there is none to take."""
        base_s = self.answering.plant.profile.latency_s
        if self._latency is Latency.NONE or self._clock.speed != 1.0:
            base_s = 0.0
        elif self._latency is Latency.MEASURED:
            base_s = min(LONGEST_S, base_s * math.exp(TAIL * abs(self._random.gauss())))
        if rule := self.faults.strike("slow", request):
            base_s += 1.0 if rule.seconds is None else rule.seconds
        if base_s:
            await asyncio.sleep(base_s)

    async def _serve(self, asked: Asked) -> None:
        request, strike = asked.request, self.faults.strike
        if self._is_silent(request):
            return
        reply = self._reply(request)
        if asked.guest is not None:
            await self._lose(asked.guest, request)
        if reply is None:
            return
        if strike("null-message", request):
            self._deliver(encode_frame(NullMessage(request.device, self.answering.plant.adapter_serial)))
        if strike("lan-broadcast", request):
            self.push_lan()
        self._send(reply, request)

    def _is_silent(self, request: Request) -> bool:
        now_s = _now_s()
        if now_s >= self._silent_until_s and (rule := self.faults.strike("silent-window", request)):
            lasts_s = self.faults.random.uniform(*SILENCE_S) if rule.seconds is None else rule.seconds
            self._silent_until_s = now_s + lasts_s
        return now_s < self._silent_until_s

    async def _lose(self, guest: Guest, request: Request) -> None:
        """Lose the asking client; all others hear the reply."""
        if self.faults.strike("drop-client", request):
            await guest.link.close()
        elif self.faults.strike("reset-client", request):
            self.guests.show_out(guest)
        elif self.faults.strike("half-open", request):
            guest.is_mute = True

    def _reply(self, request: Request) -> Reply | None:
        if self.faults.strike("error-burst", request):
            return self.answering.refusal(request, echoes_count=False)
        if isinstance(request, WriteRequest):
            return self._written(request)
        reply = self.answering.reply(request)
        if isinstance(reply, ReadReply):
            now_s = _now_s()
            if not self._pages.is_stale(now_s) and (rule := self.faults.strike("stale-replay", request)):
                self._pages.freeze(now_s, rule.seconds or STALE_S)
            reply = spoil_page(self._pages.seen(reply, now_s), request, self.faults)
        return reply

    def _written(self, request: WriteRequest) -> Reply | None:
        strike, now_s = self.faults.strike, _now_s()
        if now_s >= self._busy_until_s and (rule := strike("busy", request)):
            self._busy_until_s = now_s + (rule.seconds or 10.0)
        if now_s < self._busy_until_s:
            return self.answering.refusal(request)
        if strike("ignored-write", request):
            return self.answering.echo(request)
        if rule := strike("late-write", request):
            self._scope.start(self._write_later(request, 5.0 if rule.seconds is None else rule.seconds))
            return self.answering.echo(request)
        return self.answering.write(request)

    async def _write_later(self, request: WriteRequest, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self.answering.write(request)

    def _send(self, reply: Reply, request: Request) -> None:
        strike = self.faults.strike
        if isinstance(reply, WriteReply):
            if strike("lost-ack", request):
                return
            if rule := strike("foreign-echo", request):
                value = reply.value ^ 1 if rule.value is None else rule.value
                self._deliver(encode_frame(replace(reply, value=value)))
            if rule := strike("late-ack", request):
                self._later(reply, 5.0 if rule.seconds is None else rule.seconds)
                return
        self.frames[type(reply).__name__] += 1
        self._deliver(spoil_frame(encode_frame(reply), request, self.faults), request)
        if isinstance(reply, ReadReply) and (rule := strike("wrong-device", request)):
            self._later(replace(reply, device=rule.as_device), REPEATED_AFTER_S)

    def _later(self, reply: Reply, after_s: float) -> None:
        self._scope.start(self._deliver_later(encode_frame(reply), after_s))

    async def _deliver_later(self, frame: bytes, after_s: float) -> None:
        await asyncio.sleep(after_s)
        self._deliver(frame)

    def push_lan(self) -> None:
        serial = self.answering.plant.adapter_serial
        self._deliver(encode_frame(LanConfiguration(self.lan_text, serial)))

    def _deliver(self, frame: bytes, request: Request | None = None) -> None:
        if not frame:
            return
        if request is not None and self.faults.strike("glue", request):
            self._glue(frame)
            return
        self._unglue()
        rule = self.faults.strike("split", request) if request is not None else None
        chunks = [frame] if rule is None else pieces(frame, rule.piece_bytes, self.faults.random)
        self.guests.tell(chunks)

    def _glue(self, frame: bytes) -> None:
        self._glued.append(frame)
        if len(self._glued) >= GLUED_FRAMES:
            self._unglue()
        elif len(self._glued) == 1:
            self._scope.start(self._unglue_later(self._glued))

    async def _unglue_later(self, glued: list[bytes]) -> None:
        await asyncio.sleep(GLUE_PATIENCE_S)
        if glued is self._glued:
            self._unglue()

    def _unglue(self) -> None:
        glued, self._glued = b"".join(self._glued), []
        if glued:
            self.guests.tell(
                [glued[at : at + GLUED_CHUNK_BYTES] for at in range(0, len(glued), GLUED_CHUNK_BYTES)]
            )


def _now_s() -> float:
    return asyncio.get_running_loop().time()
