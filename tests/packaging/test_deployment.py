"""What the gateway is deployed with: a confined service, a container file, and wheels for a Raspberry Pi."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import pytest

from ohmstead.app.commands import COMMANDS
from ohmstead.cli import root

ROOT: Final = Path(__file__).parents[2]
UNIT: Final = ROOT / "packaging" / "systemd" / "ohmstead.service"
CONTAINER: Final = ROOT / "packaging" / "container" / "Containerfile"
MOST_EXPOSED: Final = 1.5
"""Of 10. What is left is the network, which a gateway is there for."""
PYTHONS: Final = ("3.11", "3.12", "3.13")
PLATFORMS: Final = ("manylinux2014_aarch64", "manylinux_2_28_aarch64")


class Distribution(NamedTuple):
    wheel: Path
    sdist: Path


def run(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def needed(program: str) -> str:
    """The program's path; without it the test cannot be made here."""
    beside = Path(sys.executable).with_name(program)
    found = str(beside) if beside.exists() else shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def arguments_of(line: str) -> list[str]:
    """Of the command line after the program's own name."""
    return re.findall(r'[^\s",\[\]]+', line)


def options_exist(arguments: Sequence[str]) -> bool:
    command = root(COMMANDS).get_command(click.Context(root(COMMANDS)), arguments[0])
    assert command is not None
    known = {option for parameter in command.params for option in parameter.opts}
    return {argument for argument in arguments if argument.startswith("--")} <= known


def test_the_service_is_confined() -> None:
    """S20."""
    said = run([needed("systemd-analyze"), "security", "--offline=true", "--no-pager", UNIT])
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
    assert found, said.stderr
    assert float(found[1]) <= MOST_EXPOSED, said.stdout


def test_the_service_has_an_unprivileged_user_and_one_writable_folder() -> None:
    """S20, also where nothing can analyse it."""
    lines = set(UNIT.read_text("utf-8").splitlines())
    assert {
        "User=ohmstead",
        "StateDirectory=ohmstead",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "SystemCallFilter=@system-service",
        "UMask=0077",
    } <= lines
    assert not any(line.startswith(("ReadWritePaths", "AmbientCapabilities=C")) for line in lines)


def test_the_service_is_written_in_systemds_words(tmp_path: Path) -> None:
    program = tmp_path / "ohmstead"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/ohmstead/bin/ohmstead", str(program)))
    done = run([needed("systemd-analyze"), "verify", unit])
    assert (done.returncode, done.stderr) == (0, "")


def test_service_and_container_start_the_gateway_as_it_can_be_started() -> None:
    (started,) = re.findall(r"^ExecStart=\S+ (.*)$", UNIT.read_text("utf-8"), re.MULTILINE)
    (contained,) = re.findall(r"^CMD (.*)$", CONTAINER.read_text("utf-8"), re.MULTILINE)
    for line in (started, contained):
        arguments = arguments_of(line)
        assert arguments[0] == "run"
        assert options_exist(arguments)


def test_the_container_file_has_nothing_to_complain_of() -> None:
    done = run([needed("hadolint"), CONTAINER])
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_runs_as_nobody_in_particular_and_copies_what_there_is() -> None:
    """S20."""
    lines = CONTAINER.read_text("utf-8").splitlines()
    assert lines.index("USER 10001") < next(
        i for i, line in enumerate(lines) if line.startswith("ENTRYPOINT")
    )
    copied = {
        name
        for line in lines
        if line.startswith("COPY ") and "--from" not in line
        for name in line.split()[1:-1]
    }
    assert all((ROOT / name).exists() for name in copied)
    sent = (CONTAINER.parent / "Containerfile.dockerignore").read_text("utf-8")
    assert {name.removeprefix("./") for name in copied} == set(re.findall(r"^!(.*)$", sent, re.MULTILINE))


@pytest.mark.packaging
@pytest.mark.parametrize("python", PYTHONS)
def test_nobody_needs_a_compiler_on_a_raspberry_pi(
    python: str, distribution: Distribution, tmp_path: Path
) -> None:
    done = run(
        [
            *(sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "download"),
            *("--only-binary=:all:", "--implementation", "cp", "--python-version", python),
            *(word for platform in PLATFORMS for word in ("--platform", platform)),
            *("--constraint", ROOT / "constraints.txt", "--dest", tmp_path),
            f"{distribution.wheel}[site]",
        ]
    )
    assert done.returncode == 0, done.stderr
    wheels = {path.name for path in tmp_path.iterdir()}
    assert all(name.endswith(".whl") for name in wheels)
    assert any("aarch64" in name for name in wheels)
