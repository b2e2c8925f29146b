"""The text of a site file, changed so that comments and order stay."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
import tomlkit
from tomlkit.container import OutOfOrderTableProxy
from tomlkit.items import AoT, Array

from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.site_values import beyond_defaults
from ohmstead.model import DeviceConfig

NOTHING_YET: Final = "[site]\n"
"""A site without devices and wishes: an empty file is none."""
TomlTable = Any  # tomlkit's types of tables have no common one


def changed_to(text: str, site_file: SiteFile) -> str:
    """The text that says what the value says; keys at their defaults are not added. Tables of the faces stay as they
    are.
    """
    document = tomlkit.parse(text)
    _write_table(document, "site", site_file.site)
    _write_table(document, "history", site_file.history)
    _write_table(document, "tariff", site_file.tariff)
    _write_devices(document, site_file.devices)
    changed = tomlkit.dumps(document)
    return changed if changed.strip() else NOTHING_YET


def _write_table(document: MutableMapping[str, Any], name: str, value: msgspec.Struct) -> None:
    if name in document:
        _merge(document[name], _as_read(value), beyond_defaults(value))
    elif said := beyond_defaults(value):
        document[name] = tomlkit.item(said)


def _write_devices(document: MutableMapping[str, Any], devices: Sequence[DeviceConfig]) -> None:
    """What stays keeps its place; what is new comes last."""
    if not (devices and document.get("device")):  # an empty list would stand at the top, and takes no tables
        document.pop("device", None)
        if devices:
            document["device"] = [beyond_defaults(config) for config in devices]
        return
    tables, wanted = document["device"], {config.name: config for config in devices}
    for index in reversed(range(len(tables))):
        if _name(tables[index]) not in wanted:
            del tables[index]
    for table in tables:
        config = wanted.pop(_name(table))
        _merge(table, _as_read(config), beyond_defaults(config))
    for config in wanted.values():
        tables.append(beyond_defaults(config))


def _name(table: Mapping[str, Any]) -> str:
    """As the registry names a device whose table does not."""
    return str(table.get("name") or urlsplit(str(table["url"])).hostname or "device")


def _as_read(value: Any) -> Any:  # Any: TOML values
    """All of it, defaults too, with lists for whatever holds several."""
    return msgspec.json.decode(msgspec.json.encode(value))


def _merge(table: TomlTable, wanted: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """Change only what differs from what is wanted: an untouched line keeps its comment and its form. Of keys that are not
    there yet, add what is said beyond the defaults.
    """
    for key, held in _as_read(table.unwrap()).items():
        if wanted.get(key) is None:
            del table[key]
        elif held != wanted[key]:
            _change(table, key, wanted[key], said.get(key))
    for key in said:
        if key not in table:
            _append(table, key, said[key])


def _change(table: TomlTable, key: str, wanted: Any, said: Any) -> None:  # Any: TOML values
    held = table[key]
    if isinstance(wanted, dict):
        _merge(held, wanted, said or {})
        return
    if isinstance(held, AoT) and len(held) == len(wanted):
        for inside, *values in zip(held, wanted, said, strict=True):
            _merge(inside, *values)
        return
    written = wanted if said is None else _as_read(said)  # without what is absent, which TOML cannot hold
    if not (isinstance(held, Array) and _has_become(held, written)):
        table[key] = written


def _has_become(array: Array, wanted: Sequence[Any]) -> bool:
    """Take items out, or change them where they stand, so that the rest keeps its comments: whether that is enough."""
    if len(array) > len(wanted):
        for index, item in reversed(list(enumerate(array.unwrap()))):
            if item not in wanted:
                del array[index]
    if len(array) == len(wanted):
        for index, item in enumerate(array.unwrap()):
            if item != wanted[index]:
                array[index] = wanted[index]
    return array.unwrap() == wanted


def _append(table: TomlTable, key: str, value: Any) -> None:  # Any: TOML values
    """After the last key: blank lines and comments at a table's end belong to what follows it."""
    # Begun in one place and gone on with in another, it has no end.
    if isinstance(table, OutOfOrderTableProxy):
        table[key] = value
        return
    body, after = table.value.body, []
    while body and body[-1][0] is None:
        after.append(body.pop())
    table[key] = value
    body.extend(reversed(after))
