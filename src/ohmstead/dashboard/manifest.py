"""Which files the page is made of, and under which path each is served.

Everything but the page itself lies under a folder named by the hash of all of it, so that browsers may keep it for
ever, and relative imports between modules need no rewriting.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from posixpath import dirname, join, normpath
from types import MappingProxyType
from typing import Final

import msgspec

FOLDERS: Final = ("page", "vendor")
INDEX: Final = "page/index.html"
TYPES: Final[Mapping[str, str]] = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
"""Content types by ending. Files with other endings are not for browsers."""
FIRST: Final = "page/app.js"
IMPORT: Final = re.compile(r'^(?:import|export)\b[^"\n]*"(\.[^"]+)"', re.MULTILINE)
MODULES: Final = b"<!-- modules -->"
"""Where the index takes its preloads, so that the first modules come side by side and not one import after the other."""


class StaticFile(msgspec.Struct, frozen=True):
    body: bytes
    content_type: str
    integrity: str
    """As browsers check it: "sha384-…"."""
    is_immutable: bool
    """Whether its path changes with its content."""


@cache
def pages() -> Mapping[str, StaticFile]:
    """Every file of the dashboard by the path it is to be served under; the page itself is "/"."""
    assets = {name: body for name, body in _bodies() if name != INDEX}
    prefix = f"/assets/{_version(assets)}/"
    served = {prefix + name: _static(name, body, is_immutable=True) for name, body in assets.items()}
    index = files(__package__).joinpath(INDEX).read_bytes()
    page = _static(INDEX, _linked(index, prefix, served), is_immutable=False)
    return MappingProxyType({"/": page, **served})


def integrity(body: bytes) -> str:
    return "sha384-" + b64encode(hashlib.sha384(body).digest()).decode()


def _bodies() -> Iterator[tuple[str, bytes]]:
    for folder in FOLDERS:
        yield from _below(files(__package__).joinpath(folder), folder)


def _below(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, name)
        elif _ending(name) in TYPES:
            yield name, entry.read_bytes()


def _ending(name: str) -> str:
    return name.rpartition(".")[2]


def _static(name: str, body: bytes, *, is_immutable: bool) -> StaticFile:
    return StaticFile(body, TYPES[_ending(name)], integrity(body), is_immutable)


def _version(assets: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, body in assets.items():
        digest.update(f"{name} {len(body)} ".encode() + body)
    return digest.hexdigest()[:12]


def _needed(module: str, served: Mapping[str, StaticFile]) -> set[str]:
    """A module with all that it imports; what is imported later, when a page is opened, is not among them."""
    needed: set[str] = set()
    missing = [module]
    while missing:
        if (path := missing.pop()) not in needed:
            needed.add(path)
            names = IMPORT.findall(served[path].body.decode())
            missing += [normpath(join(dirname(path), name)) for name in names]
    return needed


def _linked(index: bytes, prefix: str, served: Mapping[str, StaticFile]) -> bytes:
    preloads = "\n    ".join(
        f'<link rel="modulepreload" href="{path}" integrity="{served[path].integrity}" />'
        for path in sorted(_needed(prefix + FIRST, served))
    )
    return index.replace(MODULES, preloads.encode()).replace(b'"assets/', f'"{prefix}'.encode())
