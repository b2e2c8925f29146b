"""Tests wait in warped time; background work belongs to someone."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

REAL_TIME_MARKS: Final = (
    "pytest.mark.process",
    "pytest.mark.browser",
    "pytest.mark.compat",
    "pytest.mark.packaging",
)
REAL_TIME_FOLDERS: Final = ("tests/process/", "tests/compat/", "tests/browser/", "tests/packaging/")
"""Their helpers poll other processes."""

WARPED: Final = "ohmstead.testing"

BARE_TASKS: Final = {"asyncio.create_task", "asyncio.ensure_future", "create_task", "ensure_future"}
KEEPER: Final = "src/ohmstead/kit/link/keeper.py"


def test_no_test_sleeps_in_real_time(test_sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno} {ast.unparse(node)}"
        for name, tree in test_sources.items()
        if not name.startswith(REAL_TIME_FOLDERS)
        and not any(mark in ast.unparse(tree) for mark in REAL_TIME_MARKS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _sleeps(node, is_warped=_is_warped(name, tree))
    ]

    assert found == []


def test_only_the_keeper_creates_a_bare_task(sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources.items()
        if name != KEEPER
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in BARE_TASKS
    ]

    assert found == []


def _sleeps(call: ast.Call, *, is_warped: bool) -> bool:
    """Under the warp loop no sleep is real; elsewhere `asyncio.sleep(0)` still only lets others run."""
    name = ast.unparse(call.func)
    is_literal = bool(call.args) and isinstance(call.args[0], ast.Constant) and bool(call.args[0].value)
    return name == "time.sleep" or (name == "asyncio.sleep" and is_literal and not is_warped)


def _is_warped(name: str, tree: ast.Module) -> bool:
    """What tests share is warped with the tests that use it."""
    return not name.rpartition("/")[2].startswith("test_") or any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith(WARPED) for node in ast.walk(tree)
    )
