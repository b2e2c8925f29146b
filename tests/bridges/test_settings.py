from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.app.faces import FACES
from ohmstead.bridges import BridgeSettings, Discovery, bridge_settings
from ohmstead.gateway import read_site_file
from ohmstead.model import ConfigError


def settings(folder: Path, text: str) -> BridgeSettings:
    path = folder / "site.toml"
    path.write_text(text)
    return bridge_settings(read_site_file(path, faces=FACES))


def test_without_tables_nothing_is_told_to_anybody(tmp_path: Path) -> None:
    found = settings(tmp_path, "[site]\n")

    assert (found.mqtt, found.influxdb) == (None, None)


def test_a_host_is_all_a_broker_needs(tmp_path: Path) -> None:
    found = settings(tmp_path, '[mqtt]\nhost = "192.0.2.9"\n').mqtt

    assert found is not None
    assert (found.port_number, found.prefix, found.discovery) == (1883, "ohmstead", Discovery.DEVICE)


@pytest.mark.parametrize(
    "host", ["broker", "home_broker.local", "bröker.de", "2001:db8::9", "::1", "fe80::1%eth0"]
)
def test_a_broker_may_have_any_kind_of_address(tmp_path: Path, host: str) -> None:
    found = settings(tmp_path, f'[mqtt]\nhost = "{host}"\n').mqtt

    assert found is not None
    assert found.host == host


def test_under_tls_the_port_is_another(tmp_path: Path) -> None:
    found = settings(tmp_path, '[mqtt]\nhost = "192.0.2.9"\ntls = true\n').mqtt

    assert found is not None
    assert found.port_number == 8883


def test_a_database_needs_its_address_and_a_bucket(tmp_path: Path) -> None:
    found = settings(tmp_path, '[influxdb]\nurl = "http://192.0.2.9:8086"\nbucket = "home"\n').influxdb

    assert found is not None
    assert (found.url, found.bucket, found.interval_s) == ("http://192.0.2.9:8086", "home", 10.0)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[mqtt]", 1, "host is missing."),
        ('[mqtt]\nhost = ""', 2, "host is the broker's name or address alone, not ''"),
        ('[mqtt]\nhost = "mqtt://192.0.2.9"', 2, "alone, not 'mqtt://192.0.2.9'"),
        ('[mqtt]\nhost = "192.0.2.9:1883"', 2, "alone, not '192.0.2.9:1883'"),
        ('[mqtt]\nhost = "h"\nport = 70000', 3, "port is a port, not 70000"),
        ('[mqtt]\nhost = "h"\nprefix = "a/+/b"', 3, "prefix is words of letters"),
        ('[mqtt]\nhost = "h"\ndiscovery_prefix = ""', 3, "discovery_prefix is words of letters"),
        (
            '[mqtt]\nhost = "h"\ndiscovery = "both"',
            3,
            "discovery: 'both' is none of 'device', 'components', 'none'.",
        ),
        ('[mqtt]\nhost = "h"\nfingerprint = "AB"', 3, "which only TLS has"),
        ('[mqtt]\nhost = "h"\npasword = "x"', 3, "unknown key 'pasword'; known are details"),
        ('[influxdb]\nurl = "influx"\nbucket = "b"', 2, "url is no address of a host alone: 'influx'"),
        ('[influxdb]\nurl = "http://"\nbucket = "b"', 2, "url is no address"),
        ('[influxdb]\nurl = "http://h:99999"\nbucket = "b"', 2, "url is no address"),
        ('[influxdb]\nurl = "http://h/influx"\nbucket = "b"', 2, "url is no address"),
        ('[influxdb]\nurl = "http://h"\nbucket = ""', 3, "bucket is where readings are kept"),
        ('[influxdb]\nurl = "http://h"\nbucket = "b"\ninterval_s = 0.1', 4, "between 1 and 3600"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        settings(tmp_path, text)

    assert f"site.toml:{line}: " in str(raised.value)
    assert words in str(raised.value)
