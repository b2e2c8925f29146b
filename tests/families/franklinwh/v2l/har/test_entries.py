"""Captures as they come: compressed, coded, cut, or not captures at all."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from ohmstead.families.franklinwh.v2l.har import read_entries
from ohmstead.model import BadAnswer


def test_only_exchanges_with_this_cloud_count(recording: Any) -> None:
    recording.live(soc=50)

    assert [(entry.number, entry.path) for entry in read_entries(recording.har())] == [
        (1, "hes-gateway/terminal/initialize/appUserOrInstallerLogin"),
        (3, "hes-gateway/terminal/getDeviceCompositeInfo"),
    ]


def test_a_compressed_capture_reads_the_same(recording: Any) -> None:
    recording.live(soc=50)

    assert read_entries(gzip.compress(recording.har())) == read_entries(recording.har())


def test_forms_and_queries_are_read(recording: Any) -> None:
    entry = read_entries(recording.har())[0]

    assert (entry.request["account"], entry.request["type"]) == ("canary@example.com", "0")
    assert entry.query["lang"] == "en_US"


def test_an_answer_in_base64_is_opened(recording: Any) -> None:
    text = base64.b64encode(json.dumps({"result": {"genStat": 1}}).encode()).decode()
    recording.add(
        "GET", "hes-gateway/terminal/selectIotGenerator", content={"text": text, "encoding": "base64"}
    )

    assert read_entries(recording.har())[-1].told == {"genStat": 1}


def test_a_write_without_its_body_is_told_as_such(recording: Any) -> None:
    recording.add("POST", "hes-gateway/terminal/sendMqtt")

    entry = read_entries(recording.har())[-1]

    assert (entry.remark, entry.command, dict(entry.written)) == ("no body recorded", None, {})


def test_a_payload_as_object_and_as_text_are_the_same(recording: Any) -> None:
    recording.tunnel(311, {"opt": 1, "Sw3Mode": 1}, {})
    recording.tunnel(311, json.dumps({"opt": 1, "Sw3Mode": 1}), {})

    first, second = read_entries(recording.har())[-2:]

    assert first.written == second.written == {"opt": 1, "Sw3Mode": 1}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"log": {}}',
        b'{"log": {"entries": 7}}',
        b"\x1f\x8bnot really",
        b"\xff\xfe",
        b'{"log": {"entries": [',
        b"[" * 100_000,
    ],
)
def test_what_is_no_capture_is_told_as_such(data: bytes) -> None:
    with pytest.raises(BadAnswer, match=r"no HAR file|damaged"):
        read_entries(data)


def test_a_capture_of_something_else_is_told_as_such() -> None:
    har = {"log": {"entries": [{"request": {"url": "https://example.com/"}}, {}, 7, None]}}

    with pytest.raises(BadAnswer, match="none of the 4"):
        read_entries(json.dumps(har).encode())


@pytest.mark.parametrize("rubbish", [None, 7, "x", [], {"text": 7}, {"text": "{", "params": 3}])
def test_rubbish_inside_a_capture_raises_nothing(rubbish: Any) -> None:
    request = {"method": rubbish, "url": "https://x/hes-gateway/terminal/sendMqtt", "postData": rubbish}
    entry = {"startedDateTime": rubbish, "request": request, "response": {"content": rubbish}}
    deep = {"text": "[" * 100_000}

    found = read_entries(
        json.dumps({"log": {"entries": [entry, {**entry, "response": {"content": deep}}]}}).encode()
    )

    assert len(found) == 2
