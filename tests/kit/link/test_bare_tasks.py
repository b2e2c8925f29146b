"""Tasks have owners: only the keeper may create one that no block ends."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import ohmstead

SOURCE = Path(ohmstead.__file__).parent
ALLOWED = {SOURCE / "kit" / "link" / "keeper.py"}


def bare_tasks(source: str) -> list[int]:
    """Lines that create a task without a task group: by asyncio's functions or by a loop's method."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "asyncio":
            lines += [node.lineno for name in node.names if name.name in ("create_task", "ensure_future")]
        if isinstance(node, ast.Attribute) and node.attr in ("create_task", "ensure_future"):
            owner = ast.unparse(node.value)
            if node.attr == "ensure_future" or owner == "asyncio" or "loop" in owner:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    "source",
    [
        "asyncio.create_task(work())",
        "asyncio.ensure_future(work())",
        "from asyncio import create_task",
        "asyncio.get_running_loop().create_task(work())",
        "self._loop.create_task(work())",
    ],
)
def test_the_rule_sees_every_way_to_create_one(source: str) -> None:
    assert bare_tasks(source) == [1]


def test_a_task_in_a_group_is_fine() -> None:
    assert bare_tasks("group.create_task(work())") == []


def test_nobody_but_the_keeper_creates_a_bare_task() -> None:
    found = {path: bare_tasks(path.read_text()) for path in SOURCE.rglob("*.py") if path not in ALLOWED}

    assert {str(path.relative_to(SOURCE)): lines for path, lines in found.items() if lines} == {}
