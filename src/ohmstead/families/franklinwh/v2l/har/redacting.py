"""What of an owner's capture may be shown to others. Fails closed: only what is known to tell nobody's home is kept.

Numbers stay under names of the circuits, metering, runtime and generator records; names that are not known are left
out, except those with "v2l" in them, which the whole search is about; a text becomes its length or a stable placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS
from ohmstead.families.franklinwh.facts.fields import CIRCUITS, GENERATOR, METERING, RUNTIME
from ohmstead.families.franklinwh.facts.fields.field import Secrecy

FIELDS: Final = tuple(
    (field.raw.partition("[")[0], field.secrecy)
    for table in (CIRCUITS, METERING, RUNTIME, GENERATOR)
    for field in table.fields
)
KNOWN: Final = frozenset(name for name, _ in FIELDS)
KEPT: Final = frozenset(name for name, secrecy in FIELDS if secrecy is Secrecy.PUBLIC)
"""Names whose numbers stay."""
CARRIERS: Final = frozenset(
    {
        "cmdType",
        "equipNo",
        "gatewayId",
        "type",
        "dataArea",
        "runtimeData",
        "solarHaveVo",
        "code",
        "snno",
        "len",
        "lang",
    }
)
"""Names that stay beside them; their numbers do not."""
QUERY: Final = frozenset({"lang", "type", "opt"})
"""Of a query, the values that stay."""
KNOWN_SEGMENTS: Final = frozenset(segment for endpoint in ENDPOINTS for segment in endpoint.path.split("/"))
OF_V2L: Final = re.compile(r"(?=.*v2l)[a-z][a-z0-9]{2,39}", re.IGNORECASE)
DEEPEST: Final = 16
DROPPED: Final = "…"

KINDS: Final = (
    (re.compile(r"Sw\d?Name|name", re.IGNORECASE), "name"),
    (re.compile(r"equipNo|gatewayId|order|\w*Sn|\w*serial\w*", re.IGNORECASE), "serial"),
    (re.compile(r"\w*token\w*", re.IGNORECASE), "token"),
    (re.compile(r"\w*e?mail|account", re.IGNORECASE), "account"),
    (re.compile(r"\w*ssid\w*", re.IGNORECASE), "network"),
    (re.compile(r"\w*address\w*|\w*(mac|ip|dns)", re.IGNORECASE), "address"),
)
"""Texts that are told apart, by the name they stand under; the first that fits."""


class Redactor:
    """One per report: the same text becomes the same placeholder all through it."""

    def __init__(self) -> None:
        self._placeholders: dict[tuple[str, str], str] = {}

    def path(self, path: str) -> str:
        return "/".join(
            segment if segment in KNOWN_SEGMENTS or OF_V2L.fullmatch(segment) else DROPPED
            for segment in path.split("/")
        )

    def query(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Any: JSON, as in the next two."""
        return {name: value for name, value in query.items() if name in QUERY and _is_short(value)}

    def fields(self, fields: Mapping[str, Any], depth: int = 0) -> dict[str, Any]:
        """The known names; how many others there were stands under "other_fields"."""
        kept = {name: value for name, value in fields.items() if _is_known(name)}
        shown = {name: self.value(name, value, depth) for name, value in kept.items()}
        if others := len(fields) - len(kept):
            shown["other_fields"] = others
        return shown

    def value(self, name: str, value: Any, depth: int = 0) -> Any:
        if depth >= DEEPEST:
            return DROPPED
        match value:
            case dict():
                return self.fields(value, depth + 1)
            case list():
                return [self.value(name, item, depth + 1) for item in value]
            case str():
                return self._text(name, value)
            case None:
                return None
            case _:
                return value if name in KEPT or name == "cmdType" else DROPPED

    def _text(self, name: str, text: str) -> Any:
        kind = next((kind for pattern, kind in KINDS if pattern.fullmatch(name)), "")
        if not text or not kind:
            return {"length": len(text)}
        number = 1 + sum(known == kind for known, _ in self._placeholders)
        return self._placeholders.setdefault((kind, text), f"{kind}-{number}")


def _is_known(name: str) -> bool:
    return name in KNOWN or name in CARRIERS or OF_V2L.fullmatch(name) is not None


def _is_short(value: object) -> bool:
    """`EN_US`, `1`: nothing that could hide a secret."""
    return isinstance(value, str) and re.fullmatch(r"\w{0,8}", value, re.ASCII) is not None
