from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ohmstead.bridges import Discovery, bridge_settings
from ohmstead.model import ConfigError

FILE = Path("site.toml")


def test_without_tables_nothing_is_told_to_anybody() -> None:
    found = bridge_settings({}, FILE)

    assert (found.mqtt, found.influxdb) == (None, None)


def test_a_host_is_all_a_broker_needs() -> None:
    found = bridge_settings({"mqtt": {"host": "192.0.2.9"}}, FILE).mqtt

    assert found is not None
    assert (found.port_number, found.prefix, found.discovery) == (1883, "ohmstead", Discovery.DEVICE)


def test_under_tls_the_port_is_another() -> None:
    found = bridge_settings({"mqtt": {"host": "192.0.2.9", "tls": True}}, FILE).mqtt

    assert found is not None
    assert found.port_number == 8883


@pytest.mark.parametrize(
    ("name", "table", "words"),
    [
        ("mqtt", {}, "missing required field `host`"),
        ("mqtt", {"host": ""}, "host is the broker's address"),
        ("mqtt", {"host": "h", "port": 70_000}, "port is a port, not 70000"),
        ("mqtt", {"host": "h", "prefix": "a/+/b"}, "prefix is words of letters"),
        ("mqtt", {"host": "h", "discovery_prefix": ""}, "discovery_prefix is words of letters"),
        ("mqtt", {"host": "h", "discovery": "both"}, "Invalid enum value 'both'"),
        ("mqtt", {"host": "h", "fingerprint": "AB"}, "which only TLS has"),
        ("mqtt", {"host": "h", "pasword": "x"}, "unknown field `pasword`"),
        ("influxdb", {"url": "influx", "bucket": "b"}, "url is no address"),
        ("influxdb", {"url": "http://h", "bucket": ""}, "bucket is where readings are kept"),
        ("influxdb", {"url": "http://h", "bucket": "b", "interval_s": 0.1}, "between 1 and 3600"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_table(name: str, table: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        bridge_settings({name: table}, FILE)

    assert str(raised.value).startswith(f"site.toml: [{name}]")
    assert words in str(raised.value)
