"""The source tree as these tests see it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEMPLATE = "src/ohmstead/families/_blueprint/tests_template"


def parsed(*folders: str) -> Mapping[str, ast.Module]:
    """Every Python file below, by its path in the repository; what a generator wrote is left out."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in paths
        if not path.stem.endswith("_pb2")
    }


@pytest.fixture(scope="session")
def sources() -> Mapping[str, ast.Module]:
    return {name: tree for name, tree in parsed("src").items() if not name.startswith(TEMPLATE)}


@pytest.fixture(scope="session")
def test_sources() -> Mapping[str, ast.Module]:
    return parsed("tests", TEMPLATE)


@pytest.fixture(scope="session")
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project."""
    try:
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        paths = [ROOT / line for line in listed.splitlines()]
    except (OSError, subprocess.CalledProcessError):  # an unpacked sdist has no history
        paths = [path for folder in ("src", "tests", "docs", "tools") for path in (ROOT / folder).rglob("*")]
    return tuple(path for path in paths if path.is_file())
