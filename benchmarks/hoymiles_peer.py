"""The published client's side of `hoymiles`, run by its own interpreter: its package, its protobuf, nothing of ours.

Given the golden frames and the port of a DTU that answers at once, prints JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
import timeit
from typing import Any

from hoymiles_wifi.dtu import DTU
from hoymiles_wifi.protobuf import RealDataNew_pb2


def decoding_us(frames: dict[str, str]) -> dict[str, float]:
    dtu = DTU("x")
    kind = RealDataNew_pb2.RealDataNewReqDTO

    def decode(packet: bytes) -> None:
        assert dtu.parse_response(packet, kind, is_extended_format=False) is not None

    found = {}
    for name, packet in frames.items():
        data = bytes.fromhex(packet)
        found[name] = min(timeit.repeat(lambda data=data: decode(data), number=100, repeat=60)) / 100 * 1e6
    return found


async def refreshing_ms(host: str, port: int, rounds: int) -> float:
    client: Any = DTU(host)
    send = client.async_send_request
    # Its port is fixed, and it sleeps between requests, which costs no processor time: both are set aside.
    client.async_send_request = lambda *args, **kwargs: send(*args, **{**kwargs, "dtu_port": port})
    best = float("inf")
    for _ in range(5):
        start_s = time.process_time()
        for _ in range(rounds):
            client.last_request_time = 0
            assert await client.async_get_real_data_new() is not None
        best = min(best, (time.process_time() - start_s) / rounds * 1000)
    return best


def importing_ms() -> float:
    script = (
        "import time, asyncio, google.protobuf; s = time.perf_counter(); import hoymiles_wifi.dtu;"
        "print((time.perf_counter() - s) * 1000)"
    )
    runs = [float(subprocess.check_output([sys.executable, "-c", script])) for _ in range(7)]
    return min(runs)


def main() -> None:
    logging.disable(logging.CRITICAL)
    asked = json.loads(sys.argv[1])
    found = {
        "decoding_us": decoding_us(asked["frames"]),
        "refreshing_ms": asyncio.run(refreshing_ms(asked["host"], asked["port"], asked["rounds"])),
        "importing_ms": importing_ms(),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
