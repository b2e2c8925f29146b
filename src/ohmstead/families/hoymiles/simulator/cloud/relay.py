"""Passes a DTU's link on to another server, byte for byte. Off unless asked for."""

from __future__ import annotations

from collections.abc import Callable

from ohmstead.kit.link import Dial, Link, Serve, TaskScope
from ohmstead.model import ConnectionLost, DeviceError


def relay(dial: Dial, seen: Callable[[str, bytes], None]) -> Serve:
    """`seen` is shown what passes: ">" from the DTU, "<" to it."""

    async def serve(link: Link) -> None:
        try:
            async with dial() as upstream, TaskScope() as scope:
                scope.start(_pump(upstream, link, lambda data: seen("<", data)))
                await _pump(link, upstream, lambda data: seen(">", data))
        except DeviceError:
            return  # the server is not there; the DTU tries again by itself

    return serve


async def _pump(source: Link, sink: Link, seen: Callable[[bytes], None]) -> None:
    """Until either end has gone, which ends the other."""
    try:
        while True:
            data = await source.receive()
            seen(data)
            await sink.send(data)
    except ConnectionLost:
        await sink.close()
        await source.close()
