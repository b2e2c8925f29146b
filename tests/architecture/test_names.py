"""Names say what they hold: modules are nouns of the domain, and a number's name says its unit."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Final

import pytest

EMPTY_WORDS: Final = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager", "managers"}

UNIT: Final = re.compile(
    r"(^|_)(w|kw|wh|kwh|va|var|a|ah|v|hz|c|k|pct|s|ms|us|min|h|l|deg|m2|g|bytes|mib|seconds|per_kwh|per_k|per_w_m2)$"
)

WITHOUT_UNIT: Final = {
    "cost": "money, in the site's currency",
    "earned": "money, in the site's currency",
    "value": "an ability's or a field's value; the envelope or the field says the unit",
    "asked": "an ability's value",
    "read_back": "an ability's value",
    "low": "of an interval or a step; its envelope or series says the unit",
    "high": "of an interval or a step; its envelope or series says the unit",
    "mean": "of a step of a series, which says the unit",
    "step": "of an envelope, which says the unit",
    "share": "a part of the whole, 0 to 1",
    "factor": "a plain ratio",
    "speed": "civil seconds per second of the event loop",
    "fraction": "a part of the whole, 0 to 1",
    "efficiency": "a part of the whole, 0 to 1",
    "chance": "a part of the whole, 0 to 1",
    "position": "on the axis of a noise, in its own steps",
    "total": "in the unit of the series, or of the work that makes progress",
}
"""Numbers without a unit of their own, each with its reason."""

QUANTITIES: Final = re.compile(
    r"(^|_)(power|energy|current|voltage|frequency|temperature|interval|timeout|delay|duration|age|latency)$"
)
"""What even a whole number may not be called without its unit."""

OVERRIDDEN: Final = {"call_later": "asyncio named its parameters"}
"""Methods whose words are another's, each with its reason."""

EXEMPT: Final = ("src/ohmstead/families/", "src/ohmstead/testing/contract/")
"""Inside a family the vendor's names stand, and the unit is in the field's definition."""


def test_no_module_is_called_after_nothing(sources: Mapping[str, ast.Module]) -> None:
    empty = [name for name in sources if set(name[:-3].split("/")) & EMPTY_WORDS]

    assert empty == []


def test_every_number_names_its_unit(sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{line} {number}"
        for name, tree in sources.items()
        if not name.startswith(EXEMPT)
        for line, number in unitless(tree)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("class A(Struct):\n power: float", ["power"]),
        ("class A(Struct):\n power_w: float | None = None", []),
        ("class A(Struct):\n timeout: int = 5", ["timeout"]),
        ("class A(Struct):\n port: int", []),
        ("class A(Struct):\n _hidden: float", []),
        ("def wait(delay: float) -> None: ...", ["delay"]),
        ("def wait_s(share: float) -> float: ...", []),
        ("class A:\n @property\n def power(self) -> float: ...", ["power"]),
        ("def _wait(delay: float) -> None: ...", []),
        ("class A:\n def call_later(self, delay: float) -> None: ...", []),
    ],
)
def test_a_number_without_a_unit_is_found(code: str, names: list[str]) -> None:
    assert [name for _, name in unitless(ast.parse(code))] == names


def unitless(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Public fields, properties and parameters that are numbers and do not say their unit."""
    for scope in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        if isinstance(scope, ast.ClassDef) and scope.name.startswith("_"):
            continue
        for node in scope.body:
            yield from _of_statement(node)


def _of_statement(node: ast.stmt) -> Iterator[tuple[int, str]]:
    match node:
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
            if _lacks_unit(name, annotation):
                yield node.lineno, name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            if name in OVERRIDDEN or (name.startswith("_") and not name.startswith("__")):
                return
            arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            yield from (
                (node.lineno, a.arg) for a in arguments if a.annotation and _lacks_unit(a.arg, a.annotation)
            )
            is_property = any(ast.unparse(decorator) == "property" for decorator in node.decorator_list)
            if is_property and node.returns and _lacks_unit(name, node.returns):
                yield node.lineno, name


def _lacks_unit(name: str, annotation: ast.expr) -> bool:
    kinds = set(ast.unparse(annotation).replace(" ", "").split("|")) - {"None"}
    if name.startswith("_") or UNIT.search(name.lower()) or name.rpartition("_")[2] in WITHOUT_UNIT:
        return False
    return kinds in ({"float"}, {"float", "int"}) or (kinds == {"int"} and bool(QUANTITIES.search(name)))
