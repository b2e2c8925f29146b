"""The four documents of the REST interface, field by field, in the order in which the unit writes them.

Each kind of value says its unit and how many decimals the unit writes; reading, writing and showing follow from that.
Sources: captures of units of firmware 21.8.5 to 25.34.1, owners' reports. Every field may be absent or null: which are
there depends on the firmware, and new ones come.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

Flag = bool | None
Text = str | None
Count = int | None
Code = int | None
Codes = tuple[int, ...] | None
Seconds = Annotated[int | None, Meta(extra={"unit": "s"})]
EnergyTotal = Annotated[int | None, Meta(extra={"unit": "Wh"})]
Microvolts = Annotated[int | None, Meta(extra={"unit": "µV"})]
Percent = Annotated[int | None, Meta(extra={"unit": "%"})]
Decibel = Annotated[int | None, Meta(extra={"unit": "dB"})]
DecibelMilliwatt = Annotated[int | None, Meta(extra={"unit": "dBm"})]
Volts = Annotated[float | None, Meta(extra={"unit": "V", "decimals": 1})]
Amperes = Annotated[float | None, Meta(extra={"unit": "A", "decimals": 1})]
Celsius = Annotated[float | None, Meta(extra={"unit": "°C", "decimals": 1})]
Hertz = Annotated[float | None, Meta(extra={"unit": "Hz", "decimals": 3})]
WattHours = Annotated[float | None, Meta(extra={"unit": "Wh", "decimals": 3})]


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """There is no field for power and none for the set point."""

    contactor_closed: Flag = None
    vehicle_connected: Flag = None
    """Plug in an inlet: proximity and pilot."""
    session_s: Seconds = None
    """Since plug-in, through every pause; 0 within 2 s of unplugging."""
    grid_v: Volts = None
    """EU: phase to neutral. North America: line to line."""
    grid_hz: Hertz = None
    vehicle_current_a: Amperes = None
    """The highest conductor (EU) or the line current (North America)."""
    currentA_a: Amperes = None  # noqa: N815 - the vendor's name, as in the fields below
    currentB_a: Amperes = None  # noqa: N815
    currentC_a: Amperes = None  # noqa: N815
    currentN_a: Amperes = None  # noqa: N815
    voltageA_v: Volts = None  # noqa: N815
    """Behind the contactor: 0 to 9 V of noise while it is open."""
    voltageB_v: Volts = None  # noqa: N815
    voltageC_v: Volts = None  # noqa: N815
    relay_coil_v: Volts = None
    """To 24.x 12 open and 6.1 closed; 25.34.1 0 open and 5.7 closed; later firmware has the two below instead."""
    relay_k1_v: Volts = None
    relay_k2_v: Volts = None
    pcba_temp_c: Celsius = None
    handle_temp_c: Celsius = None
    """127 while the handle's button is held: no temperature."""
    mcu_temp_c: Celsius = None
    uptime_s: Seconds = None
    input_thermopile_uv: Microvolts = None
    """Heat at the terminals: -60 to -210 idle, -700 after 20 min at 47 A, -2501 seen hot."""
    prox_v: Volts = None
    """NACS: 0.0 or 0.5 unplugged, 1.5 plugged, 2.7 button pressed while plugged. EU: 0.0 or 1.9."""
    pilot_high_v: Volts = None
    pilot_low_v: Volts = None
    session_energy_wh: WattHours = None
    """Kept after unplugging, zeroed at the next plug-in and at power-up."""
    config_status: Code = None
    """5: configured. 4 seen on a working Universal unit."""
    evse_state: Code = None
    current_alerts: Codes = None
    evse_not_ready_reasons: Codes = None
    """Since about 24.x."""


class Lifetime(msgspec.Struct, frozen=True, kw_only=True):
    contactor_cycles: Count = None
    contactor_cycles_loaded: Count = None
    """Openings under load."""
    alert_count: Count = None
    thermal_foldbacks: Count = None
    """Times the current was reduced for heat."""
    avg_startup_temp: Celsius = None
    """The unit writes a bare `nan` when it has none."""
    charge_starts: Count = None
    """Equals the contactor's closings, hence not sessions."""
    energy_wh: EnergyTotal = None
    """Creeps upward with no car attached, by 10 % and more: unfit for billing."""
    connector_cycles: Count = None
    """Plug-ins: the true number of sessions."""
    uptime_s: Seconds = None
    charging_time_s: Seconds = None


class Version(msgspec.Struct, frozen=True, kw_only=True):
    firmware_version: Text = None
    """`YY.WW.n+g` and 14 hexadecimal digits."""
    git_branch: Text = None
    part_number: Text = None
    serial_number: Text = None
    web_service: Text = None
    IEEE1547CombinedComplianceCrc: Text = None
    IEEE1547RideThruMomentaryCessationCrc: Text = None
    IEEE1547VfTripsCrc: Text = None

    @property
    def firmware(self) -> str:
        return (self.firmware_version or "").partition("+")[0]

    @property
    def githash(self) -> str:
        return (self.firmware_version or "").partition("+g")[2]

    @property
    def din(self) -> str:
        """Part number and serial, as the configuration channel addresses a unit; empty when one is missing."""
        return f"{self.part_number}--{self.serial_number}" if self.part_number and self.serial_number else ""


class WifiStatus(msgspec.Struct, frozen=True, kw_only=True):
    wifi_ssid: Text = None
    wifi_signal_strength: Percent = None
    """Some firmware puts the dBm here; see `strength_pct`."""
    wifi_rssi: DecibelMilliwatt = None
    wifi_snr: Decibel = None
    wifi_connected: Flag = None
    wifi_infra_ip: Text = None
    internet: Flag = None
    wifi_mac: Text = None

    @property
    def ssid(self) -> str | None:
        """Base64 of UTF-8; the oldest firmware may write it plain."""
        if self.wifi_ssid is None:
            return None
        try:
            return base64.b64decode(self.wifi_ssid, validate=True).decode()
        except (binascii.Error, ValueError):
            return self.wifi_ssid

    @property
    def strength_pct(self) -> int | None:
        """From the dBm where they are known, so that it is a percentage on every firmware."""
        dbm = self.wifi_rssi
        if dbm is None and self.wifi_signal_strength is not None and self.wifi_signal_strength < 0:
            dbm = self.wifi_signal_strength
        return self.wifi_signal_strength if dbm is None else min(max(2 * (dbm + 90), 0), 100)


Document = Vitals | Lifetime | Version | WifiStatus

DOCUMENTS: Final[dict[str, type[Vitals | Lifetime | Version | WifiStatus]]] = {
    "vitals": Vitals,
    "lifetime": Lifetime,
    "version": Version,
    "wifi_status": WifiStatus,
}
"""By the last part of its path."""

PATH: Final = "/api/1/"


class Shape(msgspec.Struct, frozen=True):
    """How one field is written and shown."""

    name: str
    unit: str
    decimals: int | None


def _shape(field: msgspec.inspect.Field) -> Shape:
    extra: dict[str, Any] = getattr(field.type, "extra", None) or {}  # Any: what Meta's `extra` holds
    return Shape(field.encode_name, extra.get("unit", ""), extra.get("decimals"))


def _shapes(kind: type[msgspec.Struct]) -> tuple[Shape, ...]:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)  # noqa: S101 - what type_info gives for a struct
    return tuple(_shape(field) for field in info.fields)


SHAPES: Final[dict[type[msgspec.Struct], tuple[Shape, ...]]] = {
    kind: _shapes(kind) for kind in DOCUMENTS.values()
}
