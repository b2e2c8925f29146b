from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ohmstead.cli import root
from ohmstead.kit.tokens import Scope, TokenStore

CLI = root({})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def call(*words: str) -> Result:
    return CliRunner().invoke(CLI, ["token", *words])


def test_a_token_is_printed_once_and_opens(folder: Path) -> None:
    made = call("create", "--name", "tablet", "--scope", "read,control", "--expires", "90d")
    assert made.exit_code == 0, made.output
    text = made.stdout.strip()
    store = TokenStore(folder / ".ohmstead" / "tokens.json")
    found = store.found(text)

    assert found is not None
    assert (found.name, found.scopes) == ("tablet", (Scope.READ, Scope.CONTROL))
    assert found.expires_at is not None
    assert (found.expires_at - found.created_at).days == 90
    listed = call("list")
    assert "tablet" in listed.stdout
    assert text not in listed.output + (folder / ".ohmstead" / "tokens.json").read_text()


def test_without_more_said_it_reads_for_90_days(folder: Path) -> None:
    call("create", "--name", "tablet")
    (one,) = json.loads(call("list", "--json").stdout)["tokens"]

    assert one["scopes"] == ["read"]
    assert one["expires_at"] is not None
    assert sorted(one) == ["created_at", "expires_at", "name", "scopes", "used_at"]


@pytest.mark.parametrize(
    ("expires", "told"), [("never", None), ("2099-12-31T12:00:00+00:00", "2099-12-31T12:00:00Z")]
)
def test_an_expiry_is_a_span_a_date_or_never(folder: Path, expires: str, told: str | None) -> None:
    made = json.loads(call("create", "--name", "t", "--expires", expires, "--json").stdout)

    assert made["expires_at"] == told
    assert TokenStore(folder / ".ohmstead" / "tokens.json").found(made["token"]) is not None


def test_a_day_counts_to_its_end(folder: Path) -> None:
    made = json.loads(call("create", "--name", "t", "--expires", "2099-12-31", "--json").stdout)

    assert made["expires_at"].startswith(("2099-12-31", "2100-01-01"))


def test_the_file_lies_beside_the_site_file_or_where_it_is_said(folder: Path) -> None:
    (folder / "config" / "ohmstead").mkdir(parents=True)
    (folder / "config" / "ohmstead" / "site.toml").write_text("")
    call("create", "--name", "tablet")
    call("create", "--name", "tablet", "--data", "elsewhere")

    assert (folder / "config" / "ohmstead" / ".ohmstead" / "tokens.json").exists()
    assert (folder / "elsewhere" / "tokens.json").exists()


def test_a_revoked_token_is_gone(folder: Path) -> None:
    call("create", "--name", "tablet")
    assert call("revoke", "--name", "tablet").exit_code == 0

    assert json.loads(call("list", "--json").stdout) == {"tokens": []}
    assert call("list").stdout == "There is no token yet: see ohmstead token create --help.\n"


@pytest.mark.parametrize(
    "words",
    [
        ("create",),
        ("create", "--name", "t", "--scope", "write"),
        ("create", "--name", "t", "--scope", ""),
        ("create", "--name", "t", "--expires", "soon"),
        ("create", "--name", "t", "--expires", "2001-01-01"),
        ("create", "--name", "t", "--expires", "0d"),
        ("create", "--name", "anonymous"),
        ("revoke", "--name", "nobody"),
    ],
)
def test_what_makes_no_sense_is_wrong_use_and_makes_nothing(folder: Path, words: tuple[str, ...]) -> None:
    found = call(*words)

    assert found.exit_code == 2, found.output
    assert "Traceback" not in found.output
    assert json.loads(call("list", "--json").stdout) == {"tokens": []}
