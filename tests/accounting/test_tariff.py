from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ohmstead.accounting import Period, Tariff
from ohmstead.model import ConfigError

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Period(start="22:00", end="06:00", import_per_kwh=0.2)
WEEKEND = Period(start="00:00", end="00:00", days=("sat", "sun"), import_per_kwh=0.1)
TARIFF = Tariff(import_per_kwh=0.4, export_per_kwh=0.08, periods=(WEEKEND, NIGHT))


@pytest.mark.parametrize(
    ("at", "price"),
    [
        (datetime(2026, 6, 24, 10, tzinfo=UTC), 0.4),
        (datetime(2026, 6, 24, 20, tzinfo=UTC), 0.2),  # ten in the evening in Berlin
        (datetime(2026, 6, 25, 3, 59, tzinfo=UTC), 0.2),
        (datetime(2026, 6, 25, 4, 0, tzinfo=UTC), 0.4),
        (datetime(2026, 6, 27, 10, tzinfo=UTC), 0.1),
        (datetime(2026, 6, 28, 22, 30, tzinfo=UTC), 0.2),  # Monday in Berlin
    ],
)
def test_the_first_period_that_holds_counts(at: datetime, price: float) -> None:
    rates = TARIFF.rates(at, BERLIN)
    assert (rates.import_per_kwh, rates.export_per_kwh) == (price, 0.08)


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday = Period(start="22:00", end="06:00", days=("fri",))
    assert friday.holds(datetime(2026, 6, 27, 3, tzinfo=BERLIN))
    assert not friday.holds(datetime(2026, 6, 26, 3, tzinfo=BERLIN))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"start": "25:00", "end": "06:00"}, "start is a time of day"),
        ({"start": "22:00", "end": "soon"}, "end is a time of day"),
        ({"start": "22:00+02:00", "end": "06:00"}, "the site's own zone"),
        ({"start": "22:00", "end": "06:00", "days": ("monday",)}, "one of mon"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(said: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        Period(**said)
