from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from ohmstead.gateway import SiteFile, read_site_file, write_site_file
from ohmstead.history import Retention
from ohmstead.model import Circuit, ConfigError, Site
from tests.gateway.conftest import ToyConfig

FACES = {"api": "ohmstead.api:ApiSettings"}
BEFORE = """\
# Our home
[site]
name = "Number 5"  # the blue one

# On the garage
[[device]]
url = "toy://192.0.2.7"
name = "roof"  # faces south
tilt_deg = 40

[[device]]
url = "toy://192.0.2.8"
name = "shed"

[api]
network_port = 8444  # as ever
"""

AFTER = """\
# Our home
[site]
name = "Number 5"  # the blue one
currency = "SEK"

# On the garage
[[device]]
url = "toy://192.0.2.7"
name = "roof"  # faces south
tilt_deg = 40
control = true

[[device]]
url = "toy://192.0.2.8"
name = "shed"

[api]
network_port = 8444  # as ever
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "site.toml"
    path.write_text(BEFORE)
    return path


def read(path: Path) -> SiteFile:
    return read_site_file(path, faces=FACES)


def test_a_file_written_as_it_was_read_is_the_same_file(path: Path) -> None:
    write_site_file(read(path))
    assert path.read_text() == BEFORE


def test_a_change_leaves_comments_and_order(path: Path) -> None:
    before = read(path)
    roof, shed = before.devices
    changed = msgspec.structs.replace(
        before,
        site=msgspec.structs.replace(before.site, currency="SEK"),
        devices=(msgspec.structs.replace(roof, control=True), shed),
    )
    write_site_file(changed)
    assert read(path) == changed
    assert path.read_text() == AFTER


GRAPH = """\
[site]
currency = "EUR" # as it has been
phases = 1

# Who counts
[site.masters]
# The cellar
grid = ["roof"] # both hang there
solar = [
  "roof", # south
  "shed", # north
]
load = [] # nobody

# Behind the house
[[site.circuits]]
name = "garage"
parent = "main" # by the old cable
sources = ["shed"] # at the wall

[[device]]
url = "toy://192.0.2.7"
name = "roof"
control = false # never

[[device]]
url = "toy://192.0.2.8"
name = "shed"
"""


def test_keys_that_say_their_defaults_and_tables_inside_tables_stay_as_they_are(path: Path) -> None:
    path.write_text(GRAPH)
    write_site_file(read(path))
    assert path.read_text() == GRAPH


def test_names_leave_and_change_between_the_comments(path: Path) -> None:
    path.write_text(GRAPH)
    before = read(path)
    site = msgspec.structs.replace(
        before.site,
        masters={"grid": ("attic",), "solar": ("roof",), "load": ()},
        circuits=(msgspec.structs.replace(before.site.circuits[0], sources=()),),
    )
    changed = msgspec.structs.replace(before, site=site)
    write_site_file(changed)
    assert read(path) == changed
    expected = GRAPH.replace('  "shed", # north\n', "").replace('["shed"] # at', "[] # at")
    assert path.read_text() == expected.replace('["roof"] # both', '["attic"] # both')


def test_a_site_that_is_written_in_two_places_is_changed_in_both(path: Path) -> None:
    path.write_text(
        '[site]\nname = "Mill"\n\n[[device]]\nurl = "toy://192.0.2.7"\nname = "roof"\n\n[site.masters] # late\ngrid = ["a"]\nload = []\n'
    )
    before = read(path)
    site = msgspec.structs.replace(before.site, masters={"load": ()}, currency="SEK")
    write_site_file(msgspec.structs.replace(before, site=site))
    assert read(path).site == site
    assert path.read_text() == (
        '[site]\nname = "Mill"\ncurrency = "SEK"\n\n[[device]]\nurl = "toy://192.0.2.7"\nname = "roof"\n\n[site.masters] # late\nload = []\n'
    )


def test_devices_come_and_go(path: Path) -> None:
    before = read(path)
    added = ToyConfig(url="toy://192.0.2.9", name="barn", tilt_deg=10.0)
    changed = msgspec.structs.replace(before, devices=(before.devices[1], added))
    write_site_file(changed)
    assert read(path) == changed


@pytest.mark.parametrize(
    ("text", "without"),
    [
        (BEFORE, BEFORE.partition("[[device]]")[0] + BEFORE.partition('name = "shed"\n\n')[2]),
        ('[[device]]\nurl = "toy://192.0.2.7"\nname = "roof"\n', "[site]\n"),
        ('device = []\n# Ours\n[site]\nname = "Mill"\n', '# Ours\n[site]\nname = "Mill"\n'),
    ],
    ids=["beside tables", "nothing else", "a list of nothing"],
)
def test_the_last_device_goes_and_a_first_one_comes(path: Path, text: str, without: str) -> None:
    path.write_text(text)
    barn = ToyConfig(url="toy://192.0.2.9", name="barn")
    write_site_file(msgspec.structs.replace(read(path), devices=()))
    assert path.read_text() == without
    write_site_file(msgspec.structs.replace(read(path), devices=(barn,)))
    assert path.read_text() == without + '\n[[device]]\nurl = "toy://192.0.2.9"\nname = "barn"\n'


def test_devices_in_a_list_of_one_line_each_get_another_line(path: Path) -> None:
    path.write_text('device = [\n  { url = "toy://192.0.2.7", name = "roof" }, # south\n]\n')
    before = read(path)
    barn = ToyConfig(url="toy://192.0.2.9", name="barn")
    changed = msgspec.structs.replace(before, devices=(*before.devices, barn))
    write_site_file(changed)
    assert read(path) == changed
    assert '{ url = "toy://192.0.2.7", name = "roof" }, # south\n' in path.read_text()


def test_a_new_file_holds_what_differs_from_the_defaults(tmp_path: Path) -> None:
    site_file = SiteFile(
        path=tmp_path / "new.toml",
        site=Site(name="Cabin", circuits=(Circuit(name="sauna", breaker_a=16.0),)),
        history=Retention(raw_days=730),
        devices=(ToyConfig(url="toy://192.0.2.7", name="roof"),),
        faces=FACES,
    )
    write_site_file(site_file)
    assert read(site_file.path) == site_file
    assert "control" not in site_file.path.read_text()


def test_what_could_not_be_read_again_is_not_written(path: Path) -> None:
    strange = msgspec.structs.replace(read(path), devices=(ToyConfig(url="tyo://192.0.2.7", name="roof"),))
    with pytest.raises(ConfigError, match="is no device URL"):
        write_site_file(strange)
    assert path.read_text() == BEFORE


def test_two_devices_of_one_name_make_no_site(path: Path) -> None:
    before = read(path)
    with pytest.raises(ConfigError, match="two devices have one name"):
        SiteFile(path=path, devices=(before.devices[0], before.devices[0]))


def test_periods_on_one_line_leave_their_rates_open_and_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    text = '[site]\nname = "Cabin"\n\n[tariff]\nperiods = [\n  { start = "22:00", end = "06:00", import_per_kwh = 0.1 }, # night\n]\n'
    path.write_text(text)

    write_site_file(msgspec.structs.replace(read(path), site=Site(name="Barn")))

    assert path.read_text() == text.replace("Cabin", "Barn")
