from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus

import aiohttp
import pytest
from asked import Open
from scripted_family import ScriptedHome

from ohmstead.api import server
from ohmstead.api.problems import problem_of, retry_after_s
from ohmstead.gateway import LedgerError
from ohmstead.history import HistoryError
from ohmstead.model import (
    AuthFailed,
    BadAnswer,
    BudgetSpent,
    Busy,
    ConnectionLost,
    OutcomeUnknown,
    Refused,
    TimedOut,
    Unreachable,
    Unsafe,
    Unsupported,
)
from ohmstead.testing import elapse, warped

ORDER = {"device": "roof/1164a00212345", "ability": "limits_solar", "value": 50}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Unsafe("outside"), 422),
        (Unsupported("cannot"), 422),
        (Refused("no"), 422),
        (BudgetSpent("spent", after=timedelta(hours=2)), 409),
        (Unreachable("nobody"), 502),
        (ConnectionLost("ended"), 502),
        (BadAnswer("nonsense"), 502),
        (AuthFailed("wrong password"), 502),
        (Busy("held", after=timedelta(seconds=30)), 503),
        (HistoryError("disk is away"), 503),
        (LedgerError("disk is full"), 503),
        (TimedOut("silent"), 504),
        (OutcomeUnknown("who knows"), 504),
    ],
)
def test_each_of_our_errors_has_a_status_and_keeps_its_words(error: Exception, status: int) -> None:
    found = problem_of(error)
    assert (found.status, found.title, found.detail) == (status, HTTPStatus(status).phrase, str(error))


def test_what_is_not_ours_to_explain_stays_in_the_log() -> None:
    found = problem_of(RuntimeError("what nobody may see"))
    assert (found.status, found.detail) == (500, "This is a fault in Ohmstead; its log says more.")


def test_busy_devices_and_spent_budgets_say_when_to_come_back() -> None:
    assert retry_after_s(Busy("held", after=timedelta(seconds=30))) == 30
    assert retry_after_s(BudgetSpent("spent", after=timedelta(hours=2))) == 7200
    assert retry_after_s(BudgetSpent("spent")) is None
    assert retry_after_s(Unreachable("nobody")) is None


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nothing", 404, "/api/v1/openapi.json lists what there is"),
        ("/devices/roof/0000", 404, "There is no device 'roof/0000'"),
        ("/devices/..%2f..%2fetc%2fpasswd", 404, "There is no device"),
        ("/history", 400, "missing required field `device`"),
        ("/history?device=a&signal=solar.power_w&step_s=0.5", 400, "`float` >= 1.0 - at `$.step_s`"),
        ("/history?device=a&signal=solar.power_w&step_s=nan", 400, "`float` >= 1.0"),
        ("/history?device=a&signal=solar.power_w&step=week", 400, "Invalid enum value 'week'"),
        ("/history?device=a&signal=solar.power_w&step=day&step_s=60", 400, "step or step_s, and not both"),
        ("/history?device=a&signal=solar.power_w&step_s=soon", 400, "Expected `float"),
        ("/history?device=a&signal=solar.power_w&step_s=10", 400, "8640 points, and 5000 are the most"),
        ("/history?device=a&signal=solar.power_w&start=yesterday", 400, "Invalid RFC3339"),
        ("/history?device=a&signal=solar.power_w&start=2025-06-01T00:00:00", 400, "timezone"),
        (
            "/history?device=a&signal=s&start=2025-06-02T00:00:00Z&end=2025-06-01T00:00:00Z",
            400,
            "start is to lie before end",
        ),
        ("/history?device=a&signal=s&start=9999-12-31T23:59:59Z", 400, "years"),
        ("/history?device=a&signal=s&end=0001-01-01T00:00:00Z", 400, "years"),
        ("/history?device=a&device=b&signal=s", 400, "'device' is given twice"),
        ("/history?device=a&signal=s&sort=up", 400, "unknown field `sort`"),
        (f"/history?device={'x' * 201}&signal=s", 400, "length <= 200"),
        ("/commands?limit=0", 400, "`int` >= 1"),
        ("/commands?limit=99999999", 400, "`int` <= 1000"),
        ("/state?verbose=1", 400, "unknown field `verbose`"),
    ],
)
@warped
async def test_a_question_that_makes_no_sense_is_told_what_was_expected(
    opened: Open, path: str, status: int, words: str
) -> None:
    async with opened() as asked, asked.session.get(f"/api/v1{path}") as response:
        problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["status"]) == (status, status)
    assert words in problem["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no valid JSON"),
        (b"{", "no valid JSON"),
        (b"\xff\xfe", "no valid JSON"),
        (b"[" * 30_000, "Expected `object`, got `array`"),
        (b'{"x":' * 10_000, "unknown field `x`"),
        (b"[]", "Expected `object`, got `array`"),
        (b"null", "Expected `object`, got `null`"),
        (b'{"device":"a"}', "missing required field `ability`"),
        (b'{"device":"a","ability":"b","value":"50"}', "Expected `float`, got `str` - at `$.value`"),
        (b'{"device":"a","ability":"b","value":true}', "Expected `float`, got `bool` - at `$.value`"),
        (b'{"device":"a","ability":"b","value":NaN}', "no valid JSON"),
        (b'{"device":"a","ability":"b","value":1e999}', "out of range"),
        (b'{"device":"a","ability":"b","value":1,"when":"now"}', "unknown field `when`"),
    ],
)
@warped
async def test_a_body_that_is_no_command_is_told_what_was_expected(
    opened: Open, body: bytes, words: str
) -> None:
    async with opened() as asked, asked.session.post("/api/v1/commands", data=body, headers=JSON) as response:
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 400
    assert words in problem["detail"]


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
@warped
async def test_a_body_that_any_page_could_send_is_not_taken(
    opened: Open, roof: ScriptedHome, kind: str
) -> None:
    async with opened() as asked:
        headers = {"Content-Type": kind}
        body = b'{"device":"roof/1164a00212345","ability":"limits_solar","value":50}'
        async with asked.session.post("/api/v1/commands", data=body, headers=headers) as response:
            problem = await response.json(content_type="application/problem+json")
    assert (response.status, problem["title"]) == (415, "Unsupported Media Type")
    assert roof.limit_pct == 100.0


@warped
async def test_a_body_beyond_the_limit_is_not_read(opened: Open) -> None:
    async with (
        opened() as asked,
        asked.session.post("/api/v1/commands", data=b" " * 70_000, headers=JSON) as response,
    ):
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 413
    assert problem["detail"] == "A body may have 65536 bytes."


@warped
async def test_a_packed_body_is_not_unpacked(opened: Open) -> None:
    async with (
        opened() as asked,
        asked.session.post(
            "/api/v1/commands", data=b"no gzip", headers={**JSON, "Content-Encoding": "gzip"}
        ) as response,
    ):
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 415
    assert problem["detail"] == "The body is to come unpacked, so small as it is."


@warped
async def test_a_client_that_speaks_no_http_is_answered_and_does_not_fill_the_log(
    opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened() as asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        writer.write(b"\x00\xff no HTTP\r\n\r\n")
        answer = await reader.read(1000)
        writer.close()
    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert caplog.records == []


@warped
async def test_a_body_that_drips_is_let_go(opened: Open) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(60):
            yield b" "
            await elapse(1)

    async with (
        opened() as asked,
        asked.session.post("/api/v1/commands", data=drip(), headers=JSON) as response,
    ):
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 408
    assert problem["detail"] == "The body did not arrive within 10 s."


@warped
async def test_a_wrong_method_is_told_the_right_ones(opened: Open) -> None:
    async with opened() as asked, asked.session.delete("/api/v1/commands") as response:
        problem = await response.json(content_type="application/problem+json")
    assert response.status == 405
    assert response.headers["Allow"] == "GET, HEAD, POST"
    assert problem["detail"] == "/api/v1/commands takes GET, HEAD, POST, not DELETE."


@warped
async def test_the_live_stream_needs_a_websocket(opened: Open) -> None:
    async with opened() as asked:
        status, problem = await asked.get("/live")
    assert (status, problem["status"]) == (400, 400)


@warped
async def test_a_fault_of_ours_is_logged_and_not_told(
    opened: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> bytes:
        raise RuntimeError("what nobody may see")

    monkeypatch.setattr(server, "document", fail)
    async with opened() as asked, asked.session.get("/api/v1/openapi.json") as response:
        body = await response.text()
    assert response.status == 500
    assert body == (
        '{"title":"Internal Server Error","status":500,'
        '"detail":"This is a fault in Ohmstead; its log says more."}'
    )
    assert "GET /api/v1/openapi.json failed" in caplog.text
    assert "what nobody may see" in caplog.text


@warped
async def test_bytes_that_are_no_request_get_no_trace(opened: Open) -> None:
    async with opened() as asked:
        reader, writer = await asyncio.open_connection("127.0.0.1", asked.served.port)
        writer.write(b"\x16\x03\x01 HELLO\r\n\r\n")
        answer = await reader.read(4096)
        writer.close()
        await writer.wait_closed()
    assert answer.startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert b"Traceback" not in answer


@warped
async def test_a_command_of_one_client_does_not_keep_another_from_reading(
    opened: Open, roof: ScriptedHome
) -> None:
    roof.takes_s = 5.0
    async with opened() as asked, asyncio.TaskGroup() as group:
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        ordered = group.create_task(asked.post("/commands", ORDER))
        async with aiohttp.ClientSession(asked.served.url) as other, other.get("/api/v1/state") as response:
            assert response.status == 200
        assert loop.time() - began_s < 1
        assert (await ordered)[0] == 200
