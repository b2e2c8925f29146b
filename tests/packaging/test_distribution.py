"""What users install: whole, and working outside the repository."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

import pytest

from ohmstead import __version__

pytestmark = pytest.mark.packaging

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


class Distribution(NamedTuple):
    wheel: Path
    sdist: Path


def package_files() -> set[str]:
    """Every file of the package in the repository."""
    source = ROOT / "src"
    return {
        path.relative_to(source).as_posix()
        for path in (source / "ohmstead").rglob("*")
        if path.is_file() and not {"__pycache__", ".DS_Store"} & set(path.parts)
    }


def test_the_wheel_holds_every_file_of_the_package(distribution: Distribution) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        held = set(wheel.namelist())

    assert package_files() - held == set()
    assert {name.partition("/")[0] for name in held} == {"ohmstead", f"ohmstead-{__version__}.dist-info"}


@pytest.mark.parametrize("wanted", ["ohmstead/py.typed", "ohmstead/families/_blueprint/README.md"])
def test_the_wheel_holds_what_is_not_python(distribution: Distribution, wanted: str) -> None:
    with zipfile.ZipFile(distribution.wheel) as wheel:
        assert wanted in wheel.namelist()


def test_the_sdist_holds_what_is_needed_to_build_and_test(distribution: Distribution) -> None:
    with tarfile.open(distribution.sdist) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}

    assert {f"src/{name}" for name in package_files()} - held == set()
    assert {
        "LICENSE",
        "README.md",
        "Makefile",
        "constraints.txt",
        "tests/conftest.py",
        "docs/index.md",
    } <= held
    assert {"tools/reference.py", "benchmarks/startup.py", "pyproject.toml"} <= held


def test_the_installed_command_explains_itself(installed: Path, environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [installed / "ohmstead", "--help"], capture_output=True, text=True, check=False, env=environment
    )

    assert done.returncode == 0
    assert "Runs a home" in done.stdout or "runs a home" in done.stdout
    assert done.stderr == ""


def test_the_installed_gateway_reads_the_installed_simulator(
    installed: Path, environment: Mapping[str, str], tmp_path: Path, until: Callable[..., Any]
) -> None:
    ohmstead = installed / "ohmstead"
    with running([ohmstead, "simulate", "hoymiles"], tmp_path, environment) as simulator:
        port = json.loads(simulator)["port"]
        site_file = tmp_path / "site.toml"
        site_file.write_text(
            f'[[device]]\nurl = "hoymiles://127.0.0.1:{port}"\nname = "roof"\n', encoding="utf-8"
        )
        with running([ohmstead, "run", site_file, "--port", "0"], tmp_path, environment) as said:
            found = re.search(r"http://[0-9.:]+", said)
            assert found, said
            address = found[0]
            until(lambda: fetched(f"{address}/api/v1/state")["flows"]["solar_w"] is not None)
            state = fetched(f"{address}/api/v1/state")
            with urlopen(address, timeout=PATIENCE_S) as page:  # noqa: S310 - our own address
                html = page.read()

    assert set(state["flows"]) >= {
        "solar_w",
        "grid_w",
        "battery_w",
        "generator_w",
        "home_w",
        "chargers_w",
        "v2l_w",
        "losses_w",
        "unaccounted_w",
    }
    assert b"<html" in html


@contextmanager
def running(
    command: list[Any], directory: Path, environment: Mapping[str, str]
) -> Iterator[str]:  # Any: str or Path
    """A command that runs on; yields its first line."""
    errors = (directory / "errors.txt").open("w+")
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=directory, env=environment
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        errors.seek(0)
        assert line, errors.read()
        yield line
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)
        errors.close()


def fetched(url: str) -> Any:  # Any: JSON
    with urlopen(url, timeout=PATIENCE_S) as response:  # noqa: S310 - our own address
        return json.load(response)
