"""Tests wait in warped time; background work belongs to someone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
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
        f"{name}:{call.lineno} {ast.unparse(call)}"
        for name, tree in test_sources.items()
        if not name.startswith(REAL_TIME_FOLDERS) and not _is_in_real_time(tree)
        for call in _sleeps(tree, is_warped=_is_warped(name, tree))
    ]

    assert found == []


def test_only_the_keeper_creates_a_bare_task(sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources.items()
        if name != KEEPER
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _name(node.func) in BARE_TASKS
    ]

    assert found == []


def _sleeps(tree: ast.Module, *, is_warped: bool) -> Iterator[ast.Call]:
    """Under the warp loop no sleep is real; elsewhere `asyncio.sleep(0)` still only lets others run."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            name = _name(call.func)
            is_literal = (
                bool(call.args) and isinstance(call.args[0], ast.Constant) and bool(call.args[0].value)
            )
            if name == "time.sleep" or (name == "asyncio.sleep" and is_literal and not is_warped):
                yield call


def _is_in_real_time(tree: ast.Module) -> bool:
    return any(isinstance(node, ast.Attribute) and _name(node) in REAL_TIME_MARKS for node in ast.walk(tree))


def _name(node: ast.expr) -> str:
    """As it is written: `asyncio.sleep`. Empty for what is no name; there are too many calls to write out each."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute() if owner := _name(node.value):
            return f"{owner}.{node.attr}"
    return ""


def _is_warped(name: str, tree: ast.Module) -> bool:
    """What tests share is warped with the tests that use it."""
    return not name.rpartition("/")[2].startswith("test_") or any(
        isinstance(node, ast.ImportFrom) and (node.module or "").startswith(WARPED) for node in ast.walk(tree)
    )
