"""Only `kit/link` opens sockets to devices and as devices."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Final

WHO_MAY: Final = {
    "src/ohmstead/kit/link/": "the only sockets to and as devices",
    "src/ohmstead/testing/": "the warp loop watches its own",
    "src/ohmstead/api/reception.py": "the doors of the API, by which no device comes",
    "src/ohmstead/app/serving.py": "asks whether a port is free",
}
OPENING: Final = {
    "open_connection",
    "start_server",
    "create_connection",
    "create_server",
    "socket",
    "socketpair",
}


def test_nobody_else_opens_a_socket(sources: Mapping[str, ast.Module]) -> None:
    found = [
        f"{name}:{node.lineno} {ast.unparse(node.func)}"
        for name, tree in sources.items()
        if not name.startswith(tuple(WHO_MAY))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENING
    ]

    assert found == []
