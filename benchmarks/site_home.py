"""The home of `site`: twelve simulated devices of all families, and the gateway that runs them. Each is a process of its own.

python benchmarks/site_home.py devices FOLDER     writes FOLDER/site.toml when they listen; ends with its input
python benchmarks/site_home.py gateway FOLDER     answers "cpu SECONDS" and "late SECONDS" with a line of JSON
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec
from machine import resident_mib

from ohmstead.app.demo import DATA, demo_site
from ohmstead.app.faces import FACES
from ohmstead.app.home import BATTERY, CHARGE_POINT, CHARGER, HOMES, ROOFS, Placed
from ohmstead.app.serving import serving
from ohmstead.gateway import read_site_file
from ohmstead.model import RealClock

TICK_S: Final = 0.02


def another(placed: Placed, name: str, seed: int) -> Placed:
    options = msgspec.structs.replace(placed.options, name=name, seed=seed)
    return msgspec.structs.replace(placed, options=options, settings=())


HOME: Final = msgspec.structs.replace(
    HOMES["eu"],
    devices=(
        *(msgspec.structs.replace(placed, settings=()) for placed in HOMES["eu"].devices),
        another(ROOFS[1], "barn", 3),
        another(BATTERY, "cellar", 4),
        another(CHARGER, "yard", 5),
        another(CHARGE_POINT, "gate", 6),
        another(ROOFS[1], "shed", 7),
    ),
)


async def devices(folder: Path) -> None:
    async with demo_site(HOME, RealClock(), 1, folder):
        print("ready", flush=True)
        async for _ in lines():
            pass


async def gateway(folder: Path) -> None:
    logging.disable(logging.CRITICAL)
    site_file = read_site_file(folder / "site.toml", faces=FACES)
    async with serving(site_file, directory=folder / DATA, clock=RealClock(), port=0) as served:
        print(served.url, flush=True)
        async for line in lines():
            question, seconds = line.split()
            answer = await (busy if question == "cpu" else late)(float(seconds))
            print(json.dumps(answer), flush=True)


async def busy(for_s: float) -> list[float]:
    """The share of one core, and the memory in MiB."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    await asyncio.sleep(for_s)
    return [(time.process_time() - began_cpu_s) / (time.perf_counter() - began_s), resident_mib()]


async def late(for_s: float) -> list[float]:
    """By how many seconds whatever is due at any moment begins too late."""
    loop, found = asyncio.get_running_loop(), list[float]()
    end_s = loop.time() + for_s
    while (due_s := loop.time() + TICK_S) < end_s:
        await asyncio.sleep(TICK_S)
        found.append(loop.time() - due_s)
    return found


async def lines() -> AsyncIterator[str]:
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line


asyncio.run({"devices": devices, "gateway": gateway}[sys.argv[1]](Path(sys.argv[2])))
