"""The distribution, built once, and empty environments with nothing but it."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.packaging.services import confining

ROOT = Path(__file__).parents[2]

# It is systemd that confines. Where even root cannot do in its place what it does, there is nothing of ours to be tried.
collect_ignore = [] if confining.is_possible() else ["test_service.py"]


class Distribution(NamedTuple):
    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def distribution(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    """The wheel is built from the sdist, so that the sdist is known to be whole."""
    into = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,), (sdist,) = into.glob("*.whl"), into.glob("*.tar.gz")
    return Distribution(wheel, sdist)


@pytest.fixture(scope="session")
def installed(distribution: Distribution, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment for whoever runs a home."""
    return install(f"{distribution.wheel}[site]", tmp_path_factory.mktemp("installed"))


@pytest.fixture(scope="session")
def imported(distribution: Distribution, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for a program that only imports it: there is no extra."""
    return install(str(distribution.wheel), tmp_path_factory.mktemp("imported"))


def install(wanted: str, folder: Path) -> Path:
    """Into an environment that holds nothing else. Returns its folder of programs."""
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--quiet", "--python", folder / "bin" / "python", "install"]
    command = [*pip, "--no-compile", "--constraint", ROOT / "constraints.txt", wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bin"


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of a user who has never heard of this repository."""
    home = tmp_path_factory.mktemp("home")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
    return {**kept, "HOME": str(home)}
