"""Rooms import one way, and no two modules need each other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_two_modules_need_each_other() -> None:
    graph = grimp.build_graph("ohmstead", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    assert knots(imports) == []


@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}, [["a", "b", "c"]]),
    ],
)
def test_a_knot_is_found(imports: dict[str, set[str]], expected: list[list[str]]) -> None:
    assert knots(imports) == expected


def knots(imports: Mapping[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other."""
    reached = {module: _reached(imports, module) for module in imports}
    groups = {tuple(sorted(other for other in reached[m] if m in reached[other])) for m in imports}
    return [list(group) for group in sorted(groups) if group]


def _reached(imports: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for module in imports[waiting.pop()] - found:
            found.add(module)
            waiting.append(module)
    return found
