"""The text of a site file, changed so that comments and order stay."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import tomlkit
from tomlkit.items import AoT, Table

from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.site_values import beyond_defaults


def changed_to(text: str, site_file: SiteFile) -> str:
    """The text that says what the value says; keys at their defaults are not added. Tables of the faces stay as they
    are.
    """
    document = tomlkit.parse(text)
    _write_table(document, "site", beyond_defaults(site_file.site))
    _write_table(document, "history", beyond_defaults(site_file.history))
    _write_table(document, "tariff", beyond_defaults(site_file.tariff))
    _write_devices(document, [beyond_defaults(config) for config in site_file.devices])
    return tomlkit.dumps(document)


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
