"""S13, S14: what must not get out is searched in everything that gets out, with all five families at work."""

from __future__ import annotations

import logging
import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from asked import Asked
from demo_home import demo_home

from ohmstead.api import ROUTES
from ohmstead.gateway.secrets import FILE_NAME as SECRETS
from ohmstead.kit.tokens import FILE_NAME as TOKENS
from ohmstead.kit.tokens import Scope, TokenStore
from ohmstead.testing import elapse, warped

SHORTEST: Final = 6
"""Shorter texts turn up by chance."""
UNIT_ZERO: Final = re.compile(r"[A-Z]{2}\d{4}[A-Z]000")
"""A simulated adapter's number is what blanking makes of any."""
SESSION_S: Final = 90
WRONG: Final[tuple[tuple[str, str, dict[str, Any] | None], ...]] = (
    ("GET", "/devices/nobody", None),
    ("GET", "/history?device=a&signal=b&step_s=0", None),
    ("GET", "/captures/none/decoded", None),
    ("POST", "/commands", {"device": "nobody", "ability": "x", "value": 1}),
    ("POST", "/commands", {"device": 1}),
    ("POST", "/captures", {"source": "nobody"}),
    ("POST", "/console", {"device": "nobody", "method": "x"}),
    ("POST", "/devices/try", {"url": "givenergy://127.0.0.1:1", "settings": {}}),
    ("GET", "/nothing", None),
)


def serials(asked: Asked) -> set[str]:
    """Of every device, and every text that its family calls secret."""
    found = {status.serial for status in asked.gateway.devices()}
    for status in asked.gateway.devices():
        found |= {
            detail.value for detail in status.details if detail.secret and isinstance(detail.value, str)
        }
    return {text for text in found if len(text) >= SHORTEST and not UNIT_ZERO.fullmatch(text)}


def secrets(folder: Path) -> set[str]:
    kept = tomllib.loads((folder / SECRETS).read_text())
    return {value for value in kept.values() if len(value) >= SHORTEST}


def leaks(canaries: set[str], text: str) -> list[str]:
    return sorted(canary for canary in canaries if canary.lower() in text.lower())


async def recorded(asked: Asked) -> list[tuple[str, str]]:
    """What recordings of every source hold: the file and its words."""
    sources = dict.fromkeys(status.source for status in asked.gateway.devices())
    begun = [(await asked.post("/captures", {"source": source}))[1]["id"] for source in sources]
    await elapse(SESSION_S)
    found = []
    for name in begun:
        async with asked.session.get(f"/api/v1/captures/{name}/file") as response:
            found.append((name, await response.text()))
        async with asked.session.get(f"/api/v1/captures/{name}/decoded?limit=1000") as response:
            found.append((f"{name} in words", await response.text()))
    return found


def frames_as_text(recording: str) -> str:
    """With the frames' bytes as characters, so that a serial shows as what it is."""
    return "".join(
        bytes.fromhex(line.partition('"frame_hex":"')[2].partition('"')[0]).decode("latin-1")
        for line in recording.splitlines()
    )


@pytest.mark.long
@warped
async def test_no_serial_and_no_secret_is_in_a_recording(tmp_path: Path) -> None:
    async with demo_home(tmp_path) as asked:
        canaries = serials(asked) | secrets(tmp_path / "data")
        assert len(canaries) > 10
        for name, text in await recorded(asked):
            assert leaks(canaries, text) == [], name
            if not name.endswith("words"):
                assert len(text.splitlines()) > 3, name
                assert leaks(canaries, frames_as_text(text)) == [], name


@warped
async def test_no_serial_and_no_secret_is_in_the_log_or_an_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with demo_home(tmp_path) as asked:
        canaries = serials(asked) | secrets(tmp_path / "data")
        for method, path, body in WRONG:
            async with asked.session.request(method, f"/api/v1{path}", json=body) as response:
                assert response.status >= 400, path
                assert leaks(canaries, await response.text()) == [], path
        await elapse(SESSION_S)
    assert leaks(canaries, caplog.text) == []


@warped
async def test_no_secret_is_in_any_answer(tmp_path: Path) -> None:
    """Serials are their owner's to see; passwords, tokens and keys nobody's."""
    now = datetime(2026, 6, 25, tzinfo=UTC)
    folder = tmp_path / "data"
    folder.mkdir()
    token = TokenStore(folder / TOKENS).create("phone", tuple(Scope), now=now, expires_at=None)
    async with demo_home(tmp_path) as asked:
        hidden = {
            detail.value
            for status in asked.gateway.devices()
            for detail in status.details
            if detail.secret and isinstance(detail.value, str) and len(detail.value) >= SHORTEST
        } - {status.serial for status in asked.gateway.devices()}
        for route in ROUTES:
            if route.method != "GET" or "{" in route.path or route.path in ("/live", "/discover", "/history"):
                continue
            async with asked.session.get(f"/api/v1{route.path}") as response:
                text = await response.text()
            assert response.status == 200, route.path
            assert leaks(secrets(folder) | {token} | hidden, text) == [], route.path
    assert token not in (folder / TOKENS).read_text()
    assert leaks(secrets(folder), (tmp_path / "site.toml").read_text()) == []
    for file in (folder / TOKENS, folder / SECRETS):
        assert file.stat().st_mode & 0o077 == 0, file
