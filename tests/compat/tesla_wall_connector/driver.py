"""Runs inside the client's own environment: one call of it, unmodified, for each line on stdin.

A line is JSON: {"host", "document", "split_phase", "timeout"}; what comes back is what the client gives, property by
property, or the name of what it raised.
"""

from __future__ import annotations

import asyncio
import json
import sys

from tesla_wall_connector import WallConnector  # type: ignore[import-not-found]  # only there


async def asked(host: str, document: str, split_phase: bool, timeout: float) -> dict[str, object]:  # noqa: ASYNC109
    try:
        async with WallConnector(host, timeout=timeout, split_phase=split_phase) as client:
            found = await getattr(client, f"async_get_{document}")()
    except Exception as error:  # noqa: BLE001 - what it lets out is what we want to know
        return {"raised": type(error).__name__}
    return {"read": {name: value(found, name) for name in dir(type(found)) if not name.startswith("_")}}


def value(found: object, name: str) -> object:
    try:
        return getattr(found, name)
    except Exception as error:  # noqa: BLE001 - as above
        return {"raised": type(error).__name__}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(asked(**json.loads(line)))) + "\n")
        sys.stdout.flush()


main()
