"""What goes wrong in the field, and how often: with lines, with what devices say, with devices themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any, Final

from tests.site.bench import Bench, Line
from tests.site.judging import FOUND_S

FLIPS: Final = 1 / 300
"""Messages with a wrong bit; only frames with a checksum can tell."""
CHECKED: Final = frozenset({"hoymiles", "givenergy"})

SEED: Final = 2
"""In each home something moves in the first three days, once before and once after a day of absence."""

Torment = Callable[[Line, Random], Awaitable[None]]


async def cut(line: Line, random: Random) -> None:
    line.listener.drop()


async def refuse(line: Line, random: Random) -> None:
    await line.refuse(random.uniform(1, 20))


async def silence(line: Line, random: Random) -> None:
    await line.silence(random.uniform(1, 10))


async def flap(line: Line, random: Random) -> None:
    for _ in range(30):
        line.listener.drop()
        await asyncio.sleep(1)


async def move(line: Line, random: Random) -> None:
    """Then the line is left alone for as long as the search may take: whoever is cut off as well is found later."""
    now = line.listener.host
    await line.move(random.choice([host for host in ADDRESSES if host != now]))
    await asyncio.sleep(FOUND_S)


OF_LINES: Final[tuple[tuple[Torment, float], ...]] = (
    (cut, 2.0),
    (refuse, 1.0),
    (silence, 0.5),
    (flap, 0.1),
)
"""And how often a day each line suffers it (F5 to F7, F10, F11)."""
MOVES: Final = 0.08
"""Times a day that a router gives a device another address (F12): some weeks go by between two."""
MOVING: Final = frozenset({"hoymiles", "givenergy", "tesla-wall-connector", "everest"})
"""Whom the gateway can look for, since they answer in the home's own network. A cloud stays where it is, and so does a
charger's access point, which has the same address in every home.
"""
ADDRESSES: Final = tuple(f"127.0.0.{number}" for number in range(1, 255))
"""Where they go: a household's network is that wide."""
AWAY: Final = 0.03
"""Times a day that a line is dead for 24 hours: a cloud (F23), or a device at the repair shop."""

OF_ANSWERS: Final[Mapping[str, Mapping[str, float]]] = {
    "hoymiles": {
        "split": 0.02,
        "batch": 0.02,
        "garbage": 0.003,
        "bad-crc": FLIPS,
        "wrong-length": 0.001,
        "long-length": 0.0005,
        "wrong-sequence": 0.001,
        "wrong-id": 0.001,
        "duplicate": 0.003,
        "unsolicited": 0.003,
        "late-reply": 0.002,
        "close-mid-answer": 0.001,
        "close-after-request": 0.001,
        "no-protobuf": 0.001,
        "cut-protobuf": 0.001,
        "strange-fields": 0.005,
        "packet-missing": 0.002,
        "packet-repeated": 0.002,
        "zero-data": 0.0005,
        "inverter-missing": 0.001,
        "extremes": 0.0005,
        "counter-falls": 0.0002,
        "lost-acknowledgement": 0.05,
        "command-refused": 0.02,
    },
    "givenergy": {
        "split": 0.02,
        "glue": 0.02,
        "byte-noise": 0.001,
        "bad-crc": FLIPS,
        "zero-tail": 0.0003,
        "zero-page": 0.0003,
        "substituted-page": 0.0003,
        "stale-replay": 0.0001,
        "splice": 0.0003,
        "wrong-device": 0.001,
        "wrong-serial": 0.0003,
        "null-message": 0.003,
        "lan-broadcast": 0.001,
        "error-burst": 0.0005,
        "slow": 0.003,
        "drop-client": 0.0005,
        "reset-client": 0.0005,
        "lost-ack": 0.05,
        "late-ack": 0.05,
        "foreign-echo": 0.05,
        "ignored-write": 0.05,
        "late-write": 0.05,
    },
    "tesla-wall-connector": {
        "truncated": 0.005,
        "cut": 0.002,
        "nan": 0.001,
        "infinite": 0.0005,
        "impossible": 0.0005,
        "wrong-type": 0.001,
        "unknown-field": 0.005,
        "html": 0.001,
        "empty": 0.001,
        "null": 0.001,
        "list": 0.0005,
        "encoding": 0.0005,
        "error-500": 0.005,
        "slow": 0.001,
        "half": 0.002,
        "reset": 0.002,
        "close": 0.01,
    },
    "franklinwh": {
        "token-expire": 0.001,
        "stored-answer": 0.01,
        "empty-payload": 0.002,
        "rate-limit": 0.001,
        "cdn-error": 0.003,
        "gateway-slow": 0.001,
        "drop-connection": 0.002,
        "truncate-json": 0.002,
        "empty-body": 0.001,
        "html": 0.001,
        "null": 0.0005,
        "nan": 0.0005,
        "impossible": 0.0005,
        "wrong-type": 0.0005,
        "unknown-field": 0.005,
        "silent-discard": 0.05,
        "late-write": 0.05,
    },
    "everest": {},
}
"""Share of a device's answers that its simulator spoils so, and of writes where only writes can be (F1 to F6, F8, F9, F13
to F19, F21, F22, F25, F26). A charge point's own are those of its line. None has a certificate that could be wrong (F24): TLS
is spoken to nobody in these homes.
"""

Act = tuple[str, Mapping[str, Any]]  # Any: what an action takes
OF_DEVICES: Final[Mapping[str, tuple[tuple[Act, float], ...]]] = {
    "hoymiles": (
        (("kick", {}), 0.5),
        (("fault", {"name": "clock-jump", "s": 3600, "times": 1}), 0.1),
    ),
    "givenergy": (
        (("kick", {}), 0.5),
        (("reboot", {}), 0.1),
        (("clock", {"at": "2000-01-01T00:00:00"}), 0.05),
    ),
    "tesla-wall-connector": (
        (("kick", {}), 0.5),
        (("power_cycle", {}), 0.1),
    ),
    "franklinwh": (
        (("kick", {}), 0.5),
        (("token_expire", {}), 0.2),
        (("clock", {"offset_s": 3600}), 0.05),
    ),
    "everest": (
        (("kick", {}), 0.5),
        (("restart", {}), 0.1),
    ),
}
"""What happens to a device so often a day (F19 to F21; and restarts)."""


async def spoil_answers(site: Bench) -> None:
    """From now on."""
    for name, line in site.lines.items():
        line.flips = FLIPS if line.family in CHECKED else 0.0
        for fault, chance in OF_ANSWERS[line.family].items():
            known = {"times": 1_000_000} if fault == "token-expire" else {}
            await site.simulators[name].act("fault", name=fault, chance=chance, **known)


async def torment(site: Bench, name: str, day_s: float) -> None:
    """One line and its device, for ever."""
    line, random = site.lines[name], Random(f"{name}/{SEED}")
    moves = ((move, MOVES),) if line.family in MOVING else ()
    own: tuple[tuple[Torment | Act | None, float], ...] = (
        *OF_LINES,
        *moves,
        *OF_DEVICES[line.family],
        (None, AWAY),
    )
    kinds, rates = [kind for kind, _ in own], [rate for _, rate in own]
    while True:
        await asyncio.sleep(random.expovariate(sum(rates)) * day_s)
        (kind,) = random.choices(kinds, rates)
        if kind is None:
            await line.refuse(day_s)
        elif isinstance(kind, tuple):
            action, parameters = kind
            await site.simulators[name].act(action, **parameters)
        else:
            await kind(line, random)
