"""The raw calls of all five families, made through the API against simulators."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from asked import Asked, Open
from demo_home import demo_home

from ohmstead.api import ApiSettings
from ohmstead.kit.tokens import FILE_NAME, Scope, TokenStore
from ohmstead.testing import warped

READS: Final = {
    "hoymiles": {"inventory": "dtu_serial", "live": "packet_count", "network": "", "heartbeat": ""},
    "givenergy": {"read_registers": "words"},
    "tesla-wall-connector": {
        "vitals": "grid_v",
        "version": "firmware_version",
        "lifetime": "",
        "wifi_status": "",
        "get_config": "settings",
    },
    "everest": {"EVSE.GetStatus": "status", "ChargePoint.GetEVSEInfos": "infos"},
    "franklinwh": {"getDeviceInfoV2": "", "getDeviceCompositeInfo": ""},
}
"""By family: calls, and something their result has."""
LOCKED = ApiSettings(loopback_scopes=())


async def consoles(asked: Asked) -> dict[str, dict[str, Any]]:
    status, listed = await asked.get("/console")
    assert status == 200
    return {entry["family"]: entry for entry in listed}


@warped
async def test_every_family_has_a_console_whose_templates_fit_its_schemas(tmp_path: Path) -> None:
    async with demo_home(tmp_path) as asked:
        found = await consoles(asked)
    assert set(found) == set(READS)
    for console in found.values():
        for method in console["methods"]:
            schema = method["schema"]
            assert (schema["type"], schema["additionalProperties"]) == ("object", False), method
            assert set(schema["required"]) <= set(method["template"]) <= set(schema["properties"]), method
            assert method["title"]


@warped
async def test_what_is_read_comes_from_the_device_and_stands_in_the_ledger(tmp_path: Path) -> None:
    async with demo_home(tmp_path) as asked:
        found = await consoles(asked)
        for family, calls in READS.items():
            templates = {method["name"]: method["template"] for method in found[family]["methods"]}
            for method, member in calls.items():
                body = {"device": found[family]["device"], "method": method, "params": templates[method]}
                status, answer = await asked.post("/console", body)
                assert status == 200, (family, method, answer)
                assert member in answer["result"] or not member, (family, method, answer)
                assert answer["receipt"]["outcome"] == "acknowledged"
        _, ledger = await asked.get("/commands")
    assert {entry["ability"] for entry in ledger} == {
        f"console: {method}" for calls in READS.values() for method in calls
    }
    assert {entry["origin"] for entry in ledger} == {"api: this machine"}


@warped
async def test_the_rest_of_the_reads_is_answered_or_refused_in_words(tmp_path: Path) -> None:
    """Each listed read is asked with its template; none of them is a fault of ours."""
    async with demo_home(tmp_path) as asked:
        for family, console in (await consoles(asked)).items():
            for method in console["methods"]:
                if method["scope"] != "read":
                    continue
                body = {"device": console["device"], "method": method["name"], "params": method["template"]}
                status, answer = await asked.post("/console", body)
                assert status in (200, 422, 504), (family, method["name"], answer)
                assert status == 200 or answer["detail"], (family, method["name"])


@warped
async def test_no_serial_of_a_battery_is_in_its_registers(tmp_path: Path) -> None:
    async with demo_home(tmp_path) as asked:
        device = (await consoles(asked))["givenergy"]["device"]
        serial = next(status.serial for status in asked.gateway.devices() if status.id == device)
        params = {"device": 0x32, "bank": "HR", "base": 13, "count": 5}
        _, answer = await asked.post(
            "/console", {"device": device, "method": "read_registers", "params": params}
        )
    text = b"".join(word.to_bytes(2, "big") for word in answer["result"]["words"]).decode()
    assert text == f"{serial[:-3]}000"


@warped
async def test_what_writes_is_done_for_an_admin_only_and_read_back(tmp_path: Path) -> None:
    now = datetime(2026, 6, 25, tzinfo=UTC)
    (tmp_path / "data").mkdir()
    store = TokenStore(tmp_path / "data" / FILE_NAME)
    phone = store.create("phone", (Scope.READ, Scope.CONTROL), now=now, expires_at=None)
    owner = store.create("owner", (Scope.READ, Scope.ADMIN), now=now, expires_at=None)
    async with demo_home(tmp_path, settings=LOCKED) as asked:
        body = {
            "device": "workshop/1",
            "method": "EVSE.SetACChargingCurrent",
            "params": {"evse_index": 1, "max_current": 10.0},
        }
        refused, problem = await asked.post("/console", body, headers={"Authorization": f"Bearer {phone}"})
        done, answer = await asked.post("/console", body, headers={"Authorization": f"Bearer {owner}"})
    assert (refused, "scope admin" in problem["detail"]) == (403, True)
    assert (done, answer["result"]["error"]) == (200, "NoError")


@pytest.mark.long
@warped
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"device": "nobody", "method": "vitals"}, 404, "no device 'nobody'"),
        ({"device": "drive", "method": "self_destruct"}, 404, "/api/v1/console lists them"),
        ({"device": "drive", "method": "vitals", "params": {"x": 1}}, 400, "unknown field `x`"),
        ({"device": "drive", "method": "vitals", "params": []}, 400, "Expected `object`"),
        ({"device": "battery", "method": "read_registers", "params": {"bank": "XX", "base": 0}}, 400, "XX"),
        ({"device": "battery", "method": "read_registers", "params": {"bank": "IR"}}, 400, "`base`"),
        (
            {"device": "battery", "method": "read_registers", "params": {"bank": "IR", "base": 1e99}},
            400,
            "Expected `int`",
        ),
    ],
)
async def test_a_call_that_makes_no_sense_is_told_what_was_expected(
    tmp_path: Path, body: dict[str, Any], status: int, words: str
) -> None:
    async with demo_home(tmp_path) as asked:
        ids = {status.source: status.id for status in reversed(asked.gateway.devices())}
        answered, problem = await asked.post(
            "/console", {**body, "device": ids.get(body["device"], "nobody")}
        )
    assert answered == status
    assert words in problem["detail"]


@warped
async def test_a_family_without_raw_calls_has_no_console(opened: Open) -> None:
    async with opened() as asked:
        assert await asked.get("/console") == (200, [])
        status, _ = await asked.post("/console", {"device": "roof/1164a00212345", "method": "vitals"})
    assert status == 404
