"""What the published client does with plants, run by its own interpreter: `peer_session.py meet|crowd MODEL=PORT…`.

Prints one JSON document, and what the client logged at warning and above.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import datetime, time
from typing import Any

from givenergy_modbus.client import commands
from givenergy_modbus.client.client import Client
from givenergy_modbus.model import TimeSlot
from givenergy_modbus.model.inverter import ExportPriority

HOST = "127.0.0.1"
NIGHT = TimeSlot(start=time(1, 30), end=time(4, 30))
EVENING = TimeSlot(start=time(17, 0), end=time(19, 30))
NOON = datetime(2031, 5, 4, 12, 0, 0)  # noqa: DTZ001 - an inverter knows no zone
ROUNDS = 3


class Heard(logging.Handler):
    """What the client complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.complaints: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.complaints.append(record.getMessage())


def facts(capabilities: Any) -> dict[str, Any]:  # Any: the client's own types, here and below
    return {**capabilities.model_dump(), "device_type": capabilities.device_type.name}


def orders(capabilities: Any, inverter: Any) -> list[Any]:
    """What an owner of such a plant would send."""
    if capabilities.is_ems:
        return [
            commands.set_ems_plant(True),
            commands.set_ems_charge_slot(1, NIGHT),
            commands.set_ems_charge_target_soc(1, 88),
            commands.set_ems_export_power_limit(5000),
        ]
    found = [
        inverter.set_battery_soc_reserve(12),
        inverter.set_charge_slot(1, NIGHT),
        inverter.set_charge_target_enabled(85),
        inverter.set_battery_charge_limit(30),
        inverter.set_mode_storage(EVENING),
        inverter.set_system_date_time(NOON),
    ]
    if capabilities.device_type.name in ("AC", "ALL_IN_ONE"):
        found += [commands.set_export_priority(ExportPriority.BATTERY_FIRST)]
        found += [commands.set_battery_charge_limit_ac(60)]
    return found


def shown(plant: Any) -> dict[str, Any]:
    return {
        "inverter": plant.inverter.model_dump(),
        "packs": [pack.model_dump() for pack in plant.batteries],
        "meters": {address: meter.model_dump() for address, meter in plant.meters.items()},
        "modules": [len(stack.bmus) for stack in plant.hv_stacks],
        "ems": plant.ems.model_dump() if plant.ems else None,
        "gateway": plant.gateway.model_dump() if plant.gateway else None,
    }


async def meet(port: int) -> dict[str, Any]:
    """Everything there is to do with a plant, once."""
    client = Client(HOST, port)
    await client.connect()
    try:
        capabilities = facts(await client.detect())
        await client.load_config()
        await client.refresh()
        before = shown(client.plant)
        for requests in orders(client.plant.capabilities, client.plant.inverter):
            await client.one_shot_command(requests)
        await client.load_config()
        after = shown(client.plant)
        hinted = facts(await client.detect(prior=client.plant.capabilities))
    finally:
        await client.close()
    return {"capabilities": capabilities, "before": before, "after": after, "hinted": hinted}


async def keep_reading(port: int) -> int:
    """One of several clients of one plant, each at its own pace; how often something had to be asked twice."""
    client = Client(HOST, port, tx_message_wait=0.25)
    await client.connect()
    try:
        await client.detect()
        for _ in range(ROUNDS):
            await client.load_config()
            await client.refresh()
        return sum(client.plant.retry_count.values())
    finally:
        await client.close()


async def main(what: str, *ports: str) -> None:
    heard = Heard()
    logging.getLogger("givenergy_modbus").addHandler(heard)
    plants = {model: int(port) for model, port in (pair.split("=") for pair in ports)}
    if what == "meet":
        found = dict(zip(plants, await asyncio.gather(*map(meet, plants.values())), strict=True))
    else:
        (port,) = plants.values()
        found = {"retries": await asyncio.gather(keep_reading(port), keep_reading(port))}
    print(json.dumps({"found": found, "complaints": heard.complaints}, default=str))  # noqa: T201 - a program


asyncio.run(main(*sys.argv[1:]))
