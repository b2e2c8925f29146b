"""Bodies of the REST interface: captured ones both ways, and those that are not quite JSON."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.families.tesla_wall_connector.bodies import LIMIT_BYTES, read, unknown_fields, written
from ohmstead.families.tesla_wall_connector.documents import (
    DOCUMENTS,
    Lifetime,
    Version,
    Vitals,
    WifiStatus,
)
from ohmstead.model import BadAnswer

REST = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))["rest"]
CAPTURED = [(kind, vector) for kind in DOCUMENTS for vector in REST[kind]]


@pytest.mark.parametrize(("kind", "vector"), CAPTURED, ids=lambda value: str(value)[:24])
def test_a_captured_body_is_read_field_by_field_and_written_back(kind: str, vector: dict[str, Any]) -> None:
    raw = vector["raw"]
    document = read(DOCUMENTS[kind], raw.encode())

    expected = json.loads(raw.replace("nan", "null"))
    assert {name: as_json(getattr(document, name)) for name in expected} == expected
    assert written(document).decode() == raw.replace('"avg_startup_temp":nan,', "")


def test_a_missing_last_brace_is_put_back() -> None:
    whole = next(v["raw"] for v in REST["vitals"] if v["name"] == REST["truncated"]["expect_equal_to"])

    assert read(Vitals, REST["truncated"]["raw"].encode()) == read(Vitals, whole.encode())


@pytest.mark.parametrize("token", ["nan", "-nan", "inf", "-inf", "NaN", "Infinity"])
def test_a_number_that_is_none_is_not_known(token: str) -> None:
    lifetime = read(Lifetime, f'{{"avg_startup_temp":{token},"energy_wh":270093}}'.encode())

    assert lifetime == Lifetime(avg_startup_temp=None, energy_wh=270093)


def test_a_bare_nan_is_written_as_units_write_it() -> None:
    assert (
        written(Lifetime(avg_startup_temp=math.nan, energy_wh=1)) == b'{"avg_startup_temp":nan,"energy_wh":1}'
    )
    assert written(Vitals(handle_temp_c=-0.0)) == b'{"handle_temp_c":-0.0}'


def test_the_word_nan_in_a_text_stays() -> None:
    assert read(Version, b'{"git_branch":"nan inf","part_number":nan}').git_branch == "nan inf"


def test_any_subset_in_any_order_with_nulls_and_strangers_will_do() -> None:
    body = b'{"relay_k2_v":5.7,"evse_state":null,"relay_k1_v":5.8,"moon_phase":[{"a":[1]}],"grid_v":230.1}'

    assert read(Vitals, body) == Vitals(relay_k1_v=5.8, relay_k2_v=5.7, grid_v=230.1)
    assert unknown_fields(Vitals, body) == ("moon_phase",)


def test_a_value_of_the_wrong_kind_is_not_known_and_spoils_no_other() -> None:
    body = b'{"session_s":"long","grid_v":true,"current_alerts":7,"evse_state":11}'

    assert read(Vitals, body) == Vitals(evse_state=11)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'{"contactor_closed":tr',
        b"<html>busy</html>",
        b"[" * LIMIT_BYTES,
        b'{"a":' * 1600,
        b'"\\"' * 2700,
        b'{"session_s":' + b"9" * 8000,
        b'{"a":"' + b"\xff" * 8000,
        b" " * (LIMIT_BYTES + 1) + b'{"grid_v":230.0}',
    ],
    ids=lambda body: str(body[:20]),
)
def test_a_body_that_cannot_be_read_is_a_failed_read_and_never_zeros(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read(Vitals, body)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for kind in DOCUMENTS.values():
        try:
            read(kind, body)
        except BadAnswer:
            continue


@pytest.mark.parametrize("vector", [*REST["vitals"], *REST["lifetime"]], ids=lambda vector: vector["name"])
def test_no_field_of_a_body_cut_anywhere_is_wrong(vector: dict[str, Any]) -> None:
    raw = vector["raw"].encode()
    kind = Vitals if vector in REST["vitals"] else Lifetime
    whole = read(kind, raw)
    for size in range(len(raw)):
        try:
            cut = read(kind, raw[:size])
        except BadAnswer:
            continue
        for field in kind.__struct_fields__:
            assert getattr(cut, field) in (None, getattr(whole, field)), raw[:size]


def test_the_version_names_firmware_and_din() -> None:
    vector = REST["version"][0]
    version = read(Version, vector["raw"].encode())

    assert version.firmware == vector["expect"]["firmware"]
    assert version.githash == vector["expect"]["githash"]
    assert version.din == vector["expect"]["din"]
    assert Version().din == ""


@pytest.mark.parametrize("vector", REST["wifi_status"], ids=lambda vector: vector["name"])
def test_the_network_name_is_decoded_and_the_strength_follows_from_dbm(vector: dict[str, Any]) -> None:
    wifi = read(WifiStatus, vector["raw"].encode())

    assert wifi.ssid == vector["expect"]["ssid"]
    assert wifi.strength_pct == vector["expect"]["strength_from_rssi"]


def test_the_oldest_firmware_writes_names_plain_and_dbm_as_strength() -> None:
    wifi = WifiStatus(wifi_ssid="my home net", wifi_signal_strength=-57)

    assert (wifi.ssid, wifi.strength_pct) == ("my home net", 66)


def as_json(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
