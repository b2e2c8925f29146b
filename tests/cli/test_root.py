from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from ohmstead import __version__
from ohmstead.cli import LazyCommand, root
from ohmstead.cli.families import family_commands
from ohmstead.cli.root import COMMANDS, NOT_BUILT
from ohmstead.kit.registry import families

CLI = root({})


def test_help_lists_every_command_with_its_purpose() -> None:
    shown = CliRunner().invoke(CLI, ["--help"]).stdout
    for name, command in COMMANDS.items():
        assert f"  {name} " in shown
        assert command.help in shown


def test_help_lists_every_family_whose_card_names_commands() -> None:
    named = tuple(sorted(card.name for card in families().values() if card.commands))
    assert len(named) >= 5
    assert family_commands() == named
    shown = CliRunner().invoke(CLI, ["--help"]).stdout
    for name in named:
        assert f"What only {name} devices can do." in shown


def test_a_room_above_adds_its_commands() -> None:
    extended = root({"demo": LazyCommand("ohmstead.cli.read:read", "Show a home.")})
    assert "Show a home." in CliRunner().invoke(extended, ["-h"]).stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_loads_and_explains_itself(name: str) -> None:
    result = CliRunner().invoke(CLI, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.stdout


@pytest.mark.parametrize("name", NOT_BUILT)
def test_a_command_that_is_not_built_says_so_whatever_it_is_asked(name: str) -> None:
    result = CliRunner().invoke(CLI, [name, "--some", "option", "argument"])
    assert result.exit_code == 2
    assert result.stderr == f"ohmstead: `{name}` is announced, but not built yet.\n"


def test_an_unknown_command_is_wrong_use() -> None:
    result = CliRunner().invoke(CLI, ["raed"])
    assert result.exit_code == 2
    assert "No such command 'raed'" in result.stderr


def test_the_version_is_the_packages() -> None:
    assert CliRunner().invoke(CLI, ["--version"]).stdout == f"ohmstead, version {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import json, sys\n"
        "from click.testing import CliRunner\n"
        "from ohmstead.app.commands import COMMANDS\n"
        "from ohmstead.cli import root\n"
        "assert CliRunner().invoke(root(COMMANDS), ['--help']).exit_code == 0\n"
        "print(json.dumps(sorted(sys.modules)))\n"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
    loaded = {module.partition(".")[0] for module in json.loads(shown)}
    assert loaded.isdisjoint({"aiohttp", "google", "msgspec", "rich", "sqlite3"})
    assert "ohmstead.model" not in json.loads(shown)


def test_an_interruption_while_a_command_is_loaded_ends_like_any_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slow_to_load.py").write_text("raise KeyboardInterrupt\n")
    monkeypatch.syspath_prepend(tmp_path)
    command_line = root({"slow": LazyCommand("slow_to_load:slow", "Takes its time.")})
    assert CliRunner().invoke(command_line, ["slow"]).exit_code == 130
