"""What tests of ours and of others use: a loop that warps time, links in memory, a contract suite for families."""

from __future__ import annotations

from ohmstead.testing.links import Faults, MemoryLink, pair
from ohmstead.testing.messages import MemoryMessages, MessageNetwork, message_pair
from ohmstead.testing.network import MemoryNetwork, memory_network
from ohmstead.testing.warp import Stuck, WarpLoop, elapse, run, warped

__all__ = [
    "Faults",
    "MemoryLink",
    "MemoryMessages",
    "MemoryNetwork",
    "MessageNetwork",
    "Stuck",
    "WarpLoop",
    "elapse",
    "memory_network",
    "message_pair",
    "pair",
    "run",
    "warped",
]
