"""What becomes of commands: accepted, in progress for some seconds, done. Effects set in when success is reported."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random
from typing import Final

import msgspec

from ohmstead.families.hoymiles.protos.command_pb2 import (
    CommandStatusFromDtu,
    CommandToDtu,
    InverterProgress,
)

SHORTEST_S: Final = 3.0
LONGEST_S: Final = 5.0
"""Source: a captured change of the limit."""

Effect = Callable[[CommandToDtu, int], bool]
"""Does it to the inverter with this serial; False: it failed there."""


class Running(msgspec.Struct, kw_only=True):
    command: CommandToDtu
    effect: Effect
    waiting: dict[int, float]
    """Serial to the seconds it takes."""
    since: datetime
    succeeded: list[int] = msgspec.field(default_factory=list)
    failed: list[int] = msgspec.field(default_factory=list)


class Commanding:
    """One command at a time; others wait their turn."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._queue: deque[Running] = deque()
        self._finished: Running | None = None

    def accept(
        self,
        command: CommandToDtu,
        targets: Iterable[int],
        effect: Effect,
        at: datetime,
        *,
        takes_s: tuple[float, float] = (SHORTEST_S, LONGEST_S),
    ) -> None:
        waiting = {serial: self._random.uniform(*takes_s) for serial in targets}
        self._queue.append(Running(command=command, effect=effect, waiting=waiting, since=at))

    def tick(self, at: datetime) -> None:
        while self._queue:
            running = self._queue[0]
            for serial, takes_s in tuple(running.waiting.items()):
                if at - running.since >= timedelta(seconds=takes_s):
                    del running.waiting[serial]
                    succeeded = running.effect(running.command, serial)
                    (running.succeeded if succeeded else running.failed).append(serial)
            if running.waiting:
                return
            self._finished = self._queue.popleft()
            if self._queue:
                self._queue[0].since = at

    def status(self, dtu_serial: str, time_s: int, action: int) -> CommandStatusFromDtu:
        """Progress, then once the result, then nothing more to report."""
        answer = CommandStatusFromDtu(dtu_serial=dtu_serial, time=time_s, action=action, packet_count=1)
        running = self.reported
        if running is None:
            return answer
        answer.action = running.command.action
        answer.transaction_id = running.command.transaction_id
        answer.inverter_progress.extend(InverterProgress(serial=serial) for serial in running.waiting)
        if not running.waiting and not self._is_reported(running):
            answer.inverters_succeeded.extend(running.succeeded)
            answer.inverters_failed.extend(running.failed)
            running.succeeded, running.failed = [], []
        return answer

    def stop(self) -> None:
        """End what runs: where it was not done yet, it failed."""
        if self._queue:
            self._finished = running = self._queue.popleft()
            running.failed.extend(running.waiting)
            running.waiting.clear()

    def abort(self) -> None:
        """A restart forgets what was asked."""
        self._queue.clear()
        self._finished = None

    @property
    def reported(self) -> Running | None:
        """What a status is about: the command that runs, else the last one."""
        return self._queue[0] if self._queue else self._finished

    @staticmethod
    def _is_reported(running: Running) -> bool:
        return not running.succeeded and not running.failed
