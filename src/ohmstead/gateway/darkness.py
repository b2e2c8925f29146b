"""When the sun is too low at a site for panels to power anything."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ohmstead.model import Site
from ohmstead.polling import IsDark, never_dark

DUSK_DEG: Final = 5.0
"""Sun above the horizon below which micro-inverters may switch off, and have not yet switched on in the morning."""


def darkness(site: Site) -> IsDark:
    """For a site that does not say where it lies, it is never dark."""
    if site.latitude_deg is None or site.longitude_deg is None:
        return never_dark
    from ohmstead.kit.world import Place, sun_position  # noqa: PLC0415 - only where a site says where it lies

    place = Place(latitude_deg=site.latitude_deg, longitude_deg=site.longitude_deg)

    def is_dark(at: datetime) -> bool:
        return sun_position(place, at).elevation_deg < DUSK_DEG

    return is_dark
