"""The command for storage gateways."""

from __future__ import annotations

from collections.abc import Iterable

import click
import msgspec

from ohmstead.families.hoymiles import modes
from ohmstead.families.hoymiles.modes import StorageMode
from ohmstead.families.hoymiles.results.storages import Storage, StorageUnit
from ohmstead.families.hoymiles.terminal.root import facts_table, hoymiles, storage_client
from ohmstead.kit.console import FiniteType, Table, json_option, quantity, show


@hoymiles.group()
def storage() -> None:
    """Talk to a storage gateway. HOST may have a port."""


@storage.command("read")
@click.argument("host")
@json_option
async def read_storage(host: str, *, as_json: bool) -> None:
    """Read every hybrid inverter behind the gateway at HOST."""
    client = storage_client(host)
    gateway, units = await client.gateway(), await client.units()
    found = await client.storages(unit.serial for unit in units)
    document = {
        "gateway": msgspec.to_builtins(gateway),
        "network": msgspec.to_builtins(await client.network()),
        "units": msgspec.to_builtins(units),
        "storages": msgspec.to_builtins(found),
    }
    show(document, lambda: storage_tables(units, found), as_json=as_json)


@storage.command("mode")
@click.argument("host")
@click.argument("mode", type=click.Choice(["self-consumption", "backup", "off-grid", "charge", "discharge"]))
@click.option("--reserve", "reserve_pct", type=click.IntRange(0, 100), default=10, show_default=True)
@click.option("--power", "power_pct", type=FiniteType(0, 100), default=100.0, show_default=True)
@json_option
async def set_mode(host: str, mode: str, *, reserve_pct: int, power_pct: float, as_json: bool) -> None:
    """Set how all storages behind the gateway at HOST work. --power is for charge and discharge."""
    if mode in {"charge", "discharge"}:
        settings = modes.forced(StorageMode[f"FORCED_{mode.upper()}"], reserve_pct, power_pct)
    else:
        settings = modes.reserving(StorageMode[mode.replace("-", "_").upper()], reserve_pct)
    client = storage_client(host)
    serials = [unit.serial for unit in await client.units()]
    await client.set_mode(serials, settings)
    document = {"outcome": "acknowledged", "mode": mode, "serials": serials}
    show(
        document,
        lambda: [facts_table(("mode", mode), ("acknowledged for", ", ".join(map(str, serials))))],
        as_json=as_json,
    )


def storage_tables(units: Iterable[StorageUnit], found: Iterable[Storage]) -> Iterable[Table]:
    names = {unit.serial: unit.model_name for unit in units}
    for one in found:
        rows = [(f"string {s.index}", quantity(s.power_w, "W")) for s in one.pv]
        if one.battery is not None:
            rows.append(("charge", quantity(one.battery.soc_pct, "%")))
            rows.append(("battery, + charging", quantity(one.battery.power_w, "W")))
        rows += [(f"grid {p.phase}, + importing", quantity(p.active_power_w, "W")) for p in one.grid]
        rows += [(f"home {p.phase}", quantity(p.active_power_w, "W")) for p in one.load]
        yield Table(
            title=f"{names.get(one.serial, 'storage')} {one.serial}",
            columns=("Field", "Value"),
            rows=tuple(rows),
            right=frozenset({"Value"}),
        )
