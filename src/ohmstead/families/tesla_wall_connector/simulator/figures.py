"""A unit's four documents, as its firmware writes them. Fields of one sample are not taken together: phases lag a second."""

from __future__ import annotations

import base64
import math
import struct
from typing import Final

from ohmstead.families.tesla_wall_connector.documents import Lifetime, Version, Vitals, WifiStatus
from ohmstead.families.tesla_wall_connector.simulator.plug import LEAST_A
from ohmstead.families.tesla_wall_connector.simulator.session import STANDS_S
from ohmstead.families.tesla_wall_connector.simulator.unit import (
    COLD_LOAD_S,
    HANDLE_ALERT_S,
    WINDOW_PRESS_S,
    Unit,
)
from ohmstead.kit.world.noise import mixed, uniform

HANDLE_PRESSED_C: Final = 127.0
NO_PILOT_S: Final = 120
"""After power-up the pilot is off for the first minutes, while no car is there."""
NOISE_V: Final = 9.0
NOISE_A: Final = 0.5
UNPLUGGED_V: Final = 11.8
PWM_IDLE_V: Final = (8.7, -11.8)
PWM_CHARGING_V: Final = (5.9, -11.9)
DIGITAL_V: Final = (0.0, 4.4, 4.4, 4.6, 2.1, 0.2, -0.0, 4.9)
"""What is seen of the digital protocol from sample to sample."""
WIFI_DBM: Final = -57
SSID: Final = "home-net"
ADDRESS: Final = "192.168.1.70"

READY, COLD_LOAD, BUTTON, AUTHORISATION, NO_PILOT, SHARING = 1, 2, 3, 4, 8, 10


def vitals(unit: Unit) -> Vitals:
    firmware, wiring = unit.profile.firmware, unit.profile.wiring
    heat, session, is_closed = unit.heat, unit.session, unit.plug.is_closed
    is_pressed = unit.pressed_s >= WINDOW_PRESS_S
    currents, voltages = _conductors(unit)
    pilot = _pilot(unit)
    return Vitals(
        contactor_closed=is_closed,
        vehicle_connected=unit.is_plugged,
        session_s=session.duration_s,
        grid_v=unit.supply.grid_v,
        grid_hz=unit.supply.grid_hz,
        vehicle_current_a=unit.current_a if is_closed else _noise(unit, 0) * NOISE_A,
        currentA_a=currents[0],
        currentB_a=currents[1],
        currentC_a=currents[2],
        currentN_a=currents[3],
        voltageA_v=voltages[0],
        voltageB_v=voltages[1],
        voltageC_v=voltages[2],
        relay_coil_v=firmware.relay_closed_v if is_closed else firmware.relay_open_v,
        pcba_temp_c=heat.board_c,
        handle_temp_c=HANDLE_PRESSED_C if is_pressed else heat.handle_c,
        mcu_temp_c=heat.processor_c,
        uptime_s=unit.uptime_s,
        input_thermopile_uv=heat.thermopile_uv,
        prox_v=wiring.proximity_v[unit.is_plugged + (unit.is_plugged and unit.is_pressed)],
        pilot_high_v=pilot[0],
        pilot_low_v=pilot[1],
        session_energy_wh=_float32(session.energy_wh),
        config_status=wiring.config_status,
        evse_state=unit.evse_state,
        current_alerts=alerts(unit),
        evse_not_ready_reasons=reasons(unit) if firmware.has_reasons else None,
    )


def lifetime(unit: Unit) -> Lifetime:
    kept = unit.memory.lifetime
    return Lifetime(
        contactor_cycles=kept.contactor_cycles,
        contactor_cycles_loaded=kept.contactor_cycles_loaded,
        alert_count=kept.alert_count,
        thermal_foldbacks=kept.thermal_foldbacks,
        avg_startup_temp=math.nan if unit.profile.firmware.has_nan else 21.5,
        charge_starts=kept.contactor_cycles,
        energy_wh=int(kept.energy_wh),
        connector_cycles=kept.connector_cycles,
        uptime_s=kept.uptime_s,
        charging_time_s=kept.charging_time_s,
    )


def version(unit: Unit) -> Version:
    firmware = unit.profile.firmware
    return Version(
        firmware_version=f"{firmware.version}+g{firmware.githash}",
        git_branch="HEAD" if firmware.has_branch else None,
        part_number=unit.identity.part_number,
        serial_number=unit.identity.serial,
    )


def wifi_status(unit: Unit) -> WifiStatus:
    return WifiStatus(
        wifi_ssid=base64.b64encode(SSID.encode()).decode(),
        wifi_signal_strength=min(max(2 * (WIFI_DBM + 90), 0), 100),
        wifi_rssi=WIFI_DBM,
        wifi_snr=35,
        wifi_connected=True,
        wifi_infra_ip=ADDRESS,
        internet=True,
        wifi_mac=unit.identity.mac,
    )


def alerts(unit: Unit) -> tuple[int, ...]:
    found = []
    if unit.handle_alert and unit.pressed_s >= HANDLE_ALERT_S:
        found.append(unit.handle_alert)
    if unit.profile.firmware.has_alert_49 and unit.evse_state == 4:
        found.append(49)
    return tuple(found)


def reasons(unit: Unit) -> tuple[int, ...]:
    """As REST numbers them."""
    found = []
    if unit.uptime_s < COLD_LOAD_S:
        found.append(COLD_LOAD)
    if unit.is_pressed:
        found.append(BUTTON)
    if unit.is_plugged:
        if unit.plug.plugged_s < 5:
            found.append(AUTHORISATION)
        elif unit.group is not None and unit.wants and unit.allowed_a(unit.now_s) < LEAST_A:
            found.append(SHARING)
    elif unit.session.away_s >= 2 * STANDS_S or found:
        found.extend((AUTHORISATION, NO_PILOT))
    elif unit.session.away_s >= STANDS_S:
        found.append(NO_PILOT)
    return tuple(found) or (READY,)


Four = tuple[float, float, float, float]
Three = tuple[float, float, float]


def _conductors(unit: Unit) -> tuple[Four, Three]:
    """Currents of A, B, C and N; voltages of A, B and C behind the contactor."""
    if not unit.plug.is_closed:
        a, b, c, n = (_noise(unit, stream) * NOISE_A for stream in (1, 2, 3, 4))
        # The first sample after opening may still show the last current.
        a, b, c = (max(noise, unit.last_current_a) for noise in (a, b, c))
        return (a, b, c, n), _noise_voltages(unit)
    is_fresh = unit.plug.stage_s == 0 and unit.plug.ceiling_a < 1.0
    wiring, amps, load_v = unit.profile.wiring, unit.last_current_a, unit.supply.load_v
    match wiring.slug:
        case "eu3" | "eu1":
            phases = min(wiring.phases, unit.vehicle.car.phases)
            currents = [amps if phase < phases else 0.0 for phase in range(3)]
            voltages = [load_v[phase] if phase < wiring.phases else 0.0 for phase in range(3)]
            neutral = 0.3 if phases == 3 else amps
        case "us1":
            currents, neutral = [0.463 * amps, 0.537 * amps, 0.547 * amps], 0.453 * amps
            voltages = [load_v[0], load_v[0] - 0.2, load_v[0] / 2.0]
        case _:
            currents, neutral = [0.0, amps, 0.0], amps if unit.uptime_s % 2 else 0.0
            voltages = [load_v[0] * 0.482, load_v[0], load_v[0] * 0.481]
    shown = _noise_voltages(unit) if is_fresh else (voltages[0], voltages[1], voltages[2])
    return (currents[0], currents[1], currents[2], neutral), shown


def _noise_voltages(unit: Unit) -> Three:
    return (0.0, 0.6 * _noise(unit, 5) * NOISE_V, _noise(unit, 6) * NOISE_V)


def _pilot(unit: Unit) -> tuple[float, float]:
    if not unit.is_plugged:
        level_v = 0.0 if unit.uptime_s < NO_PILOT_S else UNPLUGGED_V
        return level_v, level_v
    if unit.vehicle.is_digital:
        bits = mixed(unit.world.seed, 31, int(unit.now_s))
        return DIGITAL_V[bits & 7], DIGITAL_V[bits >> 3 & 7]
    if unit.plug.is_closed:
        return PWM_CHARGING_V
    return PWM_IDLE_V if unit.allowed_a(unit.now_s) >= LEAST_A else (PWM_IDLE_V[0], PWM_IDLE_V[0])


def _noise(unit: Unit, stream: int) -> float:
    return uniform(unit.world.seed, 40 + stream, int(unit.now_s))


def _float32(value: float) -> float:
    """The unit counts in 32 bits."""
    rounded: float = struct.unpack("f", struct.pack("f", round(value, 1)))[0]
    return rounded
