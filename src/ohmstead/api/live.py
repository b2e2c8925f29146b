"""The live stream over one WebSocket: the whole state, then changes, and a tick when there are none.

The library opens, hears and closes the connection. What we tell goes past it to the transport, since a frame is the same
bytes for everybody and there is nothing to wait for.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import web

from ohmstead.api.hub import Hub
from ohmstead.api.listener import IsStillIn, Listener
from ohmstead.api.messages import state_frame
from ohmstead.gateway import Gateway

PING_S: Final = 20.0
"""Between pings; a client that leaves one unanswered for half as long is gone."""
LONGEST_MESSAGE: Final = 4 * 1024
"""Of a client: it has nothing to say."""


async def stream(
    request: web.Request, gateway: Gateway, hub: Hub, is_still_in: IsStillIn
) -> web.WebSocketResponse:
    connection = web.WebSocketResponse(heartbeat=PING_S, max_msg_size=LONGEST_MESSAGE, compress=False)
    transport = request.transport
    if transport is None:  # the client left before its request was looked at
        raise ConnectionResetError
    listener = Listener(transport, is_still_in)
    with hub.seat(listener):
        await connection.prepare(request)
        listener.greet(state_frame(gateway))
        async with asyncio.TaskGroup() as group:
            closing = group.create_task(_close_when_dismissed(connection, listener))
            async for _ in connection:
                pass  # a client has nothing to say, but reading answers its pings and notices its end
            closing.cancel()
    return connection


async def _close_when_dismissed(connection: web.WebSocketResponse, listener: Listener) -> None:
    farewell = await listener.dismissed()
    await connection.close(code=farewell.code, message=farewell.reason)
