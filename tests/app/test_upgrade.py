"""What an earlier version left behind is taken over whole; and what is backed up comes back on an empty machine.

`data/before` was written by the version before quarter-hours had books: three and a half hours of a June morning with
simulated micro-inverters and a simulated battery, one command, one token, one secret. `expected.json` is what that
version itself said of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from ohmstead.app.commands import COMMANDS
from ohmstead.app.faces import FACES
from ohmstead.cli import root
from ohmstead.gateway import Gateway, open_gateway, read_site_file
from ohmstead.kit.tokens import FILE_NAME, Gate, TokenStore, Verdict
from ohmstead.model import Outcome, ScaledClock
from ohmstead.testing import elapse, warped

BEFORE: Final = Path(__file__).parent / "data" / "before"
EXPECTED: Final[dict[str, Any]] = json.loads((BEFORE / "expected.json").read_text("utf-8"))
UNTIL: Final = datetime.fromisoformat(EXPECTED["until"])
CLI: Final = root(COMMANDS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """As the earlier version left it."""
    folder = tmp_path / "home"
    shutil.copytree(BEFORE, folder)
    for private in ("secrets.toml", "tokens.json"):
        (folder / "data" / private).chmod(0o600)
    return folder


@asynccontextmanager
async def upgraded(home: Path) -> AsyncIterator[Gateway]:
    site_file = read_site_file(home / "site.toml", faces=FACES)
    clock = ScaledClock(UNTIL + timedelta(minutes=5))
    async with open_gateway(site_file, directory=home / "data", clock=clock, threads=False) as gateway:
        await elapse(30)
        yield gateway


async def samples(gateway: Gateway) -> int:
    return sum(signal.samples for signal in await gateway.history.signals())


@warped
async def test_an_upgrade_keeps_configuration_and_history(home: Path) -> None:
    written = (home / "site.toml").read_text("utf-8")
    async with upgraded(home) as gateway:
        assert gateway.site_file.site.name == "Mill house"
        assert [config.name for config in gateway.site_file.devices] == ["roof", "battery"]
        assert gateway.site_file.devices[0].control
        assert not gateway.config_problem

        found = await gateway.history.signals()
        assert len(found) == EXPECTED["signals"]
        assert await samples(gateway) == EXPECTED["samples"]
        morning = UNTIL.replace(hour=9, minute=0, second=0, microsecond=0)
        (series,) = [
            await gateway.history.series(signal.device, signal.name, morning, UNTIL, 60.0)
            for signal in found
            if signal.name == "battery.soc_pct"
        ]
        assert len(series.points) == 211

        assert {status.id: status.serial for status in gateway.devices()} == EXPECTED["devices"]
        (entry,) = await gateway.commands.ledger(10)
        assert entry.receipt is not None
        assert (entry.asked, entry.receipt.outcome) == (80.0, Outcome.CONFIRMED)
        assert gateway.secrets.secret("franklinwh/you@example.com") == "kept over an upgrade"
        assert (home / "site.toml").read_text("utf-8") == written
    token = (home / "token.txt").read_text("utf-8")
    gate = Gate(TokenStore(home / "data" / FILE_NAME), ScaledClock(UNTIL))
    assert gate.judge(token, "127.0.0.1").verdict is Verdict.GOOD


@pytest.mark.long
@warped
async def test_an_upgraded_home_goes_on_where_it_was_and_starts_again(home: Path) -> None:
    for _ in range(2):
        async with upgraded(home) as gateway:
            assert await samples(gateway) == EXPECTED["samples"]
            await elapse(3600)
    assert CliRunner().invoke(CLI, ["history", "check", "--data", str(home / "data")]).exit_code == 0


def test_a_backup_comes_back_on_an_empty_machine(home: Path, tmp_path: Path) -> None:
    """As docs/deploying.md says it."""
    stick, new = tmp_path / "stick", tmp_path / "new"
    stick.mkdir()
    said = CliRunner().invoke(
        CLI, ["history", "backup", str(stick / "history.sqlite"), "--data", str(home / "data")]
    )
    assert said.exit_code == 0, said.output
    for name in ("site.toml", "data/secrets.toml", "data/tokens.json"):
        shutil.copy2(home / name, stick)

    (new / "data").mkdir(parents=True)
    shutil.copy2(stick / "site.toml", new)
    for name in ("secrets.toml", "tokens.json"):
        shutil.copy2(stick / name, new / "data")
    said = CliRunner().invoke(
        CLI, ["history", "restore", str(stick / "history.sqlite"), "--data", str(new / "data")]
    )
    assert said.exit_code == 0, said.output
    came_back(new)


@warped
async def came_back(new: Path) -> None:
    async with upgraded(new) as gateway:
        assert await samples(gateway) == EXPECTED["samples"]
        assert gateway.secrets.secret("franklinwh/you@example.com") == "kept over an upgrade"
