"""Wires the inner rooms into a running site: config, lifecycle, live state, commands and ledger."""

from __future__ import annotations

from ohmstead.gateway.charger_board import charger_board
from ohmstead.gateway.commands import Commands
from ohmstead.gateway.disk import LedgerError
from ohmstead.gateway.gateway import Gateway
from ohmstead.gateway.opening import open_gateway
from ohmstead.gateway.orders import Entry, Order
from ohmstead.gateway.quarters import Stretch
from ohmstead.gateway.site_file import SiteFile, read_site_file
from ohmstead.gateway.site_writing import write_site_file
from ohmstead.gateway.status import Change, DeviceStatus, State
from ohmstead.gateway.watching import Watch

__all__ = [
    "Change",
    "Commands",
    "DeviceStatus",
    "Entry",
    "Gateway",
    "LedgerError",
    "Order",
    "SiteFile",
    "State",
    "Stretch",
    "Watch",
    "charger_board",
    "open_gateway",
    "read_site_file",
    "write_site_file",
]
