"""Names of devices in `[site]`: told where no device has them, and taken along where devices are renamed or removed."""

from __future__ import annotations

from pathlib import Path

from ohmstead.gateway import SiteFile, unknown_names, with_names_of
from ohmstead.model import Circuit, Site
from tests.gateway.conftest import ToyConfig

ROOF = ToyConfig(url="toy://192.0.2.7", name="roof")
SHED = ToyConfig(url="toy://192.0.2.8", name="shed")
SITE = Site(
    masters={"solar": ("roof", "shed"), "grid": ("shed",), "load": ()},
    circuits=(Circuit(name="garage", sources=("shed", "roof")), Circuit(name="annex", sources=("shed",))),
)
WORDS = (
    "The site file names 'shed' under solar of [site.masters], under grid of [site.masters], on the circuit 'garage', on "
    "the circuit 'annex', and no device is called that; known are roof. Put a device's name there, or take it out."
)


def test_a_name_that_no_device_has_is_told_once_with_all_its_places() -> None:
    told = unknown_names(SiteFile(path=Path("site.toml"), site=SITE, devices=(ROOF,)))
    assert told == (WORDS,)


def test_the_name_that_was_probably_meant_is_told() -> None:
    site = Site(masters={"grid": ("sched",)})
    (told,) = unknown_names(SiteFile(path=Path("site.toml"), site=site, devices=(ROOF, SHED)))
    assert "no device is called that; did you mean 'shed'? Put" in told


def test_a_site_without_devices_says_that_there_is_none() -> None:
    (told,) = unknown_names(SiteFile(path=Path("site.toml"), site=Site(masters={"grid": ("shed",)})))
    assert "no device is called that; there is none yet. Put" in told


def test_names_that_devices_have_are_no_matter() -> None:
    assert unknown_names(SiteFile(path=Path("site.toml"), site=SITE, devices=(ROOF, SHED))) == ()


def test_a_device_that_is_removed_leaves_masters_and_circuits_and_a_role_left_alone_is_open_to_all() -> None:
    left = with_names_of(SITE, (ROOF, SHED), (ROOF,))
    assert left.masters == {"solar": ("roof",), "load": ()}
    assert [circuit.sources for circuit in left.circuits] == [("roof",), ()]
    assert left.counts("grid", "roof")
    assert not left.counts("load", "roof")


def test_a_device_that_is_renamed_keeps_its_places() -> None:
    barn = ToyConfig(url=SHED.url, name="barn")
    left = with_names_of(SITE, (ROOF, SHED), (ROOF, barn))
    assert left.masters == {"solar": ("roof", "barn"), "grid": ("barn",), "load": ()}
    assert [circuit.sources for circuit in left.circuits] == [("barn", "roof"), ("barn",)]


def test_a_name_that_was_unknown_before_is_left_to_its_owner() -> None:
    site = Site(masters={"grid": ("barn",)})
    assert with_names_of(site, (ROOF, SHED), (ROOF,)) == site
