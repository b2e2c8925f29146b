"""Copies the blueprint family under a new name: into one folder of the package and one folder of the tests."""

from __future__ import annotations

import keyword
import re
import shutil
from pathlib import Path
from typing import Final

import msgspec

import ohmstead
from ohmstead.model import ConfigError

BLUEPRINT: Final = Path("src/ohmstead/families/_blueprint")
TESTS_TEMPLATE: Final = "tests_template"
NAME: Final = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
TEXT_SUFFIXES: Final = frozenset({".py", ".md", ".toml", ".proto", ".json"})
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", TESTS_TEMPLATE)


class Made(msgspec.Struct, frozen=True):
    name: str
    source: Path
    """Relative to the clone, as is `tests`."""
    tests: Path


def new_family(name: str, clone: Path | None = None) -> Made:
    """Raises `ConfigError` for a name that cannot be one, is taken, or when there is no clone to work in."""
    root = clone or Path(ohmstead.__file__).parents[2]
    if not (root / BLUEPRINT).is_dir() or not (root / "pyproject.toml").is_file():
        raise ConfigError(
            f"{root} is no clone of Ohmstead, and a family lives in one.", example="--into ~/src/ohmstead"
        )
    module = name.replace("-", "_")
    if not NAME.fullmatch(name) or keyword.iskeyword(module):
        raise ConfigError(f"{name!r} is no family name: small letters and digits.", example="family new acme")
    made = Made(module.replace("_", "-"), BLUEPRINT.with_name(module), Path("tests/families") / module)
    for folder in (made.source, made.tests):
        if (root / folder).exists():
            raise ConfigError(f"{folder} exists already; nothing was changed.")
    shutil.copytree(root / BLUEPRINT, root / made.source, ignore=LEFT_OUT)
    shutil.copytree(root / BLUEPRINT / TESTS_TEMPLATE, root / made.tests, ignore=LEFT_OUT)
    for folder in (made.source, made.tests):
        rename_in(root / folder, module)
    return made


def rename_in(folder: Path, module: str) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.suffix in TEXT_SUFFIXES:
            path.write_text(renamed(path.read_text(encoding="utf-8"), module), encoding="utf-8")
        if "blueprint" in path.name:
            path.rename(path.with_name(path.name.replace("blueprint", module)))


def renamed(text: str, module: str) -> str:
    """A family's name is also its URL scheme, which allows no `_`; so where it stands alone it is written with `-`."""
    name = module.replace("_", "-")
    title = "".join(word.capitalize() for word in module.split("_"))
    for old, new in (
        ("families._blueprint", f"families.{module}"),
        ("families/_blueprint", f"families/{module}"),
        ('"blueprint"', f'"{name}"'),
        ("blueprint://", f"{name}://"),
        ("blueprint", module),
        ("Blueprint", title),
        ("BLUEPRINT", module.upper()),
    ):
        text = text.replace(old, new)
    return text
