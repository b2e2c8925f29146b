"""The project names no package index and no path of a developer's machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

PACKAGE_INDEX: Final = re.compile(
    rb"index-url|find-links[ =]|files\.python" rb"hosted\.org|pypi\." rb"org/simple|registry\.npm" rb"js\.org"
)
ROOT: Final = Path(__file__).parents[2]
MACHINE: Final = tuple(
    f"{folder}/".encode() for folder in (ROOT, ROOT.parent, Path.home()) if len(folder.parts) > 1
)
"""Where this copy happens to lie, and who works on it."""

ALLOWED: Final = {
    "Makefile": "tells the resolver to name none",
}


def test_no_file_names_a_package_index(files: tuple[Path, ...]) -> None:
    found = [path for path in files if path.name not in ALLOWED and PACKAGE_INDEX.search(path.read_bytes())]

    assert [path for path in found if path != Path(__file__)] == []


def test_no_file_names_a_path_of_this_machine(files: tuple[Path, ...]) -> None:
    found = [path for path in files if any(place in path.read_bytes() for place in MACHINE)]

    assert found == []
