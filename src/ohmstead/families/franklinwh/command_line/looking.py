"""Commands that only look: status, what is fitted, health, packs, network."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import click

from ohmstead.families.franklinwh.client.readings import Stats
from ohmstead.families.franklinwh.command_line.diagnosing import diagnosis_tables
from ohmstead.families.franklinwh.command_line.root import asking, fields, franklinwh, session, tables
from ohmstead.families.franklinwh.diagnosis import diagnosis
from ohmstead.families.franklinwh.discovery import DeviceSnapshot
from ohmstead.families.franklinwh.facts.codes import GEN_MANUSW, GENERATOR_STATE, V2L_RUN_STATE
from ohmstead.kit.console import FiniteType, Table, quantity, say, show, stop_signal

POWERS: Final = (
    ("solar", "solar_production"),
    ("grid", "grid_use"),
    ("battery", "battery_use"),
    ("generator", "generator_production"),
    ("home", "home_load"),
    ("vehicle port", "v2l_use"),
)
ENERGIES: Final = (
    ("solar", "solar"),
    ("imported", "grid_import"),
    ("exported", "grid_export"),
    ("charged", "battery_charge"),
    ("discharged", "battery_discharge"),
    ("generator", "generator"),
    ("home", "home_use"),
)
SHORTEST_S: Final = 10.0


@franklinwh.command()
@asking
async def status(asked: Any, *, as_json: bool) -> None:
    """Show power, charge, grid, mode and today's energy."""
    async with session(asked) as client:
        stats = await client.get_stats()
    show(status_document(stats), lambda: status_tables(stats), as_json=as_json)


@franklinwh.command()
@click.option("--interval", default=30.0, type=FiniteType(SHORTEST_S), show_default=True, metavar="S")
@asking
async def monitor(asked: Any, *, interval: float, as_json: bool) -> None:
    """Show the status again and again, until it is stopped."""
    with stop_signal() as stop:
        async with session(asked) as client:
            while not stop.is_set():
                stats = await client.get_stats()
                if as_json:
                    say(status_document(stats))
                else:
                    show({}, lambda: status_tables(stats)[:1], as_json=False)  # noqa: B023 - drawn at once
                await wait(stop, interval)


async def wait(stop: asyncio.Event, most_s: float) -> None:
    try:
        async with asyncio.timeout(most_s):
            await stop.wait()
    except TimeoutError:
        return


def status_document(stats: Stats) -> dict[str, Any]:  # Any: JSON
    now, today = stats.current, stats.totals
    return {
        "power_kw": {label.replace(" ", "_"): getattr(now, name) for label, name in POWERS},
        "soc_pct": now.battery_soc,
        "grid": now.grid_connection_state.value,
        "mode": now.effective_mode,
        "run_status": now.run_status_desc,
        "generator": GENERATOR_STATE[now.generator_status],
        "v2l": V2L_RUN_STATE[now.v2l_status],
        "alarms": now.alarms_count,
        "today_kwh": {label: getattr(today, name) for label, name in ENERGIES},
        "is_stale": stats.is_stale,
        "stale_reason": stats.stale_reason,
        "sample_time": stats.sample_time,
    }


def status_tables(stats: Stats) -> list[Table]:
    now = stats.current
    rows = [(label, quantity(getattr(now, name) * 1000, "W")) for label, name in POWERS]
    rows += [
        ("charge", quantity(now.battery_soc, "%")),
        ("grid is", now.grid_connection_state.value),
        ("mode", now.effective_mode),
        ("battery is", now.run_status_desc),
        ("generator is", GENERATOR_STATE[now.generator_status]),
        ("alarms", str(now.alarms_count)),
    ]
    if stats.is_stale:
        rows.append(("not of now", stats.stale_reason.replace("_", " ")))
    energy = [(label, quantity(getattr(stats.totals, name) * 1000, "Wh")) for label, name in ENERGIES]
    return [
        Table(title="Now", columns=("What", "Value"), rows=tuple(rows), right=frozenset({"Value"})),
        Table(title="Today", columns=("Energy", "Value"), rows=tuple(energy), right=frozenset({"Value"})),
    ]


@franklinwh.command()
@click.option(
    "--tier", default="1", type=click.Choice(("1", "2", "3")), show_default=True, help="How deep to look."
)
@click.option("--redact", is_flag=True, help="Tell neither who nor where.")
@click.option("--diag", is_flag=True, help="Health checks, feature flags and relays.")
@asking
async def discover(asked: Any, *, tier: str, redact: bool, diag: bool, as_json: bool) -> None:
    """Show what the gateway is made of."""
    async with session(asked) as client:
        found = await client.discover(2 if diag and tier == "1" else int(tier))
    if diag:
        show(diagnosis(found), lambda: diagnosis_tables(found), as_json=as_json)
        return
    document = found.to_dict(redact=redact)
    show(document, lambda: snapshot_tables(document), as_json=as_json)


@franklinwh.command()
@asking
async def diag(asked: Any, *, as_json: bool) -> None:
    """Show health checks, feature flags and relays: discover --diag."""
    async with session(asked) as client:
        found = await client.discover(2)
    show(diagnosis(found), lambda: diagnosis_tables(found), as_json=as_json)


def snapshot_tables(document: dict[str, Any]) -> Iterator[Table]:  # Any: JSON
    """One for each part that holds anything."""
    for part, values in document.items():
        if isinstance(values, dict):
            known = {k: v for k, v in values.items() if v not in (None, [], {}) and not isinstance(v, dict)}
            if known:
                yield fields(part.capitalize(), {name: flat(value) for name, value in known.items()})


def flat(value: Any) -> Any:  # Any: JSON
    """Of a list of records their first words: the whole of it is for --json."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [str(entry.get("type_name") or entry.get("serial") or "entry") for entry in value]
    return value


@franklinwh.command()
@asking
async def accessories(asked: Any, *, as_json: bool) -> None:
    """Show accessories with their catalogue numbers, the circuits, the vehicle port and the generator."""
    async with session(asked) as client:
        found = await client.discover(3)
    show(accessories_document(found), lambda: accessories_tables(found), as_json=as_json)


def accessories_document(found: DeviceSnapshot) -> dict[str, Any]:  # Any: JSON
    fitted, flags = found.accessories, found.flags
    return {
        "items": fitted.items,
        "smart_circuits": fitted.smart_circuits,
        "v2l": {
            "eligible": flags.v2l_eligible,
            "reason": flags.v2l_reason,
            "note": flags.v2l_note,
            "licence": flags.v2l_enabled,
            "state": fitted.v2l_state,
        },
        "generator": fitted.generator,
        "generator_state": fitted.generator_state,
    }


def accessories_tables(found: DeviceSnapshot) -> Iterator[Table]:
    fitted, flags = found.accessories, found.flags
    rows = tuple(
        (item.type_name, str(item.catalogue_id or "–"), item.sku or "–", item.serial or "–")
        for item in fitted.items
    )
    yield Table(title="Accessories", columns=("What", "Catalogue", "SKU", "Serial"), rows=rows)
    module, engine = fitted.smart_circuits, fitted.generator
    circuits = "no module" if module is None else f"{module.count}, version {module.version}"
    eligible = "eligible" if flags.v2l_eligible else "not eligible"
    licence = "licensed" if flags.v2l_enabled else "no licence"
    mode = GEN_MANUSW[engine.manual_switch or engine.mode or 0] if engine else ""
    generator = f"{fitted.generator_state or 'unknown'}, mode {mode}" if engine else "no generator module"
    yield fields(
        "Functions",
        {
            "smart circuits": circuits,
            "vehicle port": f"{eligible}, {licence}, {fitted.v2l_state or 'no state'}: {flags.v2l_note}",
            "generator": generator,
        },
    )


@franklinwh.command()
@asking
async def bms(asked: Any, *, as_json: bool) -> None:
    """Show cells and temperatures of each pack. The gateway takes some seconds for each."""
    async with session(asked) as client:
        serials = (await client.get_stats()).current.apower_serial_numbers
        packs = {serial: await client.get_bms_info(serial) for serial in serials}
    show(
        packs, lambda: [fields(f"Pack {serial}", record) for serial, record in packs.items()], as_json=as_json
    )


@franklinwh.command()
@click.option("--scan", is_flag=True, help="Look for Wi-Fi networks around the gateway; takes 12 s.")
@asking
async def network(asked: Any, *, scan: bool, as_json: bool) -> None:
    """Show interfaces, how the cloud is reached, and signals."""
    async with session(asked) as client:
        document: dict[str, Any] = {
            "interfaces": await client.get_network_info(),
            "reachability": await client.get_connection_status(),
            "switches": await client.get_network_switches(),
        }
        if scan:
            document["networks"] = await client.scan_wifi_networks()
    parts = [fields(name.capitalize(), part) for name, part in document.items() if isinstance(part, dict)]
    seen = tuple((str(n.get("wifi_SSID")), str(n.get("wifi_RSSI"))) for n in document.get("networks", ()))
    around = Table(title="Networks", columns=("Name", "Signal %"), rows=seen, nothing="No network was seen.")
    show(document, tables(*parts, *([around] if scan else [])), as_json=as_json)
