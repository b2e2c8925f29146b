"""Discovery messages: what Home Assistant 2024.11 and later want of a device's one message, and that both ways agree.

What each entity's keys may be is asked of Home Assistant itself, which knows single messages since long, in
`tests/compat/homeassistant`. Here stands what is new around them, by its manual and the schema it ships: `device` with an
identifier, `origin` with a name, and `components` by key, each with its platform and a unique id.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
import pytest

from ohmstead.bridges import Discovery, MqttSettings
from ohmstead.bridges.mqtt.board import Board
from ohmstead.bridges.mqtt.projection import Projection
from ohmstead.bridges.mqtt.topics import slug, topics_of
from ohmstead.gateway import DeviceStatus
from ohmstead.model import (
    BatteryReading,
    ChargerReading,
    Detail,
    DeviceId,
    Envelope,
    GridReading,
    Interval,
    Site,
    SolarReading,
)
from ohmstead.polling import HealthState

NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
ID: Final = DeviceId("hybrid/1")
PLATFORMS: Final = {"sensor", "binary_sensor", "number", "switch", "select", "button"}
DEVICE_KEYS: Final = {
    "identifiers",
    "name",
    "manufacturer",
    "model",
    "serial_number",
    "sw_version",
    "via_device",
}
TOPIC: Final = re.compile(r"homeassistant/[a-z_]+/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/config")
OFF_AND_ON: Final = (Interval(0, 0), Interval(1, 1))


def envelope(unit: str, *allowed: Interval, step: float = 1.0) -> Envelope:
    return Envelope(unit=unit, allowed=allowed, step=step)


HYBRID: Final = DeviceStatus(
    id=ID,
    source="hybrid",
    family="toy",
    model="block",
    serial="T1",
    firmware="1.0",
    health=HealthState.GOOD,
    since=NOON,
    control=True,
    readings=(
        SolarReading(device=ID, at=NOON, power_w=1.0, energy_wh=2.0),
        GridReading(device=ID, at=NOON, power_w=1.0, imported_wh=1.0, exported_wh=0.0, connected=True),
        BatteryReading(device=ID, at=NOON, soc_pct=50.0, capacity_wh=9500.0),
        ChargerReading(device=ID, at=NOON, session_energy_wh=1.0, limit_a=10.0),
    ),
    details=(
        Detail(key='odd "key".1', label="Heat sink", value=41.5, unit="°C"),
        Detail(key="day", label="Today", value=3.5, unit="kWh"),
        Detail(key="mode", label="Mode", value="eco"),
    ),
    abilities={
        "limits_current": envelope("A", Interval(0, 0), Interval(6, 16)),
        "selects_phases": envelope("phases", Interval(1, 1), Interval(3, 3)),
        "switches": envelope("on", *OFF_AND_ON),
        "restarts": envelope("restart", Interval(1, 1)),
        "limits_solar": envelope("%", Interval(100, 100)),
    },
)


def announced(way: Discovery, status: DeviceStatus = HYBRID, site: Site | None = None) -> dict[str, Any]:
    """By topic."""
    board = Board()
    settings = MqttSettings(host="h", discovery=way)
    projection = Projection(board, topics_of(settings), settings)
    projection.device(status, site or Site())
    return {topic: json.loads(board._texts[topic]) for topic in board.topics("homeassistant/")}


def components(status: DeviceStatus = HYBRID, site: Site | None = None) -> dict[str, Any]:
    (message,) = announced(Discovery.DEVICE, status, site).values()
    found: dict[str, Any] = message["components"]
    return found


def test_a_device_is_one_message_with_device_origin_and_components() -> None:
    ((topic, message),) = announced(Discovery.DEVICE).items()

    assert topic == "homeassistant/device/ohmstead/hybrid_1/config"
    assert message["device"] == {
        "identifiers": ["ohmstead_hybrid_1"],
        "name": "hybrid 1",
        "manufacturer": "toy",
        "model": "block",
        "serial_number": "T1",
        "sw_version": "1.0",
        "via_device": "ohmstead_home",
    }
    assert message["origin"]["name"] == "Ohmstead"
    assert message["availability"] == [
        {"topic": "ohmstead/status"},
        {"topic": "ohmstead/device/hybrid_1/availability"},
    ]
    assert message["availability_mode"] == "all"
    assert set(message) == {"device", "origin", "availability", "availability_mode", "components"}
    assert set(message["device"]) <= DEVICE_KEYS


def test_the_manufacturer_is_written_as_it_writes_itself() -> None:
    status = msgspec.structs.replace(HYBRID, family="givenergy")
    (message,) = announced(Discovery.DEVICE, status).values()

    assert message["device"]["manufacturer"] == "GivEnergy"


def test_each_component_has_a_platform_and_a_unique_id_of_its_own() -> None:
    found = components()

    assert {config["platform"] for config in found.values()} <= PLATFORMS
    assert len({config["unique_id"] for config in found.values()}) == len(found)
    assert all(config["unique_id"] == f"ohmstead_hybrid_1_{key}" for key, config in found.items())


def test_both_ways_announce_the_same_entities() -> None:
    (device,) = announced(Discovery.DEVICE).values()
    shared = {key: value for key, value in device.items() if key != "components"}
    singles = announced(Discovery.COMPONENTS)

    expected = {
        f"homeassistant/{config['platform']}/ohmstead/hybrid_1__{key}/config": {**shared, **config}
        for key, config in device["components"].items()
    }
    assert singles == expected
    assert all(TOPIC.fullmatch(topic) for topic in singles)


def test_nobody_is_told_where_nobody_listens() -> None:
    assert announced(Discovery.NONE) == {}


@pytest.mark.parametrize(
    ("key", "device_class", "state_class", "unit"),
    [
        ("solar_power_w", "power", "measurement", "W"),
        ("solar_energy_wh", "energy", "total_increasing", "kWh"),
        ("grid_imported_wh", "energy", "total_increasing", "kWh"),
        ("battery_soc_pct", "battery", "measurement", "%"),
        ("battery_capacity_wh", "energy_storage", "measurement", "kWh"),
        ("charger_session_energy_wh", "energy", None, "kWh"),
        ("detail_odd__key__1", "temperature", "measurement", "°C"),
        ("detail_day", "energy", None, "kWh"),
    ],
)
def test_classes_are_those_that_statistics_need(
    key: str, device_class: str, state_class: str | None, unit: str
) -> None:
    found = components()[key]

    assert found["device_class"] == device_class
    assert found.get("state_class") == state_class
    assert found["unit_of_measurement"] == unit


def test_abilities_are_offered_as_what_their_envelopes_allow() -> None:
    found = components()

    number = found["limits_current"]
    assert (number["platform"], number["min"], number["max"], number["step"]) == ("number", 0, 16, 1)
    assert (found["selects_phases"]["platform"], found["selects_phases"]["options"]) == (
        "select",
        ["1 phase", "3 phases"],
    )
    assert found["switches"]["platform"] == "switch"
    assert (found["restarts"]["platform"], found["restarts"]["payload_press"]) == ("button", "PRESS")
    assert "limits_solar" not in found  # there is nothing to choose


def test_a_meter_that_does_not_count_is_there_and_disabled() -> None:
    found = components(site=Site(masters={"grid": ("street",)}))

    assert found["grid_imported_wh"]["enabled_by_default"] is False
    assert "enabled_by_default" not in found["solar_energy_wh"]


def test_health_is_known_also_of_a_device_that_is_not_reached() -> None:
    assert components()["health"]["availability"] == [{"topic": "ohmstead/status"}]


def test_what_was_never_told_is_not_announced_and_what_was_stays() -> None:
    board, settings = Board(), MqttSettings(host="h")
    projection = Projection(board, topics_of(settings), settings)
    full = DeviceStatus(
        id=ID,
        source="hybrid",
        family="toy",
        health=HealthState.GOOD,
        since=NOON,
        readings=(SolarReading(device=ID, at=NOON, energy_wh=5.0),),
    )
    empty = DeviceStatus(
        id=ID,
        source="hybrid",
        family="toy",
        health=HealthState.GOOD,
        since=NOON,
        readings=(SolarReading(device=ID, at=NOON),),
    )

    projection.device(full, Site())
    projection.device(empty, Site())

    told = json.loads(board._texts["homeassistant/device/ohmstead/hybrid_1/config"])["components"]
    assert set(told) == {"health", "solar_energy_wh"}
    assert json.loads(board._texts["ohmstead/device/hybrid_1/state"])["solar"]["energy_wh"] is None


@pytest.mark.parametrize(
    ("one", "other"), [("a_b/c", "a/b_c"), ("a/b", "a_b"), ("a b/c", "a+b/c"), ("ä/1", "ö/1")]
)
def test_no_two_devices_share_a_name(one: str, other: str) -> None:
    first, second = slug(DeviceId(one)), slug(DeviceId(other))

    assert first != second
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", name) and "__" not in name for name in (first, second))
