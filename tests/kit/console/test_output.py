from __future__ import annotations

import json
from types import MappingProxyType

import click
import pytest
from click.testing import CliRunner

from ohmstead.kit.console import Table, command, json_option, note, progress, show

TABLE = Table(
    title="Devices",
    columns=("device", "power"),
    rows=(("roof[bold]", "812 W"), ("bell\x07\x1b[31m", "4.21 kW")),
    right=frozenset({"power"}),
)


@command()
@json_option
def devices(as_json: bool) -> None:
    note("beside it")
    with progress("counting", 2) as advance:
        advance(2)
    show(MappingProxyType({"devices": [{"id": "roof", "power_w": 812.0}]}), lambda: [TABLE], as_json=as_json)


def test_json_is_the_only_thing_on_stdout() -> None:
    result = CliRunner().invoke(devices, ["--json"])
    assert json.loads(result.stdout) == {"devices": [{"id": "roof", "power_w": 812.0}]}
    assert result.stdout.count("\n") == 1
    assert result.stderr == "beside it\n"


def test_a_table_shows_device_text_as_text() -> None:
    shown = click.unstyle(CliRunner().invoke(devices).stdout)
    assert "roof[bold]" in shown
    assert "\x07" not in shown
    assert "\x1b" not in shown
    assert "4.21 kW" in shown


def test_a_table_without_rows_may_say_so_in_words() -> None:
    @command()
    def search() -> None:
        show(
            {}, lambda: [Table(title="Devices", columns=("device",), rows=(), nothing="None.")], as_json=False
        )

    assert CliRunner().invoke(search).stdout == "None.\n"


def test_nothing_is_drawn_where_nobody_wants_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    show({}, lambda: [TABLE], as_json=False)
