"""The simulated home: sky, grid and bodies, joined on circuits whose energy is conserved. Families add control laws and meters.

Nothing here knows a vendor or opens a socket. A step is one civil second; everything is a function of seed, time and events.
"""

from __future__ import annotations

from ohmstead.kit.world.bus import Bus, IslandFormer, Terminal
from ohmstead.kit.world.circuit import Circuit
from ohmstead.kit.world.grid import Grid
from ohmstead.kit.world.irradiance import clear_sky_w_m2, plane_w_m2
from ohmstead.kit.world.panel import Panel, PanelState, Shading, Sky
from ohmstead.kit.world.place import Place
from ohmstead.kit.world.sun import SunPosition, sun_position
from ohmstead.kit.world.weather import Weather
from ohmstead.kit.world.world import World

__all__ = [
    "Bus",
    "Circuit",
    "Grid",
    "IslandFormer",
    "Panel",
    "PanelState",
    "Place",
    "Shading",
    "Sky",
    "SunPosition",
    "Terminal",
    "Weather",
    "World",
    "clear_sky_w_m2",
    "plane_w_m2",
    "sun_position",
]
