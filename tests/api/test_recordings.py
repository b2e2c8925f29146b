from __future__ import annotations

from pathlib import Path

import pytest
from asked import Asked, Open

from ohmstead.testing import elapse, warped

NAME = "roof-20250601T1200"


async def recorded(asked: Asked) -> str:
    """The id of a recording that has ended."""
    status, begun = await asked.post("/captures", {"source": "roof", "duration_s": 30})
    assert status == 200
    await elapse(31)
    return str(begun["id"])


@warped
async def test_a_recording_is_started_listed_stopped_and_kept(opened: Open) -> None:
    async with opened() as asked:
        status, begun = await asked.post("/captures", {"source": "roof"})
        assert (status, begun["source"], begun["remaining_s"]) == (200, "roof", 60.0)
        assert begun["id"].startswith(NAME)
        await elapse(12)
        status, stopped = await asked.post(f"/captures/{begun['id']}/stop", {})
        assert (status, stopped["remaining_s"]) == (200, None)
        _, listed = await asked.get("/captures")
        async with asked.session.get(f"/api/v1/captures/{begun['id']}/file") as response:
            text = await response.text()
    assert listed == [stopped]
    assert response.headers["Content-Disposition"] == f'attachment; filename="{begun["id"]}.jsonl"'
    assert response.content_type == "application/x-ndjson"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert len(text.splitlines()) >= 3
    assert "1164a00212345" not in text


@warped
async def test_its_newest_frames_are_told_in_words(opened: Open) -> None:
    async with opened() as asked:
        name = await recorded(asked)
        status, words = await asked.get(f"/captures/{name}/decoded", params={"limit": "2"})
    assert status == 200
    assert (words["is_complete"], words["capture"]["id"]) == (True, name)
    assert words["frames"] > 2
    assert [frame["content"] for frame in words["newest"]] == [{"text": "roof/****a******** <script>"}] * 2


@warped
async def test_a_recording_is_deleted_once(opened: Open) -> None:
    async with opened() as asked:
        name = await recorded(asked)
        statuses = []
        for _ in range(2):
            async with asked.session.delete(f"/api/v1/captures/{name}") as response:
                statuses.append(response.status)
        assert (await asked.get("/captures"))[1] == []
    assert statuses == [204, 404]


@warped
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"source": "rof"}, 422, "no source 'rof'"),
        ({"source": "roof", "duration_s": 0}, 400, ">= 1.0"),
        ({"source": "roof", "duration_s": 86_400}, 400, "<= 3600"),
        ({"duration_s": 60}, 400, "missing required field `source`"),
        ({"source": "roof", "file": "/etc/x"}, 400, "unknown field `file`"),
    ],
)
async def test_what_cannot_be_recorded_is_said(
    opened: Open, body: dict[str, object], status: int, words: str
) -> None:
    async with opened() as asked:
        answered, problem = await asked.post("/captures", body)
    assert answered == status
    assert words in problem["detail"]


@warped
async def test_a_source_is_recorded_once_at_a_time(opened: Open) -> None:
    async with opened() as asked:
        await asked.post("/captures", {"source": "roof"})
        status, problem = await asked.post("/captures", {"source": "roof"})
    assert (status, problem["detail"]) == (409, "roof is being recorded already")


@warped
@pytest.mark.parametrize(
    ("name", "body", "status"),
    [("roof", {}, 404), ("roof", {"id": "other"}, 400), ("roof", {"why": "x"}, 400), ("roof", [], 400)],
)
async def test_a_stop_that_makes_no_sense_is_told_so(
    opened: Open, name: str, body: object, status: int
) -> None:
    async with opened() as asked:
        answered, problem = await asked.post(f"/captures/{name}/stop", body)
    assert (answered, problem["status"]) == (status, status)


@warped
async def test_a_recording_needs_no_body_to_be_stopped(opened: Open) -> None:
    async with opened() as asked:
        _, begun = await asked.post("/captures", {"source": "roof"})
        url = f"/api/v1/captures/{begun['id']}/stop"
        async with asked.session.post(url, headers={"Content-Type": "application/json"}) as response:
            assert response.status == 200
        async with asked.session.post(url) as response:
            assert response.status == 415


@pytest.mark.long
@warped
@pytest.mark.parametrize(
    "name",
    ["..%2f..%2fsite", "..%2Ftokens", "%2e%2e/%2e%2e/etc/passwd", "roof%00", "/etc/passwd", "..\\site"],
)
async def test_no_name_leads_to_another_file(opened: Open, tmp_path: Path, name: str) -> None:
    """S15."""
    (tmp_path / "tokens.json").write_text('{"tokens": []}')
    async with opened() as asked:
        await recorded(asked)
        for end in ("file", "decoded"):
            status, problem = await asked.get(f"/captures/{name}/{end}")
            assert (status, problem["status"]) == (404, 404)
