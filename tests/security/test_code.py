"""S16: no pickle, no eval, no YAML objects, no shell, no SQL put together from what others say. The linter enforces it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SOURCE: Final = ROOT / "src" / "ohmstead"
DANGEROUS: Final = frozenset({"pickle", "marshal", "shelve", "dill", "yaml", "subprocess", "pty", "commands"})
SHELLS: Final = frozenset({"system", "popen", "execv", "execve", "spawnl", "spawnv"})
COMPILED: Final = {
    "families/hoymiles/facts.py": 1,
    "kit/wire/tables/drawing.py": 1,
    "kit/wire/tables/field.py": 1,
}
"""Where decoders are compiled from tables of our own, with how many calls. Nothing of a peer or a file comes there."""
OUR_RULES: Final = ("S102", "S301", "S302", "S307", "S506", "S602", "S604", "S605", "S608", "S701")
OUR_WORDS: Final = frozenset({"table", "order"})
"""What SQL may be put together from: names that stand in our code."""
EXCUSED: Final = re.compile(r"# noqa: (?P<rules>[A-Z0-9, ]+)")


@pytest.fixture(scope="module")
def trees() -> Mapping[str, ast.Module]:
    return {
        str(path.relative_to(SOURCE)): ast.parse(path.read_text())
        for path in sorted(SOURCE.rglob("*.py"))
        if not path.name.endswith("_pb2.py")
    }


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                yield node.func.id
            elif isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name):
                yield f"{node.func.value.id}.{node.func.attr}"


def test_nothing_loads_objects_or_starts_programs(trees: Mapping[str, ast.Module]) -> None:
    assert {name: found for name, tree in trees.items() if (found := DANGEROUS & set(imported(tree)))} == {}
    shells = {f"os.{name}" for name in SHELLS} | {"asyncio.create_subprocess_shell"}
    assert {name: found for name, tree in trees.items() if (found := shells & set(called(tree)))} == {}


def test_code_is_only_made_from_our_own_tables(trees: Mapping[str, ast.Module]) -> None:
    made = {name: sum(call in ("eval", "exec") for call in called(tree)) for name, tree in trees.items()}
    assert {name: count for name, count in made.items() if count} == COMPILED


def test_the_linter_watches_over_it() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    switched_off = [*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)]
    assert [rule for rule in OUR_RULES if any(rule.startswith(off) for off in switched_off)] == []


def test_each_excuse_is_for_code_of_ours_alone() -> None:
    """SQL with a table's name in it: the name stands in our code, and every value is a parameter."""
    excused = [
        (str(path.relative_to(SOURCE)), line.strip())
        for path in sorted(SOURCE.rglob("*.py"))
        for line in path.read_text().splitlines()
        if (found := EXCUSED.search(line))
        and set(OUR_RULES) & set(found["rules"].replace(" ", "").split(","))
    ]
    for name, line in excused:
        assert name in COMPILED or set(re.findall(r"\{(\w+)", line)) <= OUR_WORDS, (name, line)
