"""Wires the inner rooms into a running site: config, lifecycle, live state, commands and ledger."""

from __future__ import annotations

from ohmstead.gateway.capturing import Captures
from ohmstead.gateway.charger_board import GatewayChargers
from ohmstead.gateway.commands import Commands
from ohmstead.gateway.discovering import discover, place_of
from ohmstead.gateway.disk import LedgerError
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.opening import open_gateway
from ohmstead.gateway.orders import Entry, Order
from ohmstead.gateway.quarters import Stretch
from ohmstead.gateway.reaching import require_reachable, staying_reachable
from ohmstead.gateway.scarcity import Scarcity
from ohmstead.gateway.site_file import NO_FACES, Faces, SiteFile, read_site_file
from ohmstead.gateway.site_names import unknown_names, with_names_of
from ohmstead.gateway.site_values import beyond_defaults
from ohmstead.gateway.site_writing import write_site_file
from ohmstead.gateway.status import Change, DeviceStatus, State
from ohmstead.gateway.stored_captures import CannotRecord, CaptureInfo, DecodedCapture
from ohmstead.gateway.trying import Tried, try_device
from ohmstead.gateway.watching import Watch

__all__ = [
    "NO_FACES",
    "CannotRecord",
    "CaptureInfo",
    "Captures",
    "Change",
    "Commands",
    "DecodedCapture",
    "DeviceStatus",
    "Entry",
    "Faces",
    "Gateway",
    "GatewayChargers",
    "LedgerError",
    "Order",
    "Scarcity",
    "SiteFile",
    "State",
    "Stretch",
    "Tried",
    "Watch",
    "beyond_defaults",
    "discover",
    "open_gateway",
    "place_of",
    "read_site_file",
    "require_reachable",
    "staying_reachable",
    "try_device",
    "unknown_names",
    "with_names_of",
    "write_site_file",
]
