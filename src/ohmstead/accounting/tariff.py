"""What a kWh costs at which time of day: the `[tariff]` table of the site file."""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import Final

import msgspec

from ohmstead.accounting.books import Rates
from ohmstead.model import ConfigError

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HIGHEST: Final = 1e6
"""Of any rate, in any currency: sums of years stay numbers."""
EXAMPLE: Final = 'start = "22:00"'


class Period(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A time of day with rates of its own. It may pass midnight; the day is then the one on which it begins."""

    start: str
    """Civil time at the site, as "22:00"."""
    end: str
    """The first minute after it; the same as `start` for all day."""
    days: tuple[str, ...] = DAYS
    import_per_kwh: float | None = None
    export_per_kwh: float | None = None
    grid_g_per_kwh: float | None = None

    def __post_init__(self) -> None:
        for name in ("start", "end"):
            _time(getattr(self, name), name)
        for day in self.days:
            if day not in DAYS:
                raise ConfigError(
                    f"a day is one of {', '.join(DAYS)}, not {day!r}.", example='days = ["sat", "sun"]'
                )
        _require_rates(self)

    def holds(self, at: datetime) -> bool:
        """At a civil time."""
        start, end, now = _time(self.start, "start"), _time(self.end, "end"), at.time()
        today, yesterday = DAYS[at.weekday()], DAYS[at.weekday() - 1]
        if start < end:
            return today in self.days and start <= now < end
        return (today in self.days and now >= start) or (yesterday in self.days and now < end)


class Tariff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money is in the site's currency. The first period that holds counts; what it leaves open is as stated here."""

    import_per_kwh: float = 0.0
    export_per_kwh: float = 0.0
    grid_g_per_kwh: float = 0.0
    """Emissions of the grid's energy, in grams of CO₂ equivalent."""
    generator_per_kwh: float = 0.0
    """Fuel."""
    generator_g_per_kwh: float = 0.0
    periods: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        _require_rates(self)

    def rates(self, at: datetime, zone: tzinfo) -> Rates:
        """At an instant."""
        civil = at.astimezone(zone)
        period = next((period for period in self.periods if period.holds(civil)), None)

        def rate(name: str) -> float:
            special: float | None = getattr(period, name, None)
            usual: float = getattr(self, name)
            return usual if special is None else special

        return Rates(**{name: rate(name) for name in Rates.__struct_fields__})


def _require_rates(table: Period | Tariff) -> None:
    for name in Rates.__struct_fields__:
        rate = getattr(table, name, None)
        if rate is not None and not abs(rate) <= HIGHEST:
            raise ConfigError(
                f"{name} is to be at most {HIGHEST:,.0f}, not {rate}.", example=f"{name} = 0.32"
            )


def _time(text: str, name: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{name} is a time of day, not {text!r}.", example=EXAMPLE) from None
    if found.tzinfo is not None:
        raise ConfigError(f"{name} is a time of the site's own zone, not {text!r}.", example=EXAMPLE)
    return found
