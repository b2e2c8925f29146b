"""Devices that are there become a site file that is valid as it stands."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from ohmstead.cli import proposing, root
from ohmstead.cli.discover import known_places
from ohmstead.cli.proposing import proposal, time_zone
from ohmstead.gateway import read_site_file
from ohmstead.model import Found

CLI = root({})
ROOF = Found(family="hoymiles", url="hoymiles://192.0.2.7", title="2 × HMS", serial="1")
SHED = Found(family="hoymiles", url="hoymiles://192.0.2.8", title="odd\n[site]\nname = \x1b[31m", serial="2")
CLOUD = Found(
    family="franklinwh", url="franklinwh://{account}@/", title="Cloud", needs=("account", "password")
)


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)


@contextmanager
def simulated(family: str) -> Iterator[int]:
    command = [Path(sys.executable).with_name("ohmstead"), "simulate", family]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["port"]
        process.send_signal(signal.SIGINT)


def test_the_proposal_is_a_valid_site_file_with_what_needs_more_as_a_comment(tmp_path: Path) -> None:
    text = proposal([CLOUD, ROOF, SHED])
    assert text == (
        '[site]\nname = "Home"\ntime_zone = "Europe/Berlin"\n'
        '\n# 2 × HMS\n[[device]]\nname = "hoymiles"\nurl = "hoymiles://192.0.2.7"\n'
        '\n# odd [site] name = \N{REPLACEMENT CHARACTER}[31m\n[[device]]\nname = "hoymiles-2"\n'
        'url = "hoymiles://192.0.2.8"\n'
        '\n# Cloud\n# Needs account and password:\n# [[device]]\n# name = "franklinwh"\n'
        '# url = "franklinwh://{account}@/"\n'
    )
    path = tmp_path / "site.toml"
    path.write_text(text)
    site = read_site_file(path)
    assert [device.name for device in site.devices] == ["hoymiles", "hoymiles-2"]
    assert not any(device.control for device in site.devices)


def test_a_time_zone_that_is_none_is_not_proposed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(proposing, "LOCAL_TIME", tmp_path / "none")
    monkeypatch.setenv("TZ", "../../etc/passwd")
    assert time_zone() == "UTC"
    monkeypatch.setattr(proposing, "LOCAL_TIME", Path("/usr/share/zoneinfo/Europe/London"))
    assert time_zone() in ("Europe/London", "UTC")  # UTC on a machine without a database of its own


@pytest.mark.process
def test_a_simulated_device_is_found_and_its_file_is_written_once(tmp_path: Path) -> None:
    with simulated("everest") as port:
        arguments = ["discover", "--network", f"127.0.0.1:{port}", "--write", "home.toml"]
        first = CliRunner().invoke(CLI, arguments)
        again = CliRunner().invoke(CLI, arguments)
    assert first.exit_code == 0, first.output
    assert first.stdout == ""
    (device,) = read_site_file(tmp_path / "home.toml").devices
    assert device.url == f"everest://127.0.0.1:{port}"
    assert again.exit_code == 2
    assert "not written over" in again.output


@pytest.mark.process
def test_json_is_one_document_and_nothing_found_is_said_beside_it() -> None:
    done = CliRunner().invoke(CLI, ["discover", "--network", "127.0.0.1:9", "--json"])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [one["family"] for one in document["found"]] == ["franklinwh"]
    assert document["site"].startswith("[site]\n")
    assert "Nobody answered" in done.stderr


@pytest.mark.process
def test_what_is_left_alone_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('[[device]]\nurl = "hoymiles://127.0.0.1:9"\n')
    done = CliRunner().invoke(CLI, ["discover", "--network", "127.0.0.1:9"])
    assert "Left alone, because the site file names them: 127.0.0.1:9.\n" in done.stderr


@pytest.mark.parametrize("network", ["8.8.8.0/24", "10.0.0.0/8", "home"])
def test_networks_that_are_not_a_homes_are_wrong_use(network: str) -> None:
    done = CliRunner().invoke(CLI, ["discover", "--network", network])
    assert done.exit_code == 2
    assert network in done.output


def test_devices_of_the_site_file_are_known_and_a_broken_file_knows_none(tmp_path: Path) -> None:
    path = tmp_path / "site.toml"
    assert known_places([path]) == frozenset()
    path.write_text('[[device]]\nurl = "hoymiles://192.0.2.7:1"\n')
    assert known_places([tmp_path / "none", path]) == {"192.0.2.7:1"}
    path.write_text("[[device")
    assert known_places([path]) == frozenset()
