"""Where the sun stands. Textbook formulas (Cooper's declination, the usual equation of time), good to about a degree."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec

from ohmstead.kit.world.place import Place


class SunPosition(msgspec.Struct, frozen=True):
    elevation_deg: float
    """Above the horizon; negative at night."""
    azimuth_deg: float
    """Clockwise from north: east 90, south 180."""


def declination_deg(day_of_year: int) -> float:
    return 23.45 * math.sin(math.radians(360.0 * (284 + day_of_year) / 365.0))


def equation_of_time_min(day_of_year: int) -> float:
    """How far a sundial runs ahead of a clock."""
    turn = math.radians(360.0 * (day_of_year - 81) / 364.0)
    return 9.87 * math.sin(2.0 * turn) - 7.53 * math.cos(turn) - 1.5 * math.sin(turn)


def sun_position(place: Place, at: datetime) -> SunPosition:
    # Day and hour are those of mean solar time, so that the step from one day's declination to the next falls at midnight.
    solar = at.astimezone(UTC) + timedelta(hours=place.longitude_deg / 15.0)
    day_of_year = solar.timetuple().tm_yday
    clock_h = solar.hour + solar.minute / 60.0 + (solar.second + solar.microsecond / 1e6) / 3600.0
    hour_angle = math.radians(15.0 * (clock_h + equation_of_time_min(day_of_year) / 60.0 - 12.0))
    latitude = math.radians(place.latitude_deg)
    declination = math.radians(declination_deg(day_of_year))

    up = math.sin(latitude) * math.sin(declination) + math.cos(latitude) * math.cos(declination) * math.cos(
        hour_angle
    )
    north = math.cos(latitude) * math.sin(declination) - math.sin(latitude) * math.cos(
        declination
    ) * math.cos(hour_angle)
    east = -math.cos(declination) * math.sin(hour_angle)
    return SunPosition(
        elevation_deg=math.degrees(math.asin(max(-1.0, min(1.0, up)))),
        azimuth_deg=math.degrees(math.atan2(east, north)) % 360.0,
    )
