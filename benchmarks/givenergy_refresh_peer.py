"""The published client's side of `givenergy_refresh`, run by its own interpreter: does what it is told, line by line."""

from __future__ import annotations

import asyncio
import logging
import sys
import time

from givenergy_modbus.client.client import Client

HOST = "127.0.0.1"


async def refreshes(port: int) -> None:
    """Open a client, let it refresh or close it, as the lines say that come in: `open GAP_S`, `refresh COUNT`, `close`."""
    prior = None
    while words := sys.stdin.readline().split():
        match words:
            case "open", gap_s:
                client = Client(HOST, port, tx_message_wait=float(gap_s), tx_jitter=0.0)
                await client.connect()
                prior = await client.detect(prior=prior)
                await client.load_config()
                await client.refresh()
                print("open", flush=True)
            case "refresh", count:
                print(await refresh_us(client, int(count)), flush=True)
            case _:
                await client.close()
                print("closed", flush=True)


async def refresh_us(client: Client, count: int) -> float:
    began_s = time.process_time()
    for _ in range(count):
        plant = await client.refresh()
        _ = plant.inverter.p_battery, [pack.soc for pack in plant.batteries]
    return (time.process_time() - began_s) / count * 1e6


logging.disable(logging.CRITICAL)
asyncio.run(refreshes(int(sys.argv[1])))
