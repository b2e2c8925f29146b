from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from ohmstead.bridges.metrics import metrics
from ohmstead.bridges.telling import Recalled, Value, told, told_details
from ohmstead.gateway import DeviceStatus, State
from ohmstead.model import (
    ChargerReading,
    Detail,
    DeviceId,
    Flows,
    Quality,
    Reading,
    Site,
    SolarReading,
)
from ohmstead.polling import HealthState

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROOF = DeviceId('roof/"1"')


def status(
    *readings: Reading, health: HealthState = HealthState.GOOD, details: tuple[Detail, ...] = ()
) -> DeviceStatus:
    return DeviceStatus(
        id=ROOF, source="roof", family="toy", health=health, since=NOON, readings=readings, details=details
    )


def solar(quality: Quality = Quality.GOOD) -> SolarReading:
    return SolarReading(device=ROOF, at=NOON, quality=quality, power_w=800.0, energy_wh=1234.5)


def values(found: DeviceStatus) -> dict[str, Value]:
    return {one.field.key: one.value for _, fields in told(found, Recalled()) for one in fields}


@pytest.mark.parametrize(
    ("quality", "power_w", "energy_wh"),
    [
        (Quality.GOOD, 800.0, 1234.5),
        (Quality.ESTIMATED, 800.0, 1234.5),
        (Quality.STALE, None, 1234.5),
        (Quality.SUSPECT, None, None),
    ],
)
def test_a_suspect_is_never_told_and_of_an_old_reading_only_its_total(
    quality: Quality, power_w: float | None, energy_wh: float | None
) -> None:
    found = values(status(solar(quality)))

    assert found == {"solar.power_w": power_w, "solar.losses_w": None, "solar.energy_wh": energy_wh}


def test_what_is_only_recalled_is_not_told_until_the_device_has_spoken() -> None:
    before = status(solar())
    recalled = Recalled([before])
    spoken = status(msgspec.structs.replace(solar(), at=NOON + timedelta(seconds=1)))

    assert [one.value for _, fields in told(before, recalled) for one in fields] == [None, None, None]
    assert [one.value for _, fields in told(spoken, recalled) for one in fields] == [800.0, None, 1234.5]


def test_panels_without_sun_give_nothing_and_keep_their_total() -> None:
    found = values(status(solar(Quality.STALE), health=HealthState.ASLEEP))

    assert (found["solar.power_w"], found["solar.energy_wh"]) == (0.0, 1234.5)


def test_a_state_that_nobody_knows_is_no_state() -> None:
    assert values(status(ChargerReading(device=ROOF, at=NOON)))["charger.state"] is None


def test_secret_details_are_not_told_and_suspects_have_no_value() -> None:
    details = (
        Detail(key="serial", label="Serial", value="4711", secret=True),
        Detail(key="heat", label="Heat", value=999.0, unit="°C", quality=Quality.SUSPECT),
        Detail(key="fan", label="Fan", value=3),
    )

    assert [(found.key, found.value) for found in told_details(status(details=details))] == [
        ("heat", None),
        ("fan", 3),
    ]


def test_metrics_tell_what_is_known_and_leave_out_the_rest() -> None:
    nothing = dict.fromkeys(name for name in Flows.__struct_fields__ if name.endswith("_w"))
    flows = Flows(at=NOON, **{**nothing, "solar_w": 800.0, "grid_w": -300.0})

    text = metrics(
        State(at=NOON, site=Site(), flows=flows, devices=(status(solar(Quality.STALE)),)), Recalled()
    )

    assert text.splitlines() == [
        "# HELP ohmstead_flow_watts Power of the home by role; sources are positive when they feed it.",
        "# TYPE ohmstead_flow_watts gauge",
        'ohmstead_flow_watts{role="solar"} 800.0',
        'ohmstead_flow_watts{role="grid"} -300.0',
        "# HELP ohmstead_device_up 1 while the device is reached.",
        "# TYPE ohmstead_device_up gauge",
        'ohmstead_device_up{device="roof/\\"1\\"",family="toy"} 1.0',
        "# HELP ohmstead_device_rejected_values Impossible values among the newest, kept aside.",
        "# TYPE ohmstead_device_rejected_values gauge",
        'ohmstead_device_rejected_values{device="roof/\\"1\\"",family="toy"} 0.0',
        "# HELP ohmstead_solar_energy_watt_hours_total Solar energy.",
        "# TYPE ohmstead_solar_energy_watt_hours_total counter",
        'ohmstead_solar_energy_watt_hours_total{device="roof/\\"1\\"",family="toy"} 1234.5',
    ]
