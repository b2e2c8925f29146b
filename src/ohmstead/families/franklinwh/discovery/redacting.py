"""A snapshot that may be shown: it tells what is fitted and how it runs, and neither whose it is nor where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

SECRET: Final = re.compile(
    r"\w*(serial|ssid|password|_pw|token|e?mail|account|phone|address|latitude|longitude|postcode|site_id"
    r"|site_name|gateway_name|msa_serial|completeAddress|firstName|lastName|installer\w*|link|province|province_id"
    r"|alpha_code|electric_company|Sn|sn|MAC|StaticIP|DNS|GateWay|Pw)|city|timezone",
    re.IGNORECASE,
)
"""Names whose values tell a home or its owner."""
CIRCUIT_NAMES: Final = "names"
"""Owners name circuits after what hangs on them."""
MASK: Final = "•••"
SERIAL: Final = re.compile(r"\b(\d{5})\w{11}(\d{4})\b")
"""Of gateways and packs."""
ADDRESS: Final = re.compile(
    r"\S+@\S+|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9A-F]{2}[:-]){5}[0-9A-F]{2}\b", re.IGNORECASE
)
"""E-mail, IP and MAC addresses, wherever they stand."""


def redacted(value: Any, name: str = "") -> Any:
    """Any: JSON in, JSON out. Null and empty stay as they are; structure stays."""
    match value:
        case Mapping():
            return {key: redacted(part, key) for key, part in value.items()}
        case list():
            return [redacted(part, name) for part in value]
        case None | "" | True | False:
            return value
        case _ if SECRET.fullmatch(name) or name == CIRCUIT_NAMES:
            return MASK
        case str():
            return masked(value)
        case _:
            return value


def masked(text: str) -> str:
    """Serial numbers and addresses within a text."""
    return ADDRESS.sub(MASK, SERIAL.sub(r"\1…\2", text))
