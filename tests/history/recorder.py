"""Records batches into the history at argv[1] and prints each one's number once it is acknowledged. Runs until killed.

Each batch is ten polls of one device; argv[2] is the first batch's number. The history's clock runs at twenty hours a
second, so that sealing goes on all the time.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime, timedelta

from ohmstead.history import open_history
from ohmstead.model import BatteryReading, DeviceId, Sample, ScaledClock

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 10
INTERVAL_S = 10


def sample(number: int) -> Sample:
    at = START + timedelta(seconds=number * INTERVAL_S)
    reading = BatteryReading(device=DeviceId("cellar/b"), at=at, power_w=float(number), soc_pct=50.0)
    return Sample(at=at, readings=(reading,))


async def main(path: str, first: int) -> None:
    clock = ScaledClock(START + timedelta(seconds=first * BATCH * INTERVAL_S), speed=72_000.0)
    async with open_history(path, clock) as history:
        print("ready", flush=True)  # noqa: T201 - the parent reads it
        batch = first
        while True:
            for number in range(batch * BATCH, (batch + 1) * BATCH):
                history.record(sample(number))
            await history.flush()
            print(batch, flush=True)  # noqa: T201 - the parent reads it
            batch += 1


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
