"""Alarm codes that matter to control; the whole dictionary (437 entries) is the cloud's own and is fetched. No code
names vehicle-to-load. Source: the vendor's dictionary, in our words.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

GENERATOR_ALARMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "1003": "generator relay stuck closed",
        "1004": "generator relay stuck open",
        "1006": "generator failure",
        "1020": "generator did not start",
        "1022": "generator overloaded",
        "1023": "generator did not stop",
        "1024": "generator current transformer fault",
        "3015": "generator relay feedback wrong",
        "301A": "generator failed its quick check",
        "301B": "generator could not be locked in phase",
        "301C": "generator output unstable",
        "301D": "packs left the generator",
        "3020": "generator withdrew after a failure",
        "41E2": "a pack discharges into the generator",
    }
)
CIRCUIT_ALARMS: Final[Mapping[str, str]] = MappingProxyType(
    {"1027": "circuit relay 1 stuck open", "1028": "circuit relay 1 stuck closed"}
)
GRID_ALARMS: Final[Mapping[str, str]] = MappingProxyType(
    {"3001": "grid abnormal", **{f"{code:04X}": "grid outside a limit" for code in range(0x3002, 0x3010)}}
)
LOAD_DROPPED: Final = "1011"
"""The battery is down to its off-grid floor."""
