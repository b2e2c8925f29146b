"""Answers that come in several packets: asked one by one, and only believed when they fit together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Protocol, TypeVar

from ohmstead.model import BadAnswer


class Packet(Protocol):
    """An answer that says which part of how many it is."""

    packet_count: int
    packet_index: int


P = TypeVar("P", bound=Packet)

RESTARTS: Final = 2
MOST_PACKETS: Final = 64
"""More than any DTU has devices for; a count above it is damage."""


async def all_packets(
    ask: Callable[[int], Awaitable[P]], same: Callable[[P], Hashable] = lambda _: None
) -> tuple[P, ...]:
    """Every packet, all with the same count and the same `same`. Starts again when that changes midway.

    Raises `BadAnswer` when it changes each time, or when a packet is not the one that was asked for.
    """
    for _ in range(1 + RESTARTS):
        first = await ask(0)
        # A count of 0 comes from devices that never page.
        count = max(first.packet_count, 1)
        if count > MOST_PACKETS:
            raise BadAnswer(f"an answer of {count} packets; {MOST_PACKETS} at most were expected")
        packets = await _rest(ask, first, count, same)
        if packets is not None:
            return packets
    raise BadAnswer(f"the packets of an answer did not fit together in {1 + RESTARTS} tries")


async def _rest(
    ask: Callable[[int], Awaitable[P]], first: P, count: int, same: Callable[[P], Hashable]
) -> tuple[P, ...] | None:
    packets = [first]
    for index in range(1, count):
        packet = await ask(index)
        if (
            packet.packet_index != index
            or packet.packet_count != first.packet_count
            or same(packet) != same(first)
        ):
            return None
        packets.append(packet)
    return tuple(packets)
