from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.api import ApiSettings
from ohmstead.bridges import MqttSettings
from ohmstead.gateway import NO_FACES, Faces, SiteFile, read_site_file
from ohmstead.gateway.site_file import parse_site_file
from ohmstead.model import Circuit, ConfigError, Site
from tests.gateway.conftest import ToyConfig

FACES = {"api": "ohmstead.api:ApiSettings", "mqtt": "ohmstead.bridges:MqttSettings"}
GOOD = """\
# Our home
[site]
name = "Number 5"
time_zone = "Europe/Berlin"
breaker_a = 35

[[site.circuits]]
name = "garage"
breaker_a = 16
sources = ["roof"]

[[device]]
url = "toy://192.0.2.7"
name = "roof"
control = true
tilt_deg = 40

[[device]]
url = "toy://shed.example"

[api]
network_port = 8445
"""


def read(tmp_path: Path, text: str | bytes, faces: Faces = NO_FACES) -> SiteFile:
    path = tmp_path / "site.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_site_file(path, faces=faces)


def complaint(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, FACES)
    return str(caught.value).replace(str(tmp_path / "site.toml"), "FILE")


def test_a_site_file_becomes_site_devices_and_the_tables_of_the_faces(tmp_path: Path) -> None:
    found = read(tmp_path, GOOD, FACES | {"mqtt": "ohmstead.bridges:MqttSettings"})
    assert found.site == Site(
        name="Number 5",
        time_zone="Europe/Berlin",
        breaker_a=35.0,
        circuits=(Circuit(name="garage", breaker_a=16.0, sources=("roof",)),),
    )
    assert found.devices == (
        ToyConfig(url="toy://192.0.2.7", name="roof", control=True, tilt_deg=40.0),
        ToyConfig(url="toy://shed.example", name="shed.example"),
    )
    assert found.table(ApiSettings) == ApiSettings(network_port=8445)
    assert found.table(MqttSettings) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 'FILE: the site file is empty. For example: [[device]]\nurl = "hoymiles://192.0.2.7"'),
        ("\n \n", 'FILE: the site file is empty. For example: [[device]]\nurl = "hoymiles://192.0.2.7"'),
        (b"\x00\x01\n\xff\xfe", "FILE:2: this is no text file (UTF-8 expected)."),
        ("[site\nname = 1", "FILE:1: not valid TOML: Expected ']' at the end of a table declaration."),
        ("[site]\nnaem = 'Home'", "FILE:2: unknown key 'naem'; did you mean 'name'?"),
        ("[sight]\n", "FILE:1: unknown key 'sight'; did you mean 'site'?"),
        ("[zigbee]\n", "FILE:1: unknown key 'zigbee'; known are api, device, history, mqtt, site, tariff."),
        ("[site]\n\nbreaker_a = 'many'", "FILE:3: breaker_a: Expected a number, got text."),
        (
            "[site]\ntime_zone = 'Mars/Olympus'",
            "FILE:2: time_zone 'Mars/Olympus' is not in the time zone database.",
        ),
        (
            "[[site.circuits]]\nname='a'\n[[site.circuits]]\nname = 'b'\nbraker_a = 16",
            "FILE:5: unknown key 'braker_a'; did you mean 'breaker_a'?",
        ),
        (
            "[site]\n[site.masters]\ngird = ['battery']",
            "FILE:2: masters are of solar, grid, battery, generator, load, chargers, v2l, and 'gird' is none of them.",
        ),
        (
            '[api]\n\nloopback_scopes = ["read", "rd"]',
            "FILE:3: loopback_scopes: 'rd' is none of 'read', 'control', 'admin'.",
        ),
        (
            '[mqtt]\nhost = "broker"\ndiscovery = "both"',
            "FILE:3: discovery: 'both' is none of 'device', 'components', 'none'.",
        ),
        (
            '[[device]]\nurl = "tesla-wall-connector://192.0.2.7"\nwiring = "three"',
            "FILE:3: wiring: 'three' is none of '', 'phases', 'split_1', 'split_2'.",
        ),
        (
            "[[site.circuits]]\nname='a'\n[[site.circuits]]\nname = 7",
            "FILE:4: name: Expected text, got a whole number.",
        ),
        (
            "[tariff]\nperiods = [{ start = '22:00', end = 'late' }]",
            "FILE:1: end is a time of day, not 'late'.",
        ),
        ("[history]\nraw_day = 30", "FILE:2: unknown key 'raw_day'; did you mean 'raw_days'?"),
        ("[api]\nnetwrok = '0.0.0.0'", "FILE:2: unknown key 'netwrok'; did you mean 'network'?"),
        ("[api]\nnetwork_port = 'high'", "FILE:2: network_port: Expected a whole number, got text."),
        ("[api]\n\nnetwork_port = 99999", "FILE:3: network_port is a port, not 99999."),
        ("[history]\nraw_days = 1", "FILE:2: raw_days is to be at least 2, not 1."),
        ("site = 5", "FILE:1: site is a table of its own. For example: [site]"),
        ("api = 5", "FILE:1: api is a table of its own. For example: [api]"),
        (
            "[device]\nurl = 'toy://a'",
            'FILE:1: devices are written with two brackets. For example: [[device]]\nurl = "hoymiles://192.0.2.7"',
        ),
        (
            "[[device]]\nname = 'roof'",
            'FILE:1: a [[device]] needs its url. For example: url = "hoymiles://192.0.2.7"',
        ),
        (
            "[[device]]\nurl = 'toy://a'\n\n[[device]]\nurl = 'toy://b'\ntilt = 3",
            "FILE:6: unknown key 'tilt'; did you mean 'tilt_deg'?",
        ),
        (
            "[[device]]\nurl = 'toy://a'\ncontrol = 'yes'",
            "FILE:3: control: Expected true or false, got text.",
        ),
        (
            "[[device]]\nurl = 'toy://a'\n[[device]]\nurl = 'toy://a'",
            "FILE:3: two devices are called 'a' (the other in line 1); give each its own name. For example:",
        ),
        ("[site]\ncircuits = 5", "FILE:2: circuits: Expected a list, got a whole number."),
        ("[site]\ncircuits = [5]", "FILE:2: circuits: Expected a table, got a whole number."),
        ("[site]\nlatitude_deg = nan", "FILE:2: latitude_deg is to lie between -90 and 90, not nan."),
        ("[site]\nphases = 4", "FILE:2: phases is to lie between 1 and 3, not 4."),
        (
            "[site]\ncurrency = 'Euro'",
            "FILE:2: currency is a code of three letters, not 'Euro'. For example:",
        ),
        ("[site]\ntime_zone = 'Europe'", "FILE:2: time_zone 'Europe' is not in the time zone database."),
        (
            "[[device]]\nurl = 'toy://a'\nname = 'a/b'",
            "FILE:3: name 'a/b' is to be 1 to 100 visible characters",
        ),
        (
            "[[device]]\nurl = 'toy://a'\nname = \"a\\u0007\"",
            "FILE:3: name 'a\\x07' is to be 1 to 100 visible",
        ),
        ("[history]\nraw_days = 90\n[site]\nbreaker_a = inf", "FILE:4: breaker_a is a number, not inf."),
        ("[tariff]\n\nimport_per_kwh = nan", "FILE:3: import_per_kwh is to be at most 1,000,000, not nan."),
        (
            '[[tariff.periods]]\nstart = "22:00"\nend = "06:00"\nexport_per_kwh = -1e300',
            "FILE: export_per_kwh is to be at most 1,000,000, not -1e+300.",
        ),
        (f"x = {'[' * 5000}{']' * 5000}", "FILE: a number or a nesting in it has no end in sight."),
        (f"x = {'9' * 5000}", "FILE: a number or a nesting in it has no end in sight."),
        (f"# {'x' * 100_000}", "FILE: a site file has a few lines, not more than 65536 bytes."),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_meant(tmp_path: Path, text: str, words: str) -> None:
    assert complaint(tmp_path, text).startswith(words)


def test_a_byte_order_mark_and_any_line_ends_are_read(tmp_path: Path) -> None:
    found = read(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(), FACES)
    assert found == read(tmp_path, GOOD, FACES)


def test_an_empty_name_is_as_good_as_none(tmp_path: Path) -> None:
    assert read(tmp_path, "[[device]]\nurl = 'toy://shed'\nname = ''").devices[0].name == "shed"


def test_an_unknown_scheme_is_named_with_those_that_exist(tmp_path: Path) -> None:
    words = complaint(tmp_path, "[[device]]\nurl = 'tyo://a'")
    assert words.startswith("FILE:2: 'tyo://a' is no device URL; known are ")
    assert "toy://" in words


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the site file: No such file or directory"):
        read_site_file(tmp_path / "none.toml")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_our_words(data: bytes) -> None:
    try:
        parse_site_file(Path("site.toml"), data)
    except ConfigError as error:
        assert str(error).startswith("site.toml:")


@given(st.integers(min_value=0, max_value=len(GOOD)))
def test_a_file_cut_anywhere_is_read_or_refused_in_our_words(cut: int) -> None:
    try:
        parse_site_file(Path("site.toml"), GOOD[:cut].encode(), faces=FACES)
    except ConfigError as error:
        assert str(error).startswith("site.toml:")
