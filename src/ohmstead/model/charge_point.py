"""What standard interfaces of charge points ask of a charger, beyond its reading. Vendor facts travel up in this form."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Connector(StrEnum):
    """The plug on a charger's cable."""

    TYPE_1 = "type_1"
    TYPE_2 = "type_2"
    CCS_1 = "ccs_1"
    CCS_2 = "ccs_2"
    NACS = "nacs"
    UNKNOWN = "unknown"


class ChargeProtocol(StrEnum):
    """How car and charger speak; `VENDOR` is one of its own."""

    IEC_61851 = "iec_61851"
    DIN_70121 = "din_70121"
    ISO_15118_2 = "iso_15118_2"
    ISO_15118_20 = "iso_15118_20"
    VENDOR = "vendor"
    UNKNOWN = "unknown"


class ChargePointFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Absent is None or empty, never 0. Tuples by phase hold None where a phase is not live."""

    identifier: str = ""
    """As its owner or its network calls it."""
    connector: Connector = Connector.UNKNOWN
    protocol: ChargeProtocol = ChargeProtocol.UNKNOWN
    is_dc: bool = False
    phases: int | None = None
    """As it is wired."""
    switches_phases: bool = False
    least_a: float = 6.0
    most_a: float | None = None
    """As the installer set it."""
    network_a: float | None = None
    """What the group that it shares its feed with may draw altogether; of one that shares with nobody there is none."""
    least_w: float | None = None
    most_w: float | None = None
    has_charged: bool | None = None
    """In the session that is under way."""
    voltages_v: tuple[float | None, ...] = ()
    currents_a: tuple[float | None, ...] = ()
    neutral_a: float | None = None
    frequency_hz: float | None = None
    alerts: tuple[str, ...] = ()
    """The vendor's own numbers or names of what is wrong now."""


class LimitedBy(StrEnum):
    """What kept a command from having its whole effect."""

    HARDWARE = "hardware"
    FUSE = "fuse"
    INSTALLER_LIMIT = "installer_limit"
    NETWORK_LIMIT = "network_limit"
    LOAD_MANAGEMENT = "load_management"
    MINIMUM_CURRENT = "minimum_current"
    SCHEDULE = "schedule"
    VEHICLE = "vehicle"
    PHASE_COUNT = "phase_count"
    ACCESS_WINDOW = "access_window"
    WEAR_BUDGET = "wear_budget"
    NOT_SUPPORTED = "not_supported"
    OTHER = "other"
