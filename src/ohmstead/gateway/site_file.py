"""The site file: one TOML file people write by hand. The gateway owns `[site]`, `[history]`, `[tariff]` and `[[device]]`;
other tables belong to the faces that declare them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

from ohmstead.accounting import Tariff
from ohmstead.gateway.site_keys import require_known, table_fields, with_place
from ohmstead.gateway.site_lines import Lines, Place
from ohmstead.history import Retention
from ohmstead.kit.registry import config_from_table, family_of_url, load
from ohmstead.model import Circuit, ConfigError, DeviceConfig, Site

T = TypeVar("T", bound=msgspec.Struct)
Faces = Mapping[str, str]
"""The faces' tables by name, each with its type as "module:attribute"."""
NO_FACES: Final[Faces] = MappingProxyType({})

EXAMPLE = '[[device]]\nurl = "hoymiles://192.0.2.7"'
LARGEST: Final = 64 * 1024
"""Bytes. A home with hundreds of devices has less; parsers take minutes for what people can hide in more."""


class SiteFile(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    site: Site = msgspec.field(default_factory=Site)
    history: Retention = msgspec.field(default_factory=Retention)
    """What is kept for how long."""
    tariff: Tariff = msgspec.field(default_factory=Tariff)
    """What energy costs."""
    devices: tuple[DeviceConfig, ...] = ()
    """Their names are unique."""
    tables: Mapping[str, msgspec.Struct] = msgspec.field(default_factory=dict)
    """Of the faces, those that the file has."""
    faces: Faces = NO_FACES
    """Whose tables it may have."""

    def __post_init__(self) -> None:
        if len({config.name for config in self.devices}) < len(self.devices):
            raise ConfigError("two devices have one name; give each its own.", file=str(self.path))

    def table(self, kind: type[T]) -> T | None:
        """The table of that type, if the file has it."""
        return next((table for table in self.tables.values() if isinstance(table, kind)), None)


def read_site_file(path: Path, *, faces: Faces = NO_FACES) -> SiteFile:
    """Read and check a site file, which may have the tables of these faces.

    Raises `ConfigError` with file, line and what to write instead.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ConfigError(f"cannot read the site file: {error.strerror}.", file=str(path)) from error
    return parse_site_file(path, data, faces=faces)


def parse_site_file(path: Path, data: bytes, *, faces: Faces = NO_FACES) -> SiteFile:
    text = _text(path, data)
    lines = Lines(text)
    document = _document(path, text)
    require_known(document, {"site", "history", "tariff", "device", *faces}, str(path), lines, ())
    _require_tables(document, path, lines)
    devices = tuple(
        _device(table, index, path, lines) for index, table in enumerate(document.get("device", ()))
    )
    _require_unique_names(devices, path, lines)
    found = SiteFile(
        path=path,
        site=_site(document.get("site", {}), path, lines),
        history=_table(document, "history", Retention, path, lines),
        tariff=_table(document, "tariff", Tariff, path, lines),
        devices=devices,
        tables={
            name: _table(document, name, load(kind), path, lines)
            for name, kind in faces.items()
            if name in document
        },
        faces=faces,
    )
    _require_finite(document, path, lines, ())  # last: by now it is no deeper than what it may say
    return found


def _text(path: Path, data: bytes) -> str:
    if len(data) > LARGEST:
        raise ConfigError(f"a site file has a few lines, not more than {LARGEST} bytes.", file=str(path))
    try:
        text = data.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError("this is no text file (UTF-8 expected).", file=str(path), line=line) from error
    if not text.strip():
        raise ConfigError("the site file is empty.", file=str(path), example=EXAMPLE)
    return text


def _document(path: Path, text: str) -> dict[str, Any]:  # Any: values straight from TOML
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at line ")
        line = int(where.partition(",")[0]) if where else text.count("\n") + 1
        raise ConfigError(f"not valid TOML: {what}.", file=str(path), line=line) from error
    except (ValueError, RecursionError) as error:  # integers and nestings beyond what Python reads
        raise ConfigError("a number or a nesting in it has no end in sight.", file=str(path)) from error


def _require_tables(document: Mapping[str, Any], path: Path, lines: Lines) -> None:
    for name, value in document.items():
        is_list = isinstance(value, list) and all(isinstance(item, dict) for item in value)
        if name == "device" and not is_list:
            raise ConfigError(
                "devices are written with two brackets.",
                file=str(path),
                line=lines.of((), name),
                example=EXAMPLE,
            )
        if name != "device" and not isinstance(value, dict):
            raise ConfigError(
                f"{name} is a table of its own.", file=str(path), line=lines.of((), name), example=f"[{name}]"
            )


def _site(table: Mapping[str, Any], path: Path, lines: Lines) -> Site:
    require_known(table, table_fields(Site), str(path), lines, ("site",))
    circuits = table.get("circuits")
    for index, circuit in enumerate(circuits if isinstance(circuits, list) else ()):
        if isinstance(circuit, dict):
            require_known(circuit, table_fields(Circuit), str(path), lines, ("site", "circuits", index))
    with with_place(str(path), lines, ("site",)):
        return msgspec.convert(table, Site)


def _table(document: Mapping[str, Any], name: str, kind: type[T], path: Path, lines: Lines) -> T:
    table = document.get(name, {})
    require_known(table, table_fields(kind), str(path), lines, (name,))
    with with_place(str(path), lines, (name,), kind):
        return msgspec.convert(table, kind)


def _device(table: Mapping[str, Any], index: int, path: Path, lines: Lines) -> DeviceConfig:
    place = ("device", index)
    config_type: type[DeviceConfig] | None = None
    if isinstance(url := table.get("url"), str):
        with with_place(str(path), lines, (*place, "url")):
            config_type = load(family_of_url(url).config)
        require_known(table, table_fields(config_type), str(path), lines, place)
    with with_place(str(path), lines, place, config_type):
        return config_from_table(table)


def _require_finite(value: Any, path: Path, lines: Lines, place: Place) -> None:  # Any: straight from TOML
    """TOML has `nan` and `inf`, and whatever is reckoned with them is no number either."""
    if isinstance(value, float) and not math.isfinite(value):
        name = next(part for part in reversed(place) if isinstance(part, str))
        raise ConfigError(f"{name} is a number, not {value}.", file=str(path), line=lines.of(place))
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, child in inside:
        _require_finite(child, path, lines, (*place, part))


def _require_unique_names(devices: tuple[DeviceConfig, ...], path: Path, lines: Lines) -> None:
    first: dict[str, int] = {}
    for index, config in enumerate(devices):
        if config.name in first:
            raise ConfigError(
                f"two devices are called {config.name!r} (the other in line "
                f"{lines.of(('device', first[config.name]), 'name')}); give each its own name.",
                file=str(path),
                line=lines.of(("device", index), "name"),
                example=f'name = "{config.name}-2"',
            )
        first[config.name] = index
