"""Writes a site file so that comments and order stay, and so that a power cut leaves the old file or the new one."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import msgspec
import tomlkit
from tomlkit.items import AoT, Table

from ohmstead.gateway.site_file import SiteFile, parse_site_file
from ohmstead.kit.files import replace_file


def write_site_file(site_file: SiteFile) -> None:
    """Bring the file to what the value says; keys at their defaults are not added. Raises `ConfigError`, and writes
    nothing, if the result could not be read again.
    """
    path = site_file.path
    document = tomlkit.parse(path.read_text()) if path.exists() else tomlkit.document()
    _write_table(document, "site", beyond_defaults(site_file.site))
    _write_table(document, "history", beyond_defaults(site_file.history))
    _write_table(document, "tariff", beyond_defaults(site_file.tariff))
    for name, table in site_file.tables.items():
        _write_table(document, name, table)
    _write_devices(document, [beyond_defaults(config) for config in site_file.devices])
    text = tomlkit.dumps(document)
    if text.strip():
        parse_site_file(path, text.encode(), tables=frozenset(site_file.tables))
    replace_file(path, text.encode())


def beyond_defaults(value: msgspec.Struct) -> dict[str, Any]:  # Any: TOML values
    """What a value says beyond its defaults, as TOML can hold it."""
    said = {}
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        default = field.default_factory() if field.default_factory is not msgspec.NODEFAULT else field.default
        if found != default and found is not None:
            said[field.encode_name] = _plain(found)
    return said


def _plain(value: Any) -> Any:  # Any: TOML values
    if isinstance(value, msgspec.Struct):
        return beyond_defaults(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return msgspec.to_builtins(value)


def _write_table(document: MutableMapping[str, Any], name: str, said: Mapping[str, Any]) -> None:
    if name not in document:
        if said:
            document[name] = tomlkit.item(dict(said))
        return
    _merge(document[name], said)


def _write_devices(document: MutableMapping[str, Any], devices: list[dict[str, Any]]) -> None:
    """What stays keeps its place; what is new comes last."""
    if "device" not in document:
        if devices:
            document["device"] = AoT([_table(said) for said in devices])
        return
    tables, wanted = document["device"], {_name(said): said for said in devices}
    for index in reversed(range(len(tables))):
        if _name(tables[index]) not in wanted:
            del tables[index]
    for table in tables:
        _merge(table, wanted.pop(_name(table)))
    for said in wanted.values():
        tables.append(_table(said))


def _name(table: Mapping[str, Any]) -> str:
    """As the registry names a device whose table does not."""
    return str(table.get("name") or urlsplit(str(table["url"])).hostname or "device")


def _table(said: Mapping[str, Any]) -> Table:
    table = tomlkit.table()
    table.update(said)
    return table


def _merge(table: Any, said: Mapping[str, Any]) -> None:  # Any: tomlkit's table types have no common one
    """Change only what differs: an untouched line keeps its comment and its form."""
    for key in [key for key in table if key not in said]:
        del table[key]
    for key, value in said.items():
        if key not in table:
            _append(table, key, value)
        elif table[key] != value:
            table[key] = value


def _append(table: Any, key: str, value: Any) -> None:
    """After the last key: blank lines and comments at a table's end belong to what follows it."""
    body, after = table.value.body, []
    while body and body[-1][0] is None:
        after.append(body.pop())
    table[key] = value
    body.extend(reversed(after))
