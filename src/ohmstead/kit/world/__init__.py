"""The simulated home: sky, grid and bodies, joined on circuits whose energy is conserved. Families add control laws and meters.

Nothing here knows a vendor or opens a socket. A step is one civil second; everything is a function of seed, time and events.
"""

from __future__ import annotations

from ohmstead.kit.world.bus import Bus, IslandFormer, Terminal
from ohmstead.kit.world.car import Car, CarPhase
from ohmstead.kit.world.cells import Cells
from ohmstead.kit.world.circuit import Circuit
from ohmstead.kit.world.commute import Commute, Trip
from ohmstead.kit.world.engine import Engine, EnginePhase, EngineRating
from ohmstead.kit.world.grid import Grid
from ohmstead.kit.world.household import Appliance, Household
from ohmstead.kit.world.irradiance import clear_sky_w_m2, plane_w_m2
from ohmstead.kit.world.panel import Panel, PanelState, Shading, Sky
from ohmstead.kit.world.place import Place
from ohmstead.kit.world.sun import SunPosition, sun_position
from ohmstead.kit.world.weather import Weather
from ohmstead.kit.world.world import World

__all__ = [
    "Appliance",
    "Bus",
    "Car",
    "CarPhase",
    "Cells",
    "Circuit",
    "Commute",
    "Engine",
    "EnginePhase",
    "EngineRating",
    "Grid",
    "Household",
    "IslandFormer",
    "Panel",
    "PanelState",
    "Place",
    "Shading",
    "Sky",
    "SunPosition",
    "Terminal",
    "Trip",
    "Weather",
    "World",
    "clear_sky_w_m2",
    "plane_w_m2",
    "sun_position",
]
