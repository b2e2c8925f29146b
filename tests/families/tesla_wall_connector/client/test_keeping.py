"""Whether a window that is kept awake stays open, on units that do it and on units that do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from ohmstead.families.tesla_wall_connector.client.keeping import (
    Attempt,
    KeptUntil,
    keep_awake,
    load_page,
    verdict,
)
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator
from ohmstead.families.tesla_wall_connector.simulator import simulate
from ohmstead.kit.link.http import HttpSession, http
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import warped


@asynccontextmanager
async def window(page_extends_min: int) -> AsyncIterator[tuple[HttpSession, Configurator]]:
    world = World(ScaledClock(datetime(2026, 6, 21, 8, tzinfo=UTC)))
    extras = {"latency": "none", "drop-outs": "0", "page-extends": str(page_extends_min)}
    async with simulate(SimulatorOptions(extras=extras), world) as simulator:
        port = simulator.endpoints["ap"]
        async with http(f"http://127.0.0.1:{port}", keep_alive_s=120) as session:
            yield session, Configurator(session)


@warped
async def test_where_pages_extend_a_window_it_is_held_for_the_time_asked() -> None:
    async with window(page_extends_min=10) as (session, configurator):
        found = await keep_awake(session, configurator, 3600)

    assert (found.until, found.held_s, found.failed_pages) == (
        KeptUntil.TIME_OVER,
        pytest.approx(3600, abs=35),
        0,
    )
    assert found.pages >= 119


@warped
async def test_where_they_do_not_its_end_is_measured() -> None:
    async with window(page_extends_min=0) as (session, configurator):
        found = await keep_awake(session, configurator, 2 * 3600)

    assert found.until in (KeptUntil.LAPSED, KeptUntil.GONE)
    assert found.held_s <= 45 * 60


@warped
async def test_a_file_whose_name_no_request_can_carry_is_passed_over() -> None:
    asked: list[str] = []

    async def answer(request: HttpRequest) -> HttpReply:
        asked.append(request.path)
        return HttpReply(body='<script src="/über.js"></script><script src="/app.js"></script>'.encode())

    async with serve_http(answer) as server, http(f"http://127.0.0.1:{server.port}") as session:
        assert await load_page(session) == 2

    assert asked == ["/", "/app.js"]


def attempt(minutes: float, *, is_kept: bool) -> Attempt:
    return Attempt(held_s=minutes * 60, pages=1, failed_pages=0, until=KeptUntil.GONE, is_kept=is_kept)


def test_nothing_is_claimed_before_three_attempts_each() -> None:
    kept = [attempt(47, is_kept=True)] * 3

    assert verdict(kept) == "not enough attempts to tell: 3 with pages, 0 without"
    assert (
        verdict([*kept, *[attempt(30, is_kept=False)] * 3])
        == "held 47 min; without it 30 min on this firmware"
    )
    assert (
        verdict([*kept, *[attempt(47, is_kept=False)] * 3]) == "no difference: 47 min with pages and without"
    )
