"""The site graph and what is wrong with a wrong one."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

import msgspec
import pytest

from ohmstead.model import ROLES, Circuit, ConfigError, Site

GARAGE = Circuit(name="garage", breaker_a=32, sources=("charger",))
ANNEX = Circuit(name="annex", parent="garage", sources=("roof", "store"))


def test_a_source_is_on_the_circuit_that_names_it_and_else_on_the_connection() -> None:
    site = Site(circuits=(GARAGE, ANNEX))

    assert site.circuit_of("charger") == "garage"
    assert site.circuit_of("store") == "annex"
    assert site.circuit_of("heat pump") == "main"


def test_every_meter_counts_until_a_master_is_named() -> None:
    site = Site(masters={"grid": ("hybrid",)})

    assert site.counts("grid", "hybrid")
    assert not site.counts("grid", "roof")
    assert site.counts("solar", "roof")


@pytest.mark.parametrize(("latitude_deg", "longitude_deg"), [(52.5, None), (None, 0.0)])
def test_half_a_position_is_refused(latitude_deg: float | None, longitude_deg: float | None) -> None:
    with pytest.raises(ConfigError, match="belong together"):
        Site(latitude_deg=latitude_deg, longitude_deg=longitude_deg)


def test_a_master_is_of_a_role_that_readings_have() -> None:
    for role in ROLES.values():
        assert Site(masters={role: ("garage",)}).counts(role, "garage")
    with pytest.raises(ConfigError, match="'charger' is none of them"):
        Site(masters={"charger": ("garage",)})


@pytest.mark.parametrize(
    ("circuits", "complaint"),
    [
        ((GARAGE, GARAGE), "two circuits are called 'garage'"),
        ((Circuit(name="main"),), "two circuits are called 'main'"),
        ((ANNEX, GARAGE), "'annex' hangs on 'garage', which is not named before it"),
        ((Circuit(name="loop", parent="loop"),), "'loop' hangs on 'loop'"),
    ],
)
def test_a_graph_that_is_no_tree_is_refused(circuits: tuple[Circuit, ...], complaint: str) -> None:
    with pytest.raises(ConfigError, match=complaint):
        Site(circuits=circuits)


def test_the_time_zone_is_one_there_is() -> None:
    assert Site(time_zone="Europe/Berlin").zone.key == "Europe/Berlin"
    for zone in ("Europe/Atlantis", "../etc/passwd", ""):
        with pytest.raises(ConfigError, match=r"is not in the time zone database\. For example: time_zone"):
            Site(time_zone=zone)


def test_where_there_are_no_time_zones_the_extra_that_brings_them_is_named(
    without: Callable[[str], None],
) -> None:
    without("tzdata")
    paths = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=())
    try:
        with pytest.raises(ConfigError, match=r"There is none: pip install 'ohmstead\[site\]'"):
            Site(time_zone="Pacific/Chatham")
    finally:
        zoneinfo.reset_tzpath(to=paths)


def test_an_unknown_key_is_an_error() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `colour`"):
        msgspec.convert({"colour": "green"}, Site)
