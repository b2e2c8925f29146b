"""What comes without an extra is small, and is all that a program needs which imports Ohmstead."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

import pytest

from ohmstead.kit.console import ExitCode

pytestmark = pytest.mark.packaging

PROGRAM: Final = Path(__file__).parent / "programs" / "home_of_a_library_user.py"
FAMILIES: Final = {"everest", "franklinwh", "givenergy", "hoymiles", "tesla-wall-connector"}
MOST_PACKAGES: Final = 12
"""Beside ours."""
MOST_MB: Final = 20.0
"""With ours, as it is distributed."""


def test_without_an_extra_it_is_small(imported: Path) -> None:
    (folder,) = imported.parent.glob("lib/python*/site-packages")
    packages = {package.metadata["Name"]: package for package in distributions(path=[str(folder)])}
    paths = {Path(str(file.locate())) for package in packages.values() for file in package.files or ()}
    size_mb = sum(path.stat().st_size / 1e6 for path in paths)

    assert len(packages.keys() - {"ohmstead"}) <= MOST_PACKAGES, sorted(packages)
    assert 10 < size_mb <= MOST_MB


def test_every_family_gateway_and_api_work_without_an_extra(
    imported: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    done = subprocess.run(
        [imported / "python", PROGRAM],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=tmp_path,
    )

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert set(told["readings"]) == FAMILIES
    assert all(told["readings"].values())
    assert told["solar_w"] > 0
    assert told["loaded"] == []


def test_without_an_extra_the_program_says_what_is_missing(
    imported: Path, environment: Mapping[str, str]
) -> None:
    done = subprocess.run(
        [imported / "ohmstead", "--help"], capture_output=True, text=True, check=False, env=environment
    )

    assert (done.returncode, done.stdout) == (ExitCode.WRONG_USE, "")
    assert done.stderr.startswith(
        "ohmstead: the command line needs click and rich, not installed here: pip install "
    )
    assert done.stderr.count("\n") == 1
