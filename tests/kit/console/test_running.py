from __future__ import annotations

import asyncio

import click
import pytest
from click.testing import CliRunner

from ohmstead.kit.console import command, group
from ohmstead.model import TimedOut


@command()
@click.argument("name")
async def greet(name: str) -> None:
    """Say hello."""
    await asyncio.sleep(0)
    click.echo(f"hello {name}")


@command()
async def wait_in_vain() -> None:
    raise TimedOut("192.0.2.7:10081 accepted the connection and stays silent.")


@command()
def stumble() -> None:
    raise RuntimeError("a bug")


@command()
async def be_interrupted() -> None:
    raise KeyboardInterrupt


def test_an_async_command_runs() -> None:
    result = CliRunner().invoke(greet, ["world"])
    assert (result.exit_code, result.output) == (0, "hello world\n")


def test_an_error_of_ours_ends_in_its_sentence_and_code() -> None:
    result = CliRunner().invoke(wait_in_vain)
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr == "ohmstead: 192.0.2.7:10081 accepted the connection and stays silent.\n"


def test_an_unexpected_error_ends_without_a_traceback() -> None:
    result = CliRunner().invoke(stumble)
    assert result.exit_code == 1
    assert result.stderr == (
        "ohmstead: something unexpected happened (RuntimeError: a bug); set OHMSTEAD_DEBUG=1 to see where.\n"
    )


def test_debugging_brings_the_traceback_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OHMSTEAD_DEBUG", "1")
    assert isinstance(CliRunner().invoke(stumble).exception, RuntimeError)


def test_an_interrupted_command_ends_with_130() -> None:
    assert CliRunner().invoke(be_interrupted).exit_code == 130


def test_the_commands_of_a_group_end_the_same_way() -> None:
    @group()
    def family() -> None:
        """A family's commands."""

    @family.command()
    async def fail() -> None:
        raise TimedOut("silence.")

    assert CliRunner().invoke(family, ["fail"]).exit_code == 3


def test_wrong_use_ends_with_2() -> None:
    assert CliRunner().invoke(greet).exit_code == 2
