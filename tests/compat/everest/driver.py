"""Run by the interpreter of an environment that has `websockets`: its client against a server of ours, or its server.

`client URL`: what it was answered and told, as one JSON object. `echo`: serve, print the port, until the input ends.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


async def client(url: str) -> None:
    context = None
    if url.startswith("wss"):
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    found: dict[str, object] = {}
    async with connect(url, subprotocols=["other", "EVerestRpcApi"], ssl=context) as socket:
        found["protocol"] = socket.subprotocol
        found["extensions"] = len(socket.protocol.extensions)
        found["hello"] = await asked(socket, '{"id":0,"jsonrpc":"2.0","method":"API.Hello"}')
        request = '{"id":1,"jsonrpc":"2.0","method":"EVSE.GetStatus","params":{"evse_index":1}}'
        found["status"] = await asked(socket, request)
        found["in pieces"] = await asked(socket, [request[:10], "", request[10:50], request[50:]])
        found["binary"] = await asked(socket, request.encode())
        big = json.dumps({"id": "x" * 500_000, "jsonrpc": "2.0", "method": "API.Hello"})
        found["big"] = len((await asked(socket, big))["id"])
        found["ping_s"] = await (await socket.ping(b"?"))
        await socket.send("[" + " " * 1_100_000 + "]")
        try:
            await socket.recv()
        except ConnectionClosed as error:
            found["closed"] = error.rcvd.code if error.rcvd else None
    sys.stdout.write(json.dumps(found))


async def asked(socket: ClientConnection, frame: str | bytes | list[str]) -> dict[str, str]:
    await socket.send(frame)
    answer: dict[str, str] = json.loads(await socket.recv())
    return answer


async def echo() -> None:
    async def answer(socket: ServerConnection) -> None:
        async for message in socket:
            if message == "close":
                await socket.close(4000, "as asked")
            elif message == "ping":
                await (await socket.ping(b"sign of life"))
                await socket.send("pong came")
            elif message == "pieces":
                await socket.send(["one ", "", "two"])
            else:
                await socket.send(message)

    async with serve(answer, "127.0.0.1", 0, subprotocols=["EVerestRpcApi"], compression="deflate") as server:
        sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(client(sys.argv[2]) if sys.argv[1] == "client" else echo())
