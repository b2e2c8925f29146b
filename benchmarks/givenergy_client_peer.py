"""The published client's side of `givenergy`, run by its own interpreter: questions come as JSON, microseconds leave."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time

from givenergy_modbus.client.client import Client
from givenergy_modbus.framer import ClientFramer
from givenergy_modbus.model.battery import Battery
from givenergy_modbus.model.inverter import SinglePhaseInverter
from givenergy_modbus.model.plant import PlantCapabilities
from givenergy_modbus.model.register_cache import RegisterCache

HOST = "127.0.0.1"


async def frames_us(frames: list[str], rounds: int) -> float:
    data = [bytes.fromhex(frame) for frame in frames]
    best_s = float("inf")
    for _ in range(rounds):
        framer = ClientFramer()
        began_s = time.process_time()
        for frame in data:
            async for _ in framer.decode(frame):
                pass
        best_s = min(best_s, time.process_time() - began_s)
    return best_s / len(data) * 1e6


def dict_us(inverter: list[str], packs: list[str], rounds: int) -> float:
    inverters = [RegisterCache.from_json(text) for text in inverter]
    batteries = [RegisterCache.from_json(text) for text in packs]
    best_s = float("inf")
    for _ in range(rounds):
        began_s = time.process_time()
        for one, pack in zip(inverters, batteries, strict=True):
            SinglePhaseInverter.from_register_cache(one).model_dump()
            Battery.from_register_cache(pack).model_dump()
        best_s = min(best_s, time.process_time() - began_s)
    return best_s / len(inverters) * 1e6


def attribute_us(inverter: list[str], rounds: int) -> float:
    caches = [RegisterCache.from_json(text) for text in inverter]
    best_s = float("inf")
    for _ in range(rounds):
        views = [SinglePhaseInverter.from_register_cache(cache) for cache in caches]
        began_s = time.process_time()
        for view in views:
            _ = view.p_battery
        best_s = min(best_s, time.process_time() - began_s)
    return best_s / len(caches) * 1e6


async def restart_s(port: int) -> list[float]:
    """To the first live reading: cold, and with the topology that it offers to remember."""
    client = Client(HOST, port)
    began_s = time.perf_counter()
    await client.connect()
    capabilities = await client.detect()
    await client.refresh()
    _ = client.plant.inverter.p_battery
    cold_s = time.perf_counter() - began_s
    await client.close()
    client = Client(HOST, port)
    prior = PlantCapabilities.from_dict(capabilities.to_dict())
    began_s = time.perf_counter()
    await client.connect()
    await client.detect(prior=prior)
    await client.refresh()
    _ = client.plant.inverter.p_battery
    hinted_s = time.perf_counter() - began_s
    await client.close()
    return [cold_s, hinted_s]


async def main() -> None:
    logging.disable(logging.CRITICAL)
    asked = json.load(sys.stdin)
    rounds = asked["rounds"]
    found = {
        "frame": await frames_us(asked["frames"], rounds),
        "dict": dict_us(asked["inverters"], asked["packs"], rounds),
        "attribute": attribute_us(asked["inverters"], rounds),
        "restart": await restart_s(asked["slow_port"]),
    }
    print(json.dumps(found))


asyncio.run(main())
