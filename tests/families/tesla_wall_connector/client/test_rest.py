from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from ohmstead.families.tesla_wall_connector.client.rest import open_client
from ohmstead.kit.link import Link, listen
from ohmstead.kit.link.http_serving import HttpReply
from ohmstead.model import BadAnswer, TimedOut, Unsupported
from ohmstead.testing import warped

Open = Callable[[], AbstractAsyncContextManager[Any]]  # Any: the conftest's Unit and what is connected to it


@warped
async def test_the_four_documents_are_read(wall_connector: Open) -> None:
    async with wall_connector() as (_, client, _):
        assert (await client.vitals()).evse_state == 11
        assert (await client.lifetime()).energy_wh == 270093
        assert (await client.version()).firmware == "21.8.5"
        assert (await client.wifi_status()).ssid == "home-net"


@warped
async def test_two_questions_at_once_are_asked_one_after_the_other(wall_connector: Open) -> None:
    async with wall_connector() as (unit, client, _):
        await asyncio.gather(client.vitals(), client.lifetime())

        assert unit.asked == ["/api/1/vitals", "/api/1/lifetime"]


@pytest.mark.parametrize(
    "trouble", [None, HttpReply(status=500), HttpReply(body=b"<html>busy"), HttpReply(body=b"{}")]
)
@warped
async def test_two_failures_in_a_row_are_not_seen(wall_connector: Open, trouble: HttpReply | None) -> None:
    async with wall_connector() as (unit, client, _):
        unit.next_replies = [trouble, trouble]

        assert (await client.vitals()).evse_state == 11
        assert len(unit.asked) == 3


@warped
async def test_three_failures_are_one_of_our_errors(wall_connector: Open) -> None:
    async with wall_connector() as (unit, client, _):
        unit.next_replies = [HttpReply(status=500)] * 3
        with pytest.raises(TimedOut, match="HTTP 500"):
            await client.vitals()
        unit.next_replies = [HttpReply(body=b"[]")] * 3
        with pytest.raises(BadAnswer):
            await client.vitals()


@warped
async def test_silence_is_waited_for_once() -> None:
    accepted: list[Link] = []

    async def say_nothing(link: Link) -> None:
        accepted.append(link)
        while await link.receive():
            pass

    async with (
        listen(say_nothing, "127.0.0.1", 0) as listener,
        open_client("127.0.0.1", listener.port) as client,
    ):
        with pytest.raises(TimedOut, match="did not answer within 15 s"):
            await client.version()
    assert len(accepted) == 1


@warped
async def test_what_has_no_such_page_is_no_wall_connector_and_not_asked_again(wall_connector: Open) -> None:
    async with wall_connector() as (unit, client, _):
        unit.next_replies = [HttpReply(status=404)]
        with pytest.raises(Unsupported, match="no third-generation Wall Connector"):
            await client.version()
        assert len(unit.asked) == 1


@warped
async def test_what_speaks_another_http_is_told_from_a_wall_connector(wall_connector: Open) -> None:
    async with wall_connector() as (unit, client, _):
        unit.next_replies = [HttpReply(status=426)] * 3
        with pytest.raises(
            BadAnswer, match=r"^HTTP 426 is no answer to version; check that a Wall Connector"
        ):
            await client.version()


@warped
async def test_fields_nobody_knows_are_told_once(
    wall_connector: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ohmstead.families.tesla_wall_connector")
    async with wall_connector() as (unit, client, _):
        unit.documents["/api/1/vitals"] = '{"evse_state":1,"moon_phase":3}'
        for _ in range(3):
            await client.vitals()

    assert [record.getMessage() for record in caplog.records] == [
        "fields of Vitals that are not known yet: moon_phase"
    ]
