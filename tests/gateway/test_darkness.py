from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ohmstead.gateway.darkness import darkness
from ohmstead.model import Site

BERLIN = Site(latitude_deg=52.5, longitude_deg=13.4)


@pytest.mark.parametrize(
    ("at", "dark"),
    [
        (datetime(2026, 6, 21, 11, tzinfo=UTC), False),
        (datetime(2026, 6, 21, 23, tzinfo=UTC), True),
        (datetime(2026, 12, 21, 11, tzinfo=UTC), False),
        (datetime(2026, 12, 21, 15, 30, tzinfo=UTC), True),
    ],
)
def test_it_is_dark_when_the_sun_is_too_low_for_panels(at: datetime, *, dark: bool) -> None:
    assert darkness(BERLIN)(at) is dark


def test_where_nobody_knows_the_place_it_is_never_dark() -> None:
    assert not darkness(Site())(datetime(2026, 12, 21, 0, tzinfo=UTC))
