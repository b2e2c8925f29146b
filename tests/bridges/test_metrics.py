"""`GET /metrics` as the site serves it: free on this machine, for readers elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from toy_family import TOYS, Toy, ToyConfig

from ohmstead.api import ApiSettings, serve
from ohmstead.bridges import METRICS, Metrics
from ohmstead.gateway import SiteFile, open_gateway
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.model import ScaledClock
from ohmstead.testing import elapse, warped

NOON: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
CLOSED: Final = ApiSettings(loopback_scopes=())


@pytest.mark.parametrize(
    ("settings", "scope", "status"),
    [
        (ApiSettings(), None, 200),
        (CLOSED, None, 401),
        (CLOSED, Scope.CONTROL, 403),
        (CLOSED, Scope.READ, 200),
    ],
)
def test_metrics_are_for_readers(
    tmp_path: Path, settings: ApiSettings, scope: Scope | None, status: int
) -> None:
    found, text = fetch(tmp_path, settings, scope)

    assert found == status
    assert ('ohmstead_solar_power_watts{device="roof/1",family="toy"} 100.0' in text) is (status == 200)


@warped
async def fetch(folder: Path, settings: ApiSettings, scope: Scope | None) -> tuple[int, str]:
    TOYS.setdefault("roof", Toy())
    site_file = SiteFile(path=folder / "site.toml", devices=(ToyConfig(url="toy://roof", name="roof"),))
    clock = ScaledClock(NOON)
    store = TokenStore(folder / "tokens.json")
    headers = (
        {"Authorization": f"Bearer {store.create('reader', (scope,), now=NOON, expires_at=None)}"}
        if scope
        else {}
    )
    async with (
        open_gateway(site_file, directory=folder, clock=clock, threads=False) as gateway,
        serve(
            gateway,
            gate=Gate(store, clock),
            directory=folder,
            settings=settings,
            feeds={METRICS: Metrics(gateway)},
        ) as served,
        aiohttp.ClientSession(served.url) as session,
    ):
        await elapse(1)
        async with session.get(METRICS, headers=headers) as answer:
            return answer.status, await answer.text()
