"""Errors are caught where something can be done about them; broad ones only at the root of a task."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

BROAD: Final = {"Exception", "BaseException"}

ROOTS: Final[dict[str, str]] = {
    "src/ohmstead/api/guarding.py": "the root of a request: the last resort",
    "src/ohmstead/bridges/attaching.py": "the root of a bridge: its fault does not end the site",
    "src/ohmstead/api/hub.py": "one change at fault must not end the passing on of the next",
    "src/ohmstead/cli/control.py": "the root of a request: the simulated device lives on",
    "src/ohmstead/cli/trying.py": "the root of a look at one device: its fault keeps no word of others back",
    "src/ohmstead/families/givenergy/client/line.py": "the root of what a link calls: whoever waits is told",
    "src/ohmstead/families/givenergy/client/recording.py": "a sink at fault does not end the capture",
    "src/ohmstead/families/hoymiles/client/reception.py": "the root of what a link calls: whoever waits is told",
    "src/ohmstead/gateway/bookkeeping.py": "the root of the accounts: the site goes on without them",
    "src/ohmstead/gateway/commands.py": "the root of a command: whatever becomes of it is a receipt",
    "src/ohmstead/gateway/opening.py": "kept, and raised again once everything is closed",
    "src/ohmstead/gateway/recording.py": "the root of what a link calls: the connection lives on",
    "src/ohmstead/gateway/whereabouts.py": "the root of a search: the poller lives on",
    "src/ohmstead/history/engine.py": "the root of the writer; and one that is raised again outside its group",
    "src/ohmstead/kit/console/running.py": "the root of a command: one sentence and an exit code",
    "src/ohmstead/kit/link/keeper.py": "the root of the one bare task: whoever waits is told",
    "src/ohmstead/kit/link/serving.py": "the root of one connection of a server",
    "src/ohmstead/families/everest/bridge/serving.py": "the root of a task: one odd charger ends no other's EVSE",
    "src/ohmstead/polling/poller.py": "the root of a source's task: nothing a source does may end it",
}
"""Files with a broad except, and what it is the root of. One that ends by raising again needs no entry."""


def test_broad_excepts_stand_only_where_they_are_explained(sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in sources.items()
        if name not in ROOTS
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node)
    ]

    assert found == []


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in BROAD for kind in kinds)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_the_list_names_no_file_that_needs_no_entry(sources: Mapping[str, ast.Module]) -> None:
    needed = {
        name
        for name, tree in sources.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises_again(node)
    }

    assert set(ROOTS) - needed == set()
