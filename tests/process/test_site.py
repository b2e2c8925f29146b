from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.process

Ohmstead = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., Any]  # Any: the conftest's Running, and JSON
Fetch = Callable[..., Any]


def address(running: Any) -> str:  # Any: as above
    found = re.search(r"http://[\d.:]+", running.line())
    assert found, running.errors
    return found[0]


def write_site(folder: Path, port: int) -> None:
    (folder / "site.toml").write_text(
        f'[site]\nname = "Test home"\n\n[[device]]\nname = "roof"\nurl = "hoymiles://127.0.0.1:{port}"\n'
    )


def test_the_demo_shows_solar_power_of_a_home_with_seven_sources(start: Start, eventually: Fetch) -> None:
    demo = start("demo", "--port", "0", "--no-browser")
    url = address(demo)
    state = eventually(f"{url}/api/v1/state", lambda state: is_alive(state["flows"]))
    assert {device["source"] for device in state["devices"]} == {
        "roof",
        "garage",
        "battery",
        "drive",
        "carport",
        "workshop",
        "annex",
    }


def is_alive(flows: Mapping[str, float | None]) -> bool:
    """The sun feeds a home whose meter answers. In the first moments the meter's second is not yet the roofs'."""
    return (flows["solar_w"] or 0) > 0 and flows["grid_w"] is not None and (flows["home_w"] or 0) > 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_demo_ends_and_leaves_nothing_behind(
    start: Start, eventually: Fetch, tmp_path: Path, number: signal.Signals
) -> None:
    demo = start("demo", "--port", "0", "--no-browser", "--home", "us")
    eventually(f"{address(demo)}/api/v1/state", bool)
    assert len(list(tmp_path.glob("ohmstead-demo-*"))) == 1  # for a moment there may be other temporary files
    code = demo.end(number)
    # That it was kept waiting by a busy machine is the one thing it may have to say.
    said = [line for line in demo.errors if " ohmstead.gateway.watchdog: " not in line]
    assert (code, said) == (0, [])
    assert list(tmp_path.iterdir()) == []


def test_a_taken_port_is_wrong_use(ohmstead: Ohmstead) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        threading.Thread(target=server.serve_forever).start()
        port = server.server_port
        result = ohmstead("demo", "--port", str(port), "--no-browser")
        server.shutdown()
    assert result.returncode == 2
    assert result.stderr == (
        f"ohmstead: port {port} is taken by another program. Choose another one. "
        f"For example: --port {port + 1}\n"
    )


def test_a_second_gateway_on_the_port_is_told_who_has_it(start: Start, ohmstead: Ohmstead) -> None:
    url = address(start("demo", "--port", "0", "--no-browser"))
    port = url.rpartition(":")[2]
    result = ohmstead("demo", "--port", port, "--no-browser")
    assert result.returncode == 2
    assert "is taken by another Ohmstead" in result.stderr


def test_a_gateway_that_asks_everybody_for_a_token_is_known_as_one(
    start: Start, ohmstead: Ohmstead, tmp_path: Path
) -> None:
    (tmp_path / "site.toml").write_text("[api]\nloopback_scopes = []\n")
    url = address(start("run", "--port", "0"))
    second = ohmstead("run", "--port", url.rpartition(":")[2])
    assert (second.returncode, "is taken by another Ohmstead" in second.stderr) == (2, True)
    for command in ("doctor", "watch"):
        result = ohmstead(command, "--gateway", url)
        assert result.returncode == 4
        assert result.stderr.startswith(
            f"ohmstead: the gateway at {url} asks for a token on its own machine too"
        )


def test_a_site_runs_from_its_file_and_keeps_its_data_beside_it(
    start: Start, eventually: Fetch, dtu: int, tmp_path: Path
) -> None:
    write_site(tmp_path, dtu)
    run = start("run", "--port", "0")
    state = eventually(f"{address(run)}/api/v1/state", lambda state: state["flows"]["solar_w"] is not None)
    assert state["site"]["name"] == "Test home"
    code = run.end()
    assert code == 0
    assert (tmp_path / ".ohmstead").is_dir()


def test_a_new_home_is_begun_empty_and_can_be_set_up(start: Start, eventually: Fetch, tmp_path: Path) -> None:
    run = start("run", "--new", "--port", "0")
    site = eventually(f"{address(run)}/api/v1/site", lambda site: True)
    assert (site["name"], site["devices"], site["can_undo"]) == ("Home", [], False)
    assert (tmp_path / "site.toml").read_text().startswith('[site]\nname = "Home"\n')
    assert run.end() == 0


def test_without_a_site_file_run_shows_how_to_write_one(ohmstead: Ohmstead) -> None:
    result = ohmstead("run")
    assert result.returncode == 2
    assert '[[device]]\nname = "roof"\nurl = "hoymiles://192.0.2.7"' in result.stderr


def test_a_broken_site_file_is_one_sentence(ohmstead: Ohmstead, tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[site]\nnmae = "Home"\n')
    result = ohmstead("run")
    assert result.returncode == 2
    assert "site.toml:2" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_doctor_finds_a_running_gateway_well(
    start: Start, ohmstead: Ohmstead, eventually: Fetch, dtu: int, tmp_path: Path
) -> None:
    write_site(tmp_path, dtu)
    url = address(start("run", "--port", "0"))
    eventually(f"{url}/api/v1/devices", lambda devices: all(d["health"] == "good" for d in devices))
    result = ohmstead("doctor", "--gateway", url, "--json")
    found = json.loads(result.stdout)
    assert {device["health"] for device in found["devices"]} == {"good"}
    # On a busy machine the gateway may have stood still, which would be worth a word.
    assert [problem for problem in found["site"] if "stood still" not in problem] == []
    assert result.returncode == (1 if found["site"] else 0), result.stderr


def test_the_doctor_explains_a_device_that_is_away(
    start: Start, ohmstead: Ohmstead, eventually: Fetch, closed_port: int, tmp_path: Path
) -> None:
    write_site(tmp_path, closed_port)
    url = address(start("run", "--port", "0"))
    eventually(f"{url}/api/v1/devices", lambda devices: devices[0]["health"] == "unreachable")
    for arguments in (("--gateway", url), ("site.toml",)):
        result = ohmstead("doctor", *arguments)
        assert result.returncode == 1, result.stderr
        assert "refused the connection" in result.stdout
        assert "has power" in result.stdout
