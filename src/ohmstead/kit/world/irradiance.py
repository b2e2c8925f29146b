"""Light on a tilted plane: clear sky by the Haurwitz formula, split into beam, sky and ground light. W/m² throughout."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Final

from ohmstead.kit.world.place import Place
from ohmstead.kit.world.sun import SunPosition, sun_position
from ohmstead.kit.world.weather import CLOUDIEST, Weather

GROUND_REFLECTS: Final = 0.2
CLEAR_DIFFUSE: Final = 0.15
LOWEST_SINE: Final = 0.005
"""Below this sine of the elevation there is no light; it also keeps the beam's division sane."""


def clear_sky_w_m2(sun: SunPosition) -> float:
    """On level ground, without a cloud."""
    height = math.sin(math.radians(sun.elevation_deg))
    return 1098.0 * height * math.exp(-0.059 / height) if height > LOWEST_SINE else 0.0


def diffuse_share(cloud_factor: float) -> float:
    """Of the light on level ground, how much comes from the whole sky: 15 % when clear, all of it when overcast."""
    overcast = (1.0 - cloud_factor) / (1.0 - CLOUDIEST)
    return CLEAR_DIFFUSE + (1.0 - CLEAR_DIFFUSE) * min(1.0, max(0.0, overcast))


def plane_w_m2(sun: SunPosition, tilt_deg: float, azimuth_deg: float, cloud_factor: float) -> float:
    """On a plane tilted 0 (level) to 90 degrees, facing `azimuth_deg` (south 180)."""
    level = clear_sky_w_m2(sun) * cloud_factor
    if level == 0.0:
        return 0.0
    elevation, tilt = math.radians(sun.elevation_deg), math.radians(tilt_deg)
    turn = math.radians(sun.azimuth_deg - azimuth_deg)
    facing = math.cos(tilt) * math.sin(elevation) + math.sin(tilt) * math.cos(elevation) * math.cos(turn)
    diffuse = level * diffuse_share(cloud_factor)
    beam = (level - diffuse) / math.sin(elevation)
    sky = diffuse * (1.0 + math.cos(tilt)) / 2.0
    ground = GROUND_REFLECTS * level * (1.0 - math.cos(tilt)) / 2.0
    return beam * max(0.0, facing) + sky + ground


class Plane:
    """The light on one orientation over time: exact at each civil minute, straight between, so that a step is cheap.

    A pure function of place, weather and time, whatever the order of the questions.
    """

    def __init__(self, place: Place, weather: Weather, tilt_deg: float, azimuth_deg: float) -> None:
        self._place = place
        self._weather = weather
        self._tilt_deg = tilt_deg
        self._azimuth_deg = azimuth_deg
        self._minute: int | None = None
        self._version = -1
        self._from_w_m2 = 0.0
        self._to_w_m2 = 0.0

    def irradiance_w_m2(self, at: datetime) -> float:
        minute, second = divmod(at.timestamp(), 60.0)
        if minute != self._minute or self._version != self._weather.version:
            self._turn_to(int(minute))
        return self._from_w_m2 + (self._to_w_m2 - self._from_w_m2) * second / 60.0

    def _turn_to(self, minute: int) -> None:
        follows = (
            self._minute is not None and minute == self._minute + 1 and self._version == self._weather.version
        )
        self._from_w_m2 = self._to_w_m2 if follows else self._exact_w_m2(minute)
        self._to_w_m2 = self._exact_w_m2(minute + 1)
        self._minute, self._version = minute, self._weather.version

    def _exact_w_m2(self, minute: int) -> float:
        at = datetime.fromtimestamp(minute * 60, UTC)
        sun = sun_position(self._place, at)
        return plane_w_m2(sun, self._tilt_deg, self._azimuth_deg, self._weather.cloud_factor(at))
