"""Health checks, feature flags and relays of a snapshot, as `discover --diag` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.discovery import DeviceSnapshot
from ohmstead.families.franklinwh.facts.codes import TOU_SEND_STATUS

RELAYS: Final = ("grid_1", "generator", "solar_pv_1", "grid_2", "black_start", "solar_pv_2", "apbox")


class Feature(msgspec.Struct, frozen=True):
    name: str
    is_on: bool
    detail: str = ""


def diagnosis(found: DeviceSnapshot) -> dict[str, Any]:  # Any: JSON
    return {
        "checks": [
            {"check": name, "ok": is_good, "detail": detail} for name, is_good, detail in checks(found)
        ],
        "features": [msgspec.to_builtins(feature) for feature in features(found)],
        "relays": [
            {
                "relay": name,
                "connected": found.electrical.relays.get(name),
                "raw": found.electrical.relays_raw.get(name),
            }
            for name in RELAYS
        ],
        "errors": dict(found.errors),
    }


def checks(found: DeviceSnapshot) -> Iterator[tuple[str, bool, str]]:
    online = found.agate.status == 1
    yield "gateway online", online, "" if online else "the cloud has no connection to it"
    is_sound = found.electrical.device_status in (None, 1)
    yield "device status", is_sound, "" if is_sound else "the gateway reports a fault"
    yield "activated", found.agate.active_status in (None, 1), ""
    grid = (
        "off grid by request"
        if found.flags.off_grid_simulated
        else "outage"
        if found.flags.off_grid
        else "connected"
    )
    yield "grid", grid == "connected", grid
    sending = found.electrical.tou_status
    yield (
        "mode change arrived",
        sending in (None, 0),
        "" if sending in (None, 0) else TOU_SEND_STATUS[sending],
    )
    yield "every call answered", not found.errors, ", ".join(found.errors)


def features(found: DeviceSnapshot) -> Iterator[Feature]:
    flags, fitted = found.flags, found.accessories
    yield Feature("Solar", bool(flags.solar), ", ".join(flags.solar_detail))
    yield Feature("TOU / tariff", bool(flags.tariff_configured), found.site.tariff_name or "")
    yield Feature("PCS power control", bool(flags.pcs_enabled))
    yield Feature("Grid-tied", found.grid.connected is not False and not flags.off_grid_permanent)
    yield Feature("MPPT", bool(flags.mppt_enabled))
    yield Feature("Three phase", bool(flags.three_phase))
    yield Feature("CT split grid", bool(flags.ct_split_grid))
    yield Feature("CT split PV", bool(flags.ct_split_pv))
    yield _circuits(found)
    yield Feature("  V2L", flags.v2l_eligible, _port(found))
    engine = fitted.generator
    word = "Not installed" if engine is None else "Enabled" if engine.enabled else "Installed"
    state = fitted.generator_state if engine else ""
    yield Feature("Generator Module", bool(engine and engine.enabled), ", ".join(filter(None, (word, state))))
    yield Feature("Remote solar (aPbox)", bool(flags.remote_solar or fitted.has_apbox))
    yield Feature("aHub", fitted.has_ahub)
    yield Feature("VPP programme", bool(flags.vpp_enrolled))


def _circuits(found: DeviceSnapshot) -> Feature:
    module = found.accessories.smart_circuits
    if module is None:
        return Feature("Smart Circuits", is_on=False, detail="Not installed")
    merged = ", 1 and 2 merged" if module.merged else ""
    return Feature(
        "Smart Circuits", is_on=True, detail=f"{module.count} circuits, version {module.version}{merged}"
    )


def _port(found: DeviceSnapshot) -> str:
    flags = found.flags
    licence = "licence on" if flags.v2l_enabled else "licence off"
    return f"{flags.v2l_note}; {licence}; state {found.accessories.v2l_state or 'not told'}"
