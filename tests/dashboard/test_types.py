"""The page's types, checked by the compiler that its JSDoc is written for."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import ohmstead.dashboard

pytestmark = pytest.mark.browser

VERSION = "7.0.2"
CACHE = Path.home() / ".cache" / "ohmstead-tests" / f"typescript-{VERSION}"
DASHBOARD = Path(ohmstead.dashboard.__file__).parent
LONGEST_LINES = 200


@pytest.fixture(scope="module")
def tsc() -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on the path; install Node to check the types of the page")
    found = CACHE / "node_modules" / ".bin" / "tsc"
    if not found.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--prefix", str(CACHE), "--omit-lockfile-registry-resolved", "--no-audit"]
        done = subprocess.run(
            [*install, f"typescript@{VERSION}"], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            pytest.skip(f"TypeScript {VERSION} cannot be fetched: {done.stderr.strip()[-200:]}")
    return found


def test_every_module_agrees_with_its_types(tsc: Path) -> None:
    done = subprocess.run(
        [str(tsc), "-p", str(DASHBOARD / "jsconfig.json")], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
    assert done.returncode == 0


def test_every_module_is_looked_at(tsc: Path) -> None:
    command = [str(tsc), "-p", str(DASHBOARD / "jsconfig.json"), "--listFilesOnly"]
    looked_at = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for module in (DASHBOARD / "page").rglob("*.js"):
        assert str(module) in looked_at


def test_no_module_has_more_than_one_job() -> None:
    long = {
        path.name: lines
        for path in (DASHBOARD / "page").rglob("*.js")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_LINES
    }
    assert long == {}
