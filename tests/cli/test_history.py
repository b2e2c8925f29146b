from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ohmstead.cli import root
from ohmstead.gateway.locking import only_one

LINES = "at,device,signal,value\n2026-06-21T12:00:00Z,roof/1,solar.power_w,100\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "in.csv").write_text(LINES)
    folder = tmp_path / "data"
    assert ask("import", str(tmp_path / "in.csv"), data=folder).exit_code == 0
    return folder


def ask(*arguments: str, data: Path) -> Result:
    return CliRunner().invoke(root({}), ["history", *arguments, "--data", str(data)])


def test_what_was_taken_in_is_told_and_taken_out(data: Path, tmp_path: Path) -> None:
    found = json.loads(ask("stats", "--json", data=data).stdout)
    assert (found["samples"], found["signals"][0]["device"]) == (1, "roof/1")
    assert ask("export", str(tmp_path / "out.csv"), data=data).exit_code == 0
    assert (
        "2026-06-21T12:00:00.000+00:00,roof/1,solar.power_w,100.0,W,good"
        in (tmp_path / "out.csv").read_text()
    )


def test_a_backup_is_made_and_put_back(data: Path, tmp_path: Path) -> None:
    assert ask("backup", str(tmp_path / "copy"), data=data).exit_code == 0
    restored = ask("restore", str(tmp_path / "copy"), data=tmp_path / "elsewhere")
    assert restored.exit_code == 0
    assert json.loads(ask("stats", "--json", data=tmp_path / "elsewhere").stdout)["samples"] == 1


def test_a_sound_file_ends_with_0_and_a_missing_one_does_not(data: Path, tmp_path: Path) -> None:
    assert json.loads(ask("check", "--json", data=data).stdout)["is_sound"] is True
    missing = ask("check", data=tmp_path / "nowhere")
    assert missing.exit_code == 1
    assert "there is no history" in missing.stderr


@pytest.mark.parametrize("arguments", [("import", "in.csv"), ("restore", "in.csv")])
def test_nothing_is_put_in_under_a_running_gateway(
    data: Path, tmp_path: Path, arguments: tuple[str, str]
) -> None:
    with only_one(data):
        refused = ask(arguments[0], str(tmp_path / arguments[1]), data=data)
    assert refused.exit_code == 2
    assert "most likely the gateway, is at work in" in refused.stderr


def test_a_file_that_was_put_aside_is_salvaged(data: Path, tmp_path: Path) -> None:
    salvaged = ask("salvage", str(data / "history.sqlite"), data=tmp_path / "elsewhere")
    assert salvaged.exit_code == 0
    assert "1 values taken in; 0 hours of devices could not be read." in salvaged.stderr
    assert json.loads(ask("stats", "--json", data=tmp_path / "elsewhere").stdout)["samples"] == 1


def test_a_format_nobody_knows_is_named(data: Path, tmp_path: Path) -> None:
    refused = ask("export", str(tmp_path / "out.xlsx"), data=data)
    assert refused.exit_code == 2
    assert "end in .csv or .parquet" in refused.stderr
