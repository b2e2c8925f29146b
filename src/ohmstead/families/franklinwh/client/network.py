"""How the gateway is connected, and the lights of the packs. Flags of reachability have been seen at 0 on a gateway whose
cloud link was fine: nothing here says that a gateway is offline.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.errors import DeviceTimeout
from ohmstead.families.franklinwh.facts.commands import (
    INTERFACES,
    LEDS,
    REACHABILITY,
    SCAN_REQUEST,
    STILL_WORKING,
    SWITCHES,
    WIFI,
    WIFI_SCAN,
)
from ohmstead.families.franklinwh.wire.reading import whole

SCAN_EVERY_S: Final = 3.0
SCAN_LOOKS: Final = 10
LED_FIELDS: Final = frozenset({"lightStat", "timeEn", "lightOpenTime", "lightCloseTime", "rgb", "bright"})

Record = dict[str, Any]  # Any: the vendor's JSON


async def get_network_info(line: Line) -> Record:
    """Addresses of each interface; 0.0.0.0 is none, and the mobile signal counts from 0 to 52."""
    reply = await line.tunnel(INTERFACES)
    inner = reply.get(INTERFACES.key)
    return inner if isinstance(inner, dict) else reply


async def get_connection_status(line: Line) -> Record:
    return await line.tunnel(REACHABILITY)


async def get_network_switches(line: Line) -> Record:
    return await line.tunnel(SWITCHES)


async def get_wifi_config(line: Line) -> Record:
    """Names and passwords of both Wi-Fi sides, in clear: show them to nobody but the owner."""
    return await line.tunnel(WIFI)


async def scan_wifi_networks(line: Line) -> list[Record]:
    """Networks around the gateway; takes some 12 s. Raises `DeviceTimeout` when the scan does not end."""
    reply = await line.tunnel(WIFI_SCAN, SCAN_REQUEST, fresh=True)
    for _ in range(SCAN_LOOKS):
        if whole(reply.get("reason")) != STILL_WORKING:
            found = reply.get("wifi_Info")
            if isinstance(found, list):
                return found
        await asyncio.sleep(SCAN_EVERY_S)
        reply = await line.tunnel(WIFI_SCAN, fresh=True)
    raise DeviceTimeout("the scan for Wi-Fi networks did not end; ask again later.")


async def led_light_settings(
    line: Line, mode: int | str, data: Mapping[str, object] | None = None
) -> Record | WriteResult:
    """0 reads the pack lights; 1 writes `data` (`lightStat` per pack: 1 off, 2 on; `timeEn`, `lightOpenTime` …) over what
    they are. Raises `ValueError` before anything is sent.
    """
    changes = checked_lights(mode, data)
    if not changes:
        return await line.tunnel(LEDS, fresh=True)
    before = await line.tunnel(LEDS, fresh=True)
    kept = {key: value for key, value in before.items() if key in LED_FIELDS}
    return await write_and_confirm(
        lambda: line.tunnel(LEDS, {"opt": 1} | kept | changes, is_write=True),
        lambda: line.tunnel(LEDS, fresh=True),
        changes,
        before=before,
        limits=line.limits,
    )


def checked_lights(mode: int | str, data: Mapping[str, object] | None) -> dict[str, object]:
    """What to change, nothing for a read. Raises `ValueError`."""
    number = whole(mode)
    if number == 0:
        return {}
    if number != 1 or not data:
        raise ValueError("lights are read with 0, or written with 1 and what to change")
    if unknown := set(data) - LED_FIELDS:
        raise ValueError(
            f"pack lights have no {', '.join(sorted(unknown))}; they have {', '.join(sorted(LED_FIELDS))}"
        )
    return dict(data)
