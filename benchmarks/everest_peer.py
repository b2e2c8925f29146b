"""The other side of `everest.py`: what a plain `websockets` program with `json` does. Runs in an environment of its own.

`serve`: answer every request with a recorded status, until the input ends. `call URL`: for each number in the input ask so
often, and print the processor time of one. `broadcast CLIENTS FRAME`: the same with telling so many clients. `drain PORT
CLIENTS`: be those clients, at the least price, and say in the end how many bytes came.
"""

from __future__ import annotations

import asyncio
import json
import selectors
import socket
import sys
import time

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, broadcast, serve

HELLO = '{"id":0,"jsonrpc":"2.0","method":"API.Hello"}'
PACE_S = 0.004
SILENCE_S = 2.0
"""Of servers that have said everything, also on a machine that does much else."""
OPENING = (
    b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
GREETING = bytes((0x81, 0x80 | len(HELLO), 0, 0, 0, 0)) + HELLO.encode()


async def answer(status: str) -> None:
    async def talk(socket: ServerConnection) -> None:
        async for text in socket:
            request = json.loads(text)
            result = status if request["method"] != "API.Hello" else HELLO_RESULT
            await socket.send(f'{{"id":{request["id"]},"jsonrpc":"2.0","result":{result}}}'.encode())

    async with serve(talk, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)


HELLO_RESULT = (
    '{"api_version":"1.0.0","authentication_required":false,"charger_info":{"firmware_version":"f","model":"m",'
    '"serial":"s","vendor":"v"},"everest_version":""}'
)


async def call(url: str) -> None:
    async with connect(url, compression=None) as socket:
        await socket.send(HELLO)
        await socket.recv()
        while line := await asyncio.to_thread(sys.stdin.readline):
            start_s = time.process_time()
            for number in range(1, int(line) + 1):
                params = {"evse_index": 1}
                request = {"id": number, "jsonrpc": "2.0", "method": "EVSE.GetStatus", "params": params}
                await socket.send(json.dumps(request))
                reply = json.loads(await socket.recv())
                assert reply["id"] == number
                assert reply["result"]["status"]["state"]
            print((time.process_time() - start_s) / int(line) * 1e6, flush=True)


async def tell(clients: int, frame: str) -> None:
    greeted = asyncio.Event()
    sockets = set()

    async def attend(socket: ServerConnection) -> None:
        await socket.recv()
        sockets.add(socket)
        if len(sockets) == clients:
            greeted.set()
        await socket.wait_closed()

    async with serve(attend, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await greeted.wait()
        while line := await asyncio.to_thread(sys.stdin.readline):
            start_s = time.process_time()
            for _ in range(int(line)):
                broadcast(sockets, frame.encode())
                await asyncio.sleep(PACE_S)
            print((time.process_time() - start_s) / int(line) / clients * 1e6, flush=True)


def drain(port: int, clients: int) -> None:
    """Until the input has ended and nothing more comes. Reads without looking, to spend little of the machine."""
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ)
    for _ in range(clients):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(OPENING)
        while b"\r\n\r\n" not in connection.recv(4096):
            continue
        connection.sendall(GREETING)
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ)
    came, buffer, patience_s = 0, bytearray(65_536), None
    while ready := selector.select(patience_s):
        for key, _ in ready:
            if key.fileobj is sys.stdin:
                selector.unregister(sys.stdin)
                patience_s = SILENCE_S
                continue
            assert isinstance(key.fileobj, socket.socket)
            size = key.fileobj.recv_into(buffer)
            came += size
            if not size:
                selector.unregister(key.fileobj)
    print(came, flush=True)


def main() -> None:
    what, *arguments = sys.argv[1:]
    match what:
        case "serve":
            asyncio.run(answer(arguments[0]))
        case "call":
            asyncio.run(call(arguments[0]))
        case "broadcast":
            asyncio.run(tell(int(arguments[0]), arguments[1]))
        case "drain":
            drain(int(arguments[0]), int(arguments[1]))


if __name__ == "__main__":
    main()
