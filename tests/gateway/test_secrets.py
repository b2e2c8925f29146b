from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.gateway.disk import open_disk
from ohmstead.gateway.remembering import DiskStore, Memory
from ohmstead.gateway.secrets import Secrets
from ohmstead.gateway.services import SiteServices
from ohmstead.kit.budget import Budgets
from ohmstead.kit.shared import Shared
from ohmstead.model import ConfigError, ScaledClock
from ohmstead.testing import warped


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "secrets.toml"
    path.write_text('"franklinwh/me@example.org" = "s3cret"\n')
    path.chmod(0o600)
    return path


def test_a_secret_comes_from_the_file(path: Path) -> None:
    assert Secrets(path.parent).secret("franklinwh/me@example.org") == "s3cret"


def test_the_environment_comes_first(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OHMSTEAD_SECRET_FRANKLINWH_ME_EXAMPLE_ORG", "newer")
    assert Secrets(path.parent).secret("franklinwh/me@example.org") == "newer"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_a_file_that_others_can_read_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(ConfigError) as caught:
        Secrets(path.parent).secret("franklinwh/me@example.org")
    assert str(caught.value) == (
        f"{path}: others on this machine can read the secrets (mode {mode:o}). For example: chmod 600 {path}"
    )


def test_a_missing_secret_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        Secrets(tmp_path).secret("roof/door")
    assert str(caught.value) == (
        f"{tmp_path}/secrets.toml: no secret for 'roof/door': set OHMSTEAD_SECRET_ROOF_DOOR, "
        'or write it to this file. For example: "roof/door" = "…"'
    )


def test_a_broken_file_is_refused_without_quoting_it(path: Path) -> None:
    path.write_text('"b" = "well"\n"a" = hunter2\n')
    with pytest.raises(ConfigError) as caught:
        Secrets(path.parent).secret("a")
    assert str(caught.value) == f'{path}:2: the secrets are not valid TOML here. For example: "mqtt" = "…"'
    assert caught.value.__cause__ is None


def untapped(direction: str, data: bytes) -> None:
    """Nobody records."""


@warped
async def test_what_a_family_keeps_secret_lies_among_the_secrets_and_in_no_other_file(tmp_path: Path) -> None:
    async with open_disk(tmp_path / "ledger.sqlite", threads=False) as disk:
        memory, secrets = Memory(disk), Secrets(tmp_path)
        clock = ScaledClock(datetime(2026, 6, 21, tzinfo=UTC))
        services = SiteServices(
            clock, Budgets(DiskStore(disk), clock), memory, secrets, lambda: untapped, shared=Shared()
        )
        await services.remember_secret("franklinwh/me@example.org", "APP_ACCOUNT::token")

        assert await services.recall_secret("franklinwh/me@example.org") == "APP_ACCOUNT::token"
        assert await services.recall_secret("franklinwh/you@example.org") is None
    assert holding(tmp_path, b"APP_ACCOUNT") == {"secrets.toml": 0o600}


def holding(folder: Path, text: bytes) -> dict[str, int]:
    """The files with this text in them, and who may read them."""
    return {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if text in path.read_bytes()
    }
