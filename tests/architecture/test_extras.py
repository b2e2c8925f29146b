"""What comes with an extra alone is loaded by those alone who need it, and an extra that is named is one there is."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement

ROOT: Final = Path(__file__).parents[2]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: Final[dict[str, list[str]]] = PROJECT["optional-dependencies"]
DECISIONS: Final = ROOT / "docs" / "decisions"
NAMED: Final = re.compile(r"ohmstead\[([a-z,]+)\]")

COMMAND_LINE: Final = (
    "ohmstead.app",
    "ohmstead.cli",
    "ohmstead.kit.console",
    "ohmstead.families._blueprint.commands",
    "ohmstead.families.everest.commands",
    "ohmstead.families.everest.terminal",
    "ohmstead.families.franklinwh.command_line",
    "ohmstead.families.franklinwh.commands",
    "ohmstead.families.givenergy.command_line",
    "ohmstead.families.hoymiles.commands",
    "ohmstead.families.hoymiles.terminal",
    "ohmstead.families.tesla_wall_connector.commands",
)
LOADED_WHERE_NEEDED: Final = {
    "ohmstead.bridges.mqtt": "mqtt",
    "ohmstead.families.tesla_wall_connector.simulator.certificates": "encryption",
    "ohmstead.gateway.site_document": "site",
    "ohmstead.history.parquet": "parquet",
    "ohmstead.kit.link.certificates": "encryption",
}

WALK: Final = """
import sys
from importlib import import_module
from pkgutil import walk_packages

for name in {libraries!r}:
    sys.modules[name] = None
import ohmstead

def tried(name):
    try:
        import_module(name)
    except ModuleNotFoundError as error:
        print(name, error.name)

for module in walk_packages(ohmstead.__path__, "ohmstead.", onerror=lambda name: None):
    if "tests_template" not in module.name:
        tried(module.name)
"""


def libraries(extra: str) -> set[str]:
    """What a program imports of what the extra alone brings."""
    wanted = {Requirement(line).name for line in EXTRAS[extra]}
    return {name for name, owners in packages_distributions().items() if wanted & set(owners)}


@pytest.fixture(scope="module")
def lacking() -> dict[str, str]:
    """Each module that cannot be imported by those who have no extra, and what it lacks."""
    names = sorted(name for extra in EXTRAS for name in libraries(extra) - {"ohmstead"})
    assert {"click", "cryptography", "rich", "tomlkit"} <= set(names)
    script = WALK.format(libraries=names)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return dict(line.split() for line in done.stdout.splitlines())


def test_everything_but_the_command_line_is_imported_without_an_extra(lacking: dict[str, str]) -> None:
    found = {name for name in lacking if not name.startswith(COMMAND_LINE)}

    assert found == set(LOADED_WHERE_NEEDED)


def test_each_lacks_what_its_extra_brings(lacking: dict[str, str]) -> None:
    for name, library in lacking.items():
        extra = LOADED_WHERE_NEEDED.get(name, "cli")
        assert library.partition(".")[0] in libraries(extra), f"{name} needs {library}"


def test_every_extra_that_is_named_is_one_there_is(files: tuple[Path, ...]) -> None:
    """Decisions also name those that were not taken."""
    named_in = [
        path for path in files if path.suffix in {".md", ".py", ".toml"} and DECISIONS not in path.parents
    ]
    texts = [path.read_text("utf-8") for path in named_in]
    named = {extra for text in texts for found in NAMED.findall(text) for extra in found.split(",")}

    assert named - set(EXTRAS) == set()
    assert named >= {"cli", "encryption", "site"}
