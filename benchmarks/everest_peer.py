"""The other side of `everest.py`: what a plain `websockets` program with `json` does. Runs in an environment of its own.

`serve`: answer every request with a recorded status, until told to end. `call URL ROUNDS`: ask so often, print the
processor time. `broadcast CLIENTS ROUNDS FRAME`: tell so many clients so often. `read URL CLIENTS FRAMES`: be those
clients.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

HELLO = '{"id":0,"jsonrpc":"2.0","method":"API.Hello"}'
PACE_S = 0.02


async def answer(status: str) -> None:
    async def talk(socket: ServerConnection) -> None:
        async for text in socket:
            request = json.loads(text)
            result = status if request["method"] != "API.Hello" else HELLO_RESULT
            await socket.send(f'{{"id":{request["id"]},"jsonrpc":"2.0","result":{result}}}'.encode())

    async with serve(talk, "127.0.0.1", 0, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


HELLO_RESULT = (
    '{"api_version":"1.0.0","authentication_required":false,"charger_info":{"firmware_version":"f","model":"m",'
    '"serial":"s","vendor":"v"},"everest_version":""}'
)


async def call(url: str, rounds: int) -> None:
    async with connect(url, compression=None) as socket:
        await socket.send(HELLO)
        await socket.recv()
        best_s = float("inf")
        for _ in range(5):
            start_s = time.process_time()
            for number in range(1, rounds + 1):
                request = {
                    "id": number,
                    "jsonrpc": "2.0",
                    "method": "EVSE.GetStatus",
                    "params": {"evse_index": 1},
                }
                await socket.send(json.dumps(request))
                reply = json.loads(await socket.recv())
                assert reply["id"] == number
                assert reply["result"]["status"]["state"]
            best_s = min(best_s, time.process_time() - start_s)
    print(json.dumps(best_s / rounds * 1e6))


async def tell(clients: int, rounds: int, frame: str) -> None:
    greeted = asyncio.Event()
    sockets = set()

    async def attend(socket: ServerConnection) -> None:
        await socket.recv()
        sockets.add(socket)
        if len(sockets) == clients:
            greeted.set()
        await socket.wait_closed()

    async with serve(attend, "127.0.0.1", 0, compression=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await greeted.wait()
        start_s = time.process_time()
        for _ in range(rounds):
            broadcast(sockets, frame.encode())
            await asyncio.sleep(PACE_S)
        print(json.dumps((time.process_time() - start_s) / rounds / clients * 1e6), flush=True)


async def read(url: str, clients: int, frames: int) -> None:
    async def listen() -> None:
        async with connect(url, compression=None, max_queue=None) as socket:
            await socket.send(HELLO)
            for _ in range(frames):
                await socket.recv()

    await asyncio.gather(*(listen() for _ in range(clients)))
    print("done", flush=True)


def main() -> None:
    what, *arguments = sys.argv[1:]
    match what:
        case "serve":
            asyncio.run(answer(arguments[0]))
        case "call":
            asyncio.run(call(arguments[0], int(arguments[1])))
        case "broadcast":
            asyncio.run(tell(int(arguments[0]), int(arguments[1]), arguments[2]))
        case "read":
            asyncio.run(read(arguments[0], int(arguments[1]), int(arguments[2])))


if __name__ == "__main__":
    main()
