"""The project names no package index and no path of a developer's machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PACKAGE_INDEX: Final = re.compile(
    rb"index-url|find-links[ =]|files\.python" rb"hosted\.org|pypi\." rb"org/simple|registry\.npm" rb"js\.org"
)
MACHINE: Final = re.compile(rb"/(home|Users)/[a-z]|[A-Z]:\\\\Users|/ro" rb"ot/|/wo" rb"rk/")

ALLOWED: Final = {
    "Makefile": "tells the resolver to name none",
}


def test_no_file_names_a_package_index(files: tuple[Path, ...]) -> None:
    found = [path for path in files if path.name not in ALLOWED and PACKAGE_INDEX.search(path.read_bytes())]

    assert [path for path in found if path != Path(__file__)] == []


def test_no_file_names_a_path_of_a_machine(files: tuple[Path, ...]) -> None:
    found = [path for path in files if MACHINE.search(path.read_bytes())]

    assert [path for path in found if path != Path(__file__)] == []
