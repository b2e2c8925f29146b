"""The published client's side of `hoymiles`, run by its own interpreter: its package, its protobuf, nothing of ours.

Does what it is told, line by line in JSON: a word and its arguments; and answers with JSON.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
from typing import Any

from hoymiles_wifi.dtu import DTU
from hoymiles_wifi.protobuf import RealDataNew_pb2

IMPORT = (
    "import time, asyncio, google.protobuf; s = time.process_time(); import hoymiles_wifi.dtu;"
    "print((time.process_time() - s) * 1000)"
)


class Peer:
    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._decoder = DTU("x")
        self._client: Any = None

    async def do(self, word: str, *arguments: Any) -> float | None:
        match word:
            case "frames":
                self._frames = [bytes.fromhex(packet) for packet in arguments]
            case "decode":
                return self._decode_us(*arguments)
            case "dtu":
                self._client = self._connected(*arguments)
            case "refresh":
                return await self._refresh_us(*arguments)
            case "import":
                return _import_ms()
        return None

    def _decode_us(self, rounds: int) -> float:
        parse, kind = self._decoder.parse_response, RealDataNew_pb2.RealDataNewReqDTO
        start_s = time.process_time()
        for _ in range(rounds):
            for packet in self._frames:
                assert parse(packet, kind, is_extended_format=False) is not None
        return (time.process_time() - start_s) / rounds / len(self._frames) * 1e6

    def _connected(self, host: str, port: int) -> Any:
        client: Any = DTU(host)
        send = client.async_send_request
        # Its port is fixed, and it sleeps between requests, which costs no processor time: both are set aside.
        client.async_send_request = lambda *args, **kwargs: send(*args, **{**kwargs, "dtu_port": port})
        return client

    async def _refresh_us(self, count: int) -> float:
        start_s = time.process_time()
        for _ in range(count):
            self._client.last_request_time = 0
            assert await self._client.async_get_real_data_new() is not None
        return (time.process_time() - start_s) / count * 1e6


def _import_ms() -> float:
    return float(subprocess.check_output([sys.executable, "-c", IMPORT]))


async def main() -> None:
    peer = Peer()
    while line := sys.stdin.readline():
        print(json.dumps(await peer.do(*json.loads(line))), flush=True)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    asyncio.run(main())
