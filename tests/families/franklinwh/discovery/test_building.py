"""From recorded answers to a snapshot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from ohmstead.families.franklinwh.discovery import DeviceSnapshot
from ohmstead.families.franklinwh.discovery.building import built

AT = datetime(2025, 10, 5, 14, 22, tzinfo=UTC)
GATEWAY = "10060005A02X00000001"


def result(vectors: Any, name: str) -> Any:
    return next(s["response"]["result"] for s in vectors["rest_samples"] if s["path"].endswith(f"/{name}"))


@pytest.fixture
def captured(vectors: Any) -> dict[str, Any]:
    """Of a US gateway with three packs and no accessory."""
    gateways = result(vectors, "getHomeGatewayList")
    return {
        "gateways": gateways,
        "gateway": gateways[0],
        "entrance": result(vectors, "getEntranceInfo"),
        "device": result(vectors, "getDeviceInfoV2"),
        "composite": vectors["get_stats"][0]["payload"]["result"],
        "off_grid": result(vectors, "selectOffgrid"),
        "profiles": result(vectors, "getComplianceNameList"),
        "accessories": result(vectors, "getAccessoryList"),
        "modes": result(vectors, "getGatewayTouListV2"),
        "agate": result(vectors, "obtainAgateInfo"),
        "packs": result(vectors, "obtainApowersInfo"),
    }


def snapshot(answers: dict[str, Any]) -> DeviceSnapshot:
    return built(answers, serial=GATEWAY, tier=1, at=AT, errors={})


def test_a_captured_gateway_is_told_whole(captured: dict[str, Any]) -> None:
    found = snapshot(captured)

    assert (found.agate.serial, found.agate.model, found.agate.sku) == (
        GATEWAY,
        "aGate X 20 (US)",
        "AGT-R1V3-US",
    )
    assert (found.agate.generation, found.agate.conn_type_name, found.agate.status) == (2, "Wi-Fi", 1)
    assert found.agate.activated == datetime(2025, 1, 14, 19, 31, 7, tzinfo=UTC)
    assert (found.site.country_id, found.site.grid_profile) == (2, "User Defined")
    assert (found.batteries.count, found.batteries.units[0].rated_capacity_kwh) == (3, 13.6)
    assert {unit.model_name for unit in found.batteries.units} == {"aPower X"}
    assert (found.flags.solar, found.flags.pcs_enabled, found.flags.off_grid_simulated) == (True, True, False)
    assert (found.grid.connected, found.grid.feed_max_kw, found.grid.import_max_kw) == (True, 10.0, -1.0)
    assert found.electrical.supported_modes == ("Time-Of-Use", "Self-Consumption", "Emergency Backup")
    assert found.electrical.relays["grid_1"] is (found.electrical.relays_raw["grid_1"] == 1)
    assert "PV port 1" in found.flags.solar_detail


def test_without_accessories_nothing_is_fitted_whatever_other_records_say(captured: dict[str, Any]) -> None:
    found = snapshot({**captured, "circuits": {"Sw1Name": "Circuits 1", "Sw1Mode": 0}})

    assert (found.accessories.has_smart_circuits, found.accessories.has_generator) == (False, False)
    assert found.accessories.smart_circuits is None
    assert (found.flags.v2l_eligible, found.flags.v2l_reason) == (False, "no_circuits")


@pytest.mark.parametrize("number", range(13))
def test_every_combination_of_hardware_is_judged(number: int, vectors: Any, captured: dict[str, Any]) -> None:
    row = vectors["discover_truth_table"][number]
    device = captured["device"] | {
        name: row[name] for name in ("countryId", "sysHdVersion", "genEn", "v2lModeEnable")
    }
    listed = [{"accessoryType": kind, "sn": f"AC{kind}", "id": str(kind)} for kind in row["accessoryTypes"]]

    found = snapshot({**captured, "device": device, "accessories": listed})

    circuits = found.accessories.smart_circuits
    assert {
        "has_smart_circuits": found.accessories.has_smart_circuits,
        "has_generator": found.accessories.has_generator,
        "generator_detected": found.flags.generator_detected,
        "v2l_eligible": found.flags.v2l_eligible,
        "v2l_reason": found.flags.v2l_reason,
        "sc_version": circuits.version if circuits else None,
    } == row["expect"]
    assert found.flags.v2l_note


CATALOGUE = [
    (2, "101", 3, 201, "ACCY-GENV1-US", None),
    (2, "100", 4, 202, "ACCY-SCV1-US", (2, 3)),
    (2, "103", 3, 203, "ACCY-GENV2-US", None),
    (2, "104", 4, 204, "ACCY-SCV2-US", (3, 3)),
    (3, "102", 3, 301, "ACCY-GENV1-AU", None),
    (3, "102", 4, 302, "ACCY-SCV1-AU", (2, 2)),
]


@pytest.mark.parametrize(("country", "hardware", "kind", "number", "sku", "rows"), CATALOGUE)
def test_an_accessory_gets_its_catalogue_number(  # noqa: PLR0917 - a row of the table
    country: int, hardware: str, kind: int, number: int, sku: str, rows: tuple[int, int] | None
) -> None:
    found = snapshot(
        {
            "device": {"countryId": country, "sysHdVersion": hardware},
            "accessories": [{"accessoryType": kind, "snSerialNumber": "S1"}],
        }
    )

    item = found.accessories.items[0]
    assert (item.catalogue_id, item.sku, item.serial) == (number, sku, "S1")
    circuits = found.accessories.smart_circuits
    assert (circuits and (circuits.count, circuits.rows)) == rows
    assert found.accessory_quirks


def test_a_name_that_states_its_version_is_believed() -> None:
    found = snapshot(
        {
            "device": {"countryId": 2, "sysHdVersion": "101"},
            "accessories": [{"accessoryType": 4, "accessoryName": "Smart Circuits V2"}],
        }
    )

    assert found.accessories.items[0].catalogue_id == 204
    assert found.flags.v2l_reason == "v2_builtin"


def test_hardware_and_accessories_nobody_knows_are_told_as_such() -> None:
    found = snapshot(
        {
            "device": {"countryId": 44, "sysHdVersion": "105", "v2lModeEnable": 1},
            "accessories": [{"accessoryType": 9}, {"accessoryType": 4}, "rubbish", {}],
        }
    )

    assert (found.agate.model, found.agate.model_name, found.agate.generation) == (None, "Unknown (105)", 2)
    assert [item.type_name for item in found.accessories.items] == ["Unknown (9)", "Smart Circuits V1", ""]
    assert (found.flags.v2l_eligible, found.flags.v2l_reason) == (True, "unknown_region")
    assert "nothing is known of this region" in found.region_quirks[0]


def test_nulls_of_another_region_are_normal() -> None:
    found = snapshot(
        {
            "device": {"countryId": 3, "sysHdVersion": "102", "v2lModeEnable": None, "v2lRunState": None},
            "entrance": {"sgipEntrance": None, "gridFlag": True},
            "composite": {"runtimeData": {"v2lModeEnable": None, "genEn": None, "main_sw": None}},
            "accessories": [{"accessoryType": 4}],
            "tariff": {"nemType": 1},
        }
    )

    assert (found.flags.v2l_enabled, found.flags.v2l_reason) == (False, "au_no_port")
    assert (found.flags.sgip, found.flags.nem_type, found.flags.nem_type_raw) == (None, None, 1)
    assert any("50 Hz" in quirk for quirk in found.region_quirks)


def test_a_generator_that_is_only_switched_on_is_detected_and_not_listed() -> None:
    found = snapshot({"device": {"countryId": 2, "sysHdVersion": "101", "genEn": 1}, "accessories": []})

    assert (found.accessories.has_generator, found.flags.generator_detected) == (False, True)
    assert found.accessories.generator is not None
    assert found.accessories.generator.enabled is True


def test_rubbish_in_every_place_raises_nothing() -> None:
    names = (
        "gateway",
        "device",
        "entrance",
        "composite",
        "modes",
        "accessories",
        "packs",
        "profiles",
        "tariff",
    )
    for rubbish in (None, [], "x", 7, {"list": 3}, {"runtimeData": [], "strategyList": [1]}, [[]], [None]):
        found = snapshot(dict.fromkeys(names, rubbish))
        assert found.flags.v2l_eligible is False


CANARIES = {
    "gateway": {"id": GATEWAY, "name": "canary-name", "account": "canary@example.com", "countryId": 2},
    "location": {
        "gatewayName": "canary-gw",
        "completeAddress": "1 canary-street",
        "latitude": "41.4142",
        "longitude": "-71.7171",
        "postCode": "canary-post",
        "city": "canary-city",
        "province": "canary-province",
    },
    "site": {"siteId": "canary-site", "siteName": "canary-home", "completeAddress": "canary-street"},
    "accessories": [{"accessoryType": 4, "sn": "canary-sn", "accessoryName": f"Module {GATEWAY}"}],
    "packs": [{"apowerSn": "10050011A05X00000002", "soc": 46.4}],
    "circuits": {"Sw1Name": "canary-sauna", "Sw1Mode": 1},
    "warranty": {
        "installerCompany": "canary-inc",
        "deviceExpirationList": [{"sn": "canary-sn2", "model": "aPower"}],
    },
    "interfaces": {"wifiMAC": "AA:BB:CC:DD:EE:FF", "wifiStaticIP": "192.0.2.77", "currentNetType": 3},
    "switches": {"wifi_SSID": "canary-net"},
}


def test_a_redacted_copy_tells_neither_who_nor_where() -> None:
    found = snapshot(CANARIES)

    whole, redacted = str(found.to_dict()), str(found.to_dict(redact=True))

    planted = (
        "canary",
        GATEWAY,
        "41.4142",
        "71.7171",
        "AA:BB:CC:DD:EE:FF",
        "192.0.2.77",
        "10050011A05X00000002",
    )
    assert all(canary in whole for canary in planted)
    assert [canary for canary in planted if canary in redacted] == []
    assert "aPower" in redacted
    assert found.to_dict(redact=True)["batteries"]["units"][0]["soc"] == 46.4
