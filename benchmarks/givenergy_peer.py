"""The published client's side of `givenergy_poll`, run by its own interpreter: polls come as JSON, microseconds leave."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime, timedelta

from givenergy_modbus.framer import ClientFramer
from givenergy_modbus.model.plant import Plant
from givenergy_modbus.model.register_cache import RegisterCache

START = datetime(2026, 6, 1, tzinfo=UTC)


def dumped(plant: Plant) -> dict[str, object]:
    """All that the plant knows, part by part."""
    lv_bcu, ems, gateway = plant.lv_bcu, plant.ems, plant.gateway
    return {
        "inverter": plant.inverter.model_dump(),
        "batteries": [pack.model_dump() for pack in plant.batteries],
        "lv_bcu": lv_bcu and lv_bcu.model_dump(),
        "hv_stacks": [
            [stack.bcu.model_dump(), [module.model_dump() for module in stack.bmus]]
            for stack in plant.hv_stacks
        ],
        "aio_battery_modules": [module.model_dump() for module in plant.aio_battery_modules],
        "meters": {address: meter.model_dump() for address, meter in plant.meters.items()},
        "ems": ems and ems.model_dump(),
        "gateway": gateway and gateway.model_dump(),
    }


class Case:
    """A plant, and the polls that it is told of again and again."""

    def __init__(self, told: dict[str, object]) -> None:
        self.plant = Plant.from_caches(
            {int(address): RegisterCache.from_json(text) for address, text in told["caches"].items()}
        )
        self.framer = ClientFramer()
        self.polls = [[(at_s, bytes.fromhex(frame)) for at_s, frame in poll] for poll in told["polls"]]
        self.start = START

    async def round_us(self) -> float:
        """A poll's mean."""
        self.start += timedelta(days=1)
        began_s = time.process_time()
        for poll in self.polls:
            for at_s, frame in poll:
                async for message in self.framer.decode(frame):
                    self.plant.update(message, received_at=self.start + timedelta(seconds=at_s))
            dumped(self.plant)
        return (time.process_time() - began_s) / len(self.polls) * 1e6


async def main() -> None:
    logging.disable(logging.CRITICAL)
    cases = {name: Case(told) for name, told in json.loads(sys.stdin.readline()).items()}
    for line in sys.stdin:
        print(await cases[line.strip()].round_us(), flush=True)


asyncio.run(main())
