"""A whole GivEnergy poll, from bytes to the plant's dict, beside `givenergy-modbus` 2.13.0 in the same run.

A poll is what a plant's adapter really sent between one reply with the live page of its inverter and the next: replays
of four captures, frame by frame, as they were recorded, with the pages that repeat themselves and those that do not.
Two more cases bound it: every page of every poll says something new, and none does. Times are CPU times, medians of
turns that both sides take one after the other, after a first one. A processor that has slept is slow in its first
milliseconds, in which we would be done: so each side works for a fifth of a second or so in its turn. `model_dump` is a
dict of one's own, as the published client's is; `snapshot` the same, shared and not to be changed. The published client
runs in a process and an environment of its own, with logging off as here.

Run again with: .venv/bin/python benchmarks givenergy_poll
"""

from __future__ import annotations

import json
import logging
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain, count, takewhile
from pathlib import Path
from statistics import mean, median

import msgspec
from children import peer_python

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.client.receiving import Receiver
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import Conversation, ReadReply, encode_frame
from ohmstead.model import ReplayedClock

ROOT = Path(__file__).parents[1]
VECTORS = ROOT / "tests/families/givenergy/data/vectors.json"
START = datetime(2026, 6, 1, tzinfo=UTC)
TURNS = 7
TURN_S = 0.2
"""About what the published client takes for the polls of a case."""
CAPTURES = ("hybrid_gen1", "gateway", "hybrid_3ph", "ems")
INVERTER = 0x11
PACKS = (0x32, 0x33)

Poll = Sequence[tuple[float, bytes]]
"""Seconds since the start, and a frame."""


class Case(msgspec.Struct, frozen=True):
    """Polls of a plant of which everything is known already."""

    name: str
    caches: Mapping[int, RegisterCache]
    polls: Sequence[Poll]

    @property
    def frames(self) -> int:
        return sum(map(len, self.polls))

    @property
    def repeated(self) -> float:
        """The share of frames that repeat the last one of their page byte for byte."""
        last: dict[bytes, bytes] = {}
        same = 0
        for poll in self.polls:
            for _, frame in poll:
                same += last.get(frame[26:42]) == frame
                last[frame[26:42]] = frame
        return same / self.frames


class RecordedClock(ReplayedClock):
    """Stands at the instant of the frame that is received."""

    def wind(self, at: datetime) -> None:
        self._now = at


def main() -> None:
    logging.disable(logging.CRITICAL)
    captures = {
        found["source"]: found for found in json.loads(VECTORS.read_text(encoding="utf-8"))["captures"]
    }
    recorded = [replayed(name, captures[name]["lines"]) for name in CAPTURES]
    changed = all_changed(recorded[0])
    unchanged = Case("nothing changed", changed.caches, [changed.polls[0]] * 50)
    cases = [*recorded, changed, unchanged]
    print(
        "P3 a poll          polls   frames  repeat  model_dump             snapshot               givenergy-modbus"
    )
    with peer(cases) as theirs_us:
        for case in cases:
            show(case, *measured(case, theirs_us))
    print("medians of turns; goals: 25x for polls as recorded, 500x where nothing changed")


def measured(case: Case, theirs_us: Callable[[Case], float]) -> tuple[float, float, float]:
    """A poll as a dict of one's own, as the shared snapshot and by the peer: each turn right after the other's.

    The first turn of each is for what is made once.
    """
    dump = rounds(case, Plant.model_dump)
    snapshot = rounds(case, lambda plant: plant.snapshot)
    found = [(turn(dump), turn(snapshot), theirs_us(case)) for _ in range(1 + TURNS)][1:]
    dump_us, snapshot_us, peer_us = map(median, zip(*found, strict=True))
    return dump_us, snapshot_us, peer_us


def turn(rounds: Iterator[float]) -> float:
    """The mean of the rounds that fit into it."""
    began_s = time.process_time()
    return mean(chain([next(rounds)], takewhile(lambda _: time.process_time() < began_s + TURN_S, rounds)))


def show(case: Case, dump_us: float, snapshot_us: float, theirs_us: float) -> None:
    print(
        f"{case.name:19}{len(case.polls):5}{case.frames / len(case.polls):9.1f}{case.repeated:8.0%}"
        f"{shown(dump_us, theirs_us)}{shown(snapshot_us, theirs_us)}{theirs_us:10.0f} us"
    )


def shown(ours_us: float, theirs_us: float) -> str:
    return f"{ours_us:9.1f} us {theirs_us / ours_us:6.1f}x   "


def replayed(name: str, lines: Sequence[tuple[int, str, str]]) -> Case:
    """Whole polls of a capture: from one reply with the inverter's live page to the next."""
    polls: list[list[tuple[float, bytes]]] = []
    caches: dict[int, RegisterCache] = {}
    for at_ms, direction, text in lines:
        frame = bytes.fromhex(text)
        if direction != "rx":
            continue
        if is_live_page(frame):
            polls.append([])
        if polls:
            polls[-1].append((at_ms / 1000, frame))
        keep(caches, frame)
    return Case(name, caches, polls[:-1])


def is_live_page(frame: bytes) -> bool:
    """Input registers 0 to 59 of the inverter."""
    return frame[26:28] == bytes((INVERTER, 4)) and frame[38:42] == bytes((0, 0, 0, 60))


def keep(caches: dict[int, RegisterCache], frame: bytes) -> None:
    for message in Conversation().receive(frame):
        if isinstance(message, ReadReply):
            cache = caches.setdefault(message.device, RegisterCache())
            cache.store(message.bank, message.base, message.words)


def all_changed(case: Case) -> Case:
    """The two live pages and both packs, a register of each new every time: far worse than any plant."""
    wanted = [(INVERTER, 0), (INVERTER, 180), *((pack, 60) for pack in PACKS)]
    polls = [
        [(10.0 * number, reply(case.caches[device], device, base, number)) for device, base in wanted]
        for number in range(50)
    ]
    return Case("all pages changed", case.caches, polls)


def reply(cache: RegisterCache, device: int, base: int, number: int) -> bytes:
    """A page as it is known, but for a power of the inverter or the charge that a pack has left."""
    words = list(cache.words(Bank.IR, base, 60) or ())
    words[{0: 30, 180: 40, 60: 27}[base]] += number % 7
    return encode_frame(ReadReply(device, Bank.IR, base, tuple(words), "SA2114G000", "WF2125G000"))


def rounds(case: Case, look: Callable[[Plant], object]) -> Iterator[float]:
    """A poll's mean of each round. Between rounds a day passes, so that no jump back looks like a damaged page."""
    clock = RecordedClock(START)
    plant = Plant.from_caches(case.caches, clock=clock)
    conversation, receiver = Conversation(), Receiver(plant, clock)
    for round_ in count():
        start = START + timedelta(days=round_)
        timed = [[(start + timedelta(seconds=at_s), frame) for at_s, frame in poll] for poll in case.polls]
        began_s = time.process_time()
        for poll in timed:
            for at, frame in poll:
                clock.wind(at)
                for message in conversation.receive(frame):
                    receiver.take(message)
            look(plant)
        yield (time.process_time() - began_s) / len(case.polls) * 1e6


@contextmanager
def peer(cases: Sequence[Case]) -> Iterator[Callable[[Case], float]]:
    """Asks the published client for a round of a case."""
    told = {
        case.name: {
            "caches": {address: cache.json() for address, cache in case.caches.items()},
            "polls": [[(at_s, frame.hex()) for at_s, frame in poll] for poll in case.polls],
        }
        for case in cases
    }
    command = [peer_python("givenergy-modbus"), Path(__file__).with_name("givenergy_peer.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def round_us(case: Case) -> float:
            print(case.name, file=asks, flush=True)
            return float(answers.readline())

        print(json.dumps(told), file=asks, flush=True)
        yield round_us
        asks.close()


if __name__ == "__main__":
    main()
