"""A new family runs and keeps every promise, and nothing outside its two folders changes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A copy of the sources; what runs in it imports from it and not from here."""
    copy = tmp_path / "clone"
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for folder in ("src", "tests", "tools"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def environment(clone: Path) -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(clone / "src"), "PYTHONDONTWRITEBYTECODE": "1"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from ohmstead.app.entry import main; main()", *arguments]


def run(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments,
        cwd=clone,
        env=environment(clone),
        capture_output=True,
        text=True,
        check=False,
        timeout=2 * PATIENCE_S,
    )


def content(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_new_family_touches_its_two_folders_only(clone: Path) -> None:
    before = content(clone)

    done = run(clone, *command("family", "new", "toy"))

    after = content(clone)
    assert done.returncode == 0, done.stderr
    assert {name: after[name] for name in before} == before
    added = set(after) - set(before)
    assert added
    assert all(name.startswith(("src/ohmstead/families/toy/", "tests/families/toy/")) for name in added)
    assert [name for name in added if b"lueprint" in after[name] or b"LUEPRINT" in after[name]] == []


@pytest.mark.parametrize("name", ["toy", "acme-hybrid"])
def test_a_new_family_passes_its_tests_and_the_contract_suite(clone: Path, name: str) -> None:
    assert run(clone, *command("family", "new", name)).returncode == 0
    module = name.replace("-", "_")
    own = f"tests/families/{module}"

    pytest = (sys.executable, "-m", "pytest", "-v", "-p", "no:xdist")
    done = run(clone, *pytest, own, "tests/contract", "-k", f"{module} or {name}")

    assert done.returncode == 0, done.stdout
    passed = [line for line in done.stdout.splitlines() if " PASSED" in line]
    assert [line for line in passed if line.startswith(own)]
    assert [line for line in passed if "promise" in line and f"[{name}" in line]


def test_a_new_family_is_simulated_and_read(clone: Path) -> None:
    assert run(clone, *command("family", "new", "toy")).returncode == 0
    simulator = subprocess.Popen(
        command("simulate", "toy"), cwd=clone, env=environment(clone), stdout=subprocess.PIPE, text=True
    )
    try:
        assert simulator.stdout is not None
        port = json.loads(simulator.stdout.readline())["port"]

        read = run(clone, *command("read", f"toy://127.0.0.1:{port}", "--json"))
    finally:
        simulator.send_signal(signal.SIGTERM)
        simulator.communicate(timeout=PATIENCE_S)

    assert read.returncode == 0, read.stderr
    assert "solar" in read.stdout
    assert simulator.returncode == 0


def test_a_new_family_passes_lint_and_types(clone: Path) -> None:
    assert run(clone, *command("family", "new", "toy")).returncode == 0
    programs = Path(sys.executable).parent

    ruff = run(
        clone,
        str(programs / "ruff"),
        "check",
        "--no-cache",
        "src/ohmstead/families/toy",
        "tests/families/toy",
    )
    types = run(clone, str(programs / "mypy"), "--cache-dir", os.devnull, "-p", "ohmstead.families.toy")

    assert ruff.returncode == 0, ruff.stdout
    assert types.returncode == 0, types.stdout
