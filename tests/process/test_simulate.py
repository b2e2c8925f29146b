from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.process

Ohmstead = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]


def test_the_ready_line_says_where(start: Start) -> None:
    ready = json.loads(start("simulate", "hoymiles").line())
    assert ready["event"] == "ready"
    assert ready["family"] == "hoymiles"
    assert ready["host"] == "127.0.0.1"
    assert ready["port"] in ready["endpoints"].values()
    assert ready["control"] is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_is_a_normal_ending(start: Start, number: signal.Signals) -> None:
    simulator = start("simulate", "hoymiles", "--control", "0")
    simulator.line()
    code = simulator.end(number)
    assert code == 0
    assert simulator.errors == []


def test_the_control_interface_lists_actions_and_shows_the_state(start: Start, fetch: Fetch) -> None:
    simulator = start("simulate", "hoymiles", "--control", "0", "--seed", "7")
    control = f"http://127.0.0.1:{json.loads(simulator.line())['control']}"
    actions = fetch(f"{control}/")["actions"]
    assert actions
    assert all(action["help"] for action in actions.values())
    assert isinstance(fetch(f"{control}/state"), dict)


def test_models_are_listed_one_a_line(ohmstead: Ohmstead) -> None:
    result = ohmstead("simulate", "hoymiles", "--list-models")
    assert result.returncode == 0
    assert "hmsw-mid" in result.stdout.splitlines()


def test_an_unknown_family_is_wrong_use(ohmstead: Ohmstead) -> None:
    result = ohmstead("simulate", "steam-engine")
    assert result.returncode == 2
    assert "no family is called 'steam-engine'; there are" in result.stderr


def test_a_taken_port_is_a_sentence(ohmstead: Ohmstead, dtu: int) -> None:
    result = ohmstead("simulate", "hoymiles", "--port", str(dtu))
    assert result.returncode == 2
    assert result.stderr.startswith(f"ohmstead: cannot listen on 127.0.0.1:{dtu}")
    assert result.stdout == ""
