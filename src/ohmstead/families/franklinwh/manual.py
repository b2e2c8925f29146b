"""What the manual takes from the tables: the tunnel's commands and the cloud's calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.facts.commands import COMMANDS, Command
from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS, Endpoint

PAGE: Final = "franklinwh-commands.md"


def pages() -> Mapping[str, tuple[str, Sequence[str]]]:
    return {PAGE: ("FranklinWH: commands and calls", list(lines()))}


def lines() -> Iterator[str]:
    yield from (
        "What the cloud passes on to a gateway (`sendMqtt`), and what it answers itself. Sources: captures of the vendor's app,",
        "two published clients, and owners.",
        "",
        "## Commands of the tunnel",
        "",
        "A gateway does one at a time. Its reply has the next number (203: 201). `client.tunnel(commands.CIRCUITS)` of the",
        "library sends any of them; `result` 0 in a reply means that the frame was accepted, not that a value is in force.",
        "",
        "| number | what for | how it is read | kept for |",
        "|---|---|---|---|",
    )
    yield from (command_row(command) for command in sorted(COMMANDS.values(), key=lambda c: c.number))
    yield from (
        "",
        "310, 355 and 357 have never been seen, nor has any command of its own for vehicle-to-load: none of them is sent.",
        "",
        "## Calls of the cloud",
        "",
        "Those with a method of their own are typed; the others are reached with `client.call(…)` or",
        "`ohmstead franklinwh fetch GET PATH`, and their answer is handed through. A write is only sent with `--write`.",
        "",
        "| call | what for | who answers | own method |",
        "|---|---|---|---|",
    )
    yield from (endpoint_row(endpoint) for endpoint in ENDPOINTS)


def command_row(command: Command) -> str:
    read = f"`{compact(command.read)}`" if command.read else "never"
    return row(str(command.number), command.about, read, kept(command.keep_s))


def endpoint_row(endpoint: Endpoint) -> str:
    own = "yes" if endpoint.is_required else ""
    return row(f"`{endpoint.method} {endpoint.path}`", endpoint.about, endpoint.cost.value, own)


def row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def compact(payload: Mapping[str, Any]) -> str:  # Any: the vendor's JSON
    return msgspec.json.encode(dict(payload)).decode()


def kept(time_s: float) -> str:
    return f"{time_s:g} s" if time_s else ""
