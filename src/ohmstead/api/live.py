"""The live stream over one WebSocket: the whole state, then changes, and a tick when there are none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from aiohttp import WSCloseCode, WSMsgType, web

from ohmstead.api.hub import Hub, Mailbox
from ohmstead.api.messages import state_text, tick_text
from ohmstead.gateway import Gateway

TICK_S: Final = 10.0
"""After so long without a message, and before twice as long, there is a tick."""
PING_S: Final = 20.0
"""Between pings; a client that leaves one unanswered for half as long is gone."""
LONGEST_MESSAGE: Final = 4 * 1024
"""Of a client: it has nothing to say."""


IsStillIn = Callable[[], bool]
"""Whether the client's token is still good."""


async def stream(
    request: web.Request, gateway: Gateway, hub: Hub, is_still_in: IsStillIn
) -> web.WebSocketResponse:
    connection = web.WebSocketResponse(heartbeat=PING_S, max_msg_size=LONGEST_MESSAGE, compress=False)
    transport = request.transport
    if transport is None:  # the client left before its request was looked at
        raise ConnectionResetError
    with hub.mailbox(transport.abort) as mailbox:
        await connection.prepare(request)
        async with asyncio.TaskGroup() as group:
            sender = group.create_task(_send(connection, mailbox, gateway, is_still_in))
            ticker = group.create_task(_nudge_when_quiet(mailbox))
            async for _ in connection:
                pass  # a client has nothing to say, but reading answers its pings and notices its end
            sender.cancel()
            ticker.cancel()
    return connection


async def _send(
    connection: web.WebSocketResponse, mailbox: Mailbox, gateway: Gateway, is_still_in: IsStillIn
) -> None:
    try:
        await connection.send_frame(state_text(gateway), WSMsgType.TEXT)
        while (text := await _next(mailbox, gateway)) is not None:
            if not is_still_in():
                await connection.close(
                    code=WSCloseCode.POLICY_VIOLATION, message=b"the token is not valid any more"
                )
                return
            await connection.send_frame(text, WSMsgType.TEXT)
        await connection.close(code=WSCloseCode.GOING_AWAY, message=b"the gateway is ending")
    except ConnectionError:
        return  # the client is gone, which the reading side notices as well


async def _next(mailbox: Mailbox, gateway: Gateway) -> bytes | None:
    batch = await mailbox.take()
    if mailbox.is_closed:
        return None
    return tick_text(gateway.clock.now()) if batch is None else batch.text


async def _nudge_when_quiet(mailbox: Mailbox) -> None:
    """Beside the sender, since a timer of its own for each message would cost as much as sending it."""
    while True:
        taken = mailbox.taken
        await asyncio.sleep(TICK_S)
        if mailbox.taken == taken:
            mailbox.nudge()
