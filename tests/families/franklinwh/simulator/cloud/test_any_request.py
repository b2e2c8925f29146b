"""Whatever is asked, the cloud answers, and the plant lives on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.families.franklinwh.facts.commands import COMMANDS
from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS
from ohmstead.families.franklinwh.simulator.cloud.writes import WRITES
from ohmstead.testing import run

pytestmark = pytest.mark.long

SERIAL = "10060005A02X00000001"
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**15, max_value=10**18),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(["0", "1", "2", "nan", "inf", "-1", "1e400", "24:00", "9999-12-31", "0001-01-01"]),
    st.lists(st.integers(), max_size=4),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
KEYS = st.sampled_from(
    [
        *(
            "workMode",
            "currendId",
            "oldIndex",
            "electricityType",
            "soc",
            "backupForeverFlag",
            "durationMinute",
        ),
        *(
            "nextWorkMode",
            "offgridSet",
            "offgridSoc",
            "manuSw",
            "mode",
            "startDelTime",
            "manoDate",
            "genOptiPPoint",
        ),
        *(
            "charge1En",
            "charge1StartTime",
            "v2LModeCtrl",
            "gridFeedMax",
            "gridFeedMaxFlag",
            "globalGridChargeMax",
        ),
        *("stormEn", "advanceBackupTime", "stormNoticeEn", "advanceTime", "strategyList", "template", "type"),
        *(
            "dayTime",
            "startDate",
            "genRatedPower",
            "manoFre",
            "oilmanoEn",
            "manoStartTime",
            "systemId",
            "opt",
        ),
    ]
)
CIRCUITS = st.sampled_from(
    ["opt", "fhpSn", "type", "smartSwitch", "wifi_ScanTime", "lightStat"]
    + [
        f"Sw{n}{what}"
        for n in (1, 2, 3)
        for what in ("Mode", "MsgType", "Time", "TimeEn", "Freq", "SocLowSet")
    ]
)
PATHS = st.sampled_from([*WRITES, *(endpoint.path for endpoint in ENDPOINTS)])
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def answered(bench: Any, method: str, path: str, body: bytes, **query: str) -> None:
    async with bench() as cloud:
        answer = await cloud.raw(method, f"/{path}", body, **query)
        assert answer.status in (200, 404), answer.body
        await cloud.act("off_grid")
        await cloud.after(120)
        await cloud.login()  # one of the calls logs out
        assert (await cloud.runtime())["report_type"] in (1, 2)


@FEW
@given(path=PATHS, told=st.dictionaries(KEYS, ODD, max_size=8), is_get=st.booleans())
def test_any_values_in_any_call(bench: Any, path: str, told: dict[str, Any], is_get: bool) -> None:
    query = {name: str(value) for name, value in told.items()} if is_get else {}
    body = b"" if is_get else json.dumps({"gatewayId": SERIAL, **told}).encode()
    for method in ("GET",) if is_get else ("POST",):
        run(answered(bench, method, path, body, **query))


@FEW
@given(command=st.sampled_from(list(COMMANDS)), told=st.dictionaries(CIRCUITS, ODD, max_size=8))
def test_any_values_in_any_command(bench: Any, command: int, told: dict[str, Any]) -> None:
    sent = {"cmdType": command, "equipNo": SERIAL, "len": 0, "crc": "", "dataArea": {"opt": 1, **told}}
    run(answered(bench, "POST", "hes-gateway/terminal/sendMqtt", json.dumps(sent).encode()))


@FEW
@given(path=PATHS, body=st.binary(max_size=64))
def test_any_bytes_in_any_call(bench: Any, path: str, body: bytes) -> None:
    run(answered(bench, "POST", path, body))
