from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ohmstead.cli.samples import sample_document, sample_tables
from ohmstead.model import Detail, DeviceId, DeviceInfo, GridReading, Sample, SolarReading

AT = datetime(2026, 6, 21, 12, tzinfo=UTC)
ROOF = DeviceId("roof/114180000000")
METER = DeviceId("roof/meter")
DEVICES = {
    ROOF: DeviceInfo(
        id=ROOF, family="hoymiles", model="HMS-800W-2T", serial="114180000000", firmware="V01.00.05"
    ),
    METER: DeviceInfo(id=METER, family="hoymiles", model="DDSU666", serial="10C0", name="Main meter"),
}
SAMPLE = Sample(
    at=AT,
    readings=(
        SolarReading(device=ROOF, at=AT, power_w=612.4, energy_wh=1_234_500.0),
        GridReading(device=METER, at=AT, power_w=-310.0, exported_wh=250.0, connected=True),
    ),
    details={
        ROOF: (
            Detail(key="temperature", label="Temperature", value=41.5, unit="°C"),
            Detail(key="wifi_password", label="Wi-Fi password", value="swordfish", secret=True),
        )
    },
    missing={"alarms": "the list was not ready"},
)


def test_secrets_leave_the_document() -> None:
    encoded = msgspec.json.encode(sample_document(DEVICES, SAMPLE))
    assert b"swordfish" not in encoded
    assert b"Wi-Fi password" in encoded


def test_the_document_groups_by_device() -> None:
    document = msgspec.json.decode(msgspec.json.encode(sample_document(DEVICES, SAMPLE)))
    assert [device["id"] for device in document["devices"]] == ["roof/114180000000", "roof/meter"]
    assert document["devices"][0]["readings"][0]["type"] == "solar"
    assert document["devices"][0]["readings"][0]["power_w"] == 612.4
    assert document["missing"] == {"alarms": "the list was not ready"}


def test_tables_show_readings_in_words_with_units() -> None:
    roof, meter, missing = sample_tables(sample_document(DEVICES, SAMPLE))
    assert roof.title == "HMS-800W-2T 114180000000 V01.00.05 (roof/114180000000)"
    assert roof.rows == (
        ("solar power", "612.4 W"),
        ("solar energy", "1,234.5 kWh"),
        ("Temperature", "41.5 °C"),
        ("Wi-Fi password", "•••"),
    )
    assert meter.title == "Main meter 10C0 (roof/meter)"
    assert meter.rows == (("grid power", "-310 W"), ("grid exported", "0.25 kWh"), ("grid connected", "yes"))
    assert missing.rows == (("alarms", "the list was not ready"),)
