"""Our own client on a plant that others read too: `our_session.py PORT`. Prints how many reads failed, as JSON."""

from __future__ import annotations

import asyncio
import json
import sys

from ohmstead.families.givenergy import Client, RefreshError

ROUNDS = 3


async def main(port: str) -> None:
    failed: list[str] = []
    async with Client("127.0.0.1", int(port)) as client:
        capabilities = await client.detect()
        for _ in range(ROUNDS):
            for read in (client.load_config, client.refresh):
                try:
                    await read()
                except RefreshError as error:
                    failed.append(str(error))
    print(json.dumps({"failed": failed, "packs": list(capabilities.lv_battery_addresses)}))  # noqa: T201 - a program


asyncio.run(main(*sys.argv[1:]))
