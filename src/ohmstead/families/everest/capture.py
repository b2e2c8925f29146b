"""How this family's traffic is recorded: whole JSON documents, in which only texts of the interface itself are kept.

It fails closed: a text under any other name is blanked, and so is one of an enumeration that we do not know.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ohmstead.families.everest.schema import enums
from ohmstead.families.everest.schema.error_types import EVSEErrorEnum
from ohmstead.families.everest.schema.extensions import EXTENSIONS, LimitedByEnum, ScopeEnum, UnitEnum
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS, OUR_METHODS
from ohmstead.families.everest.schema.text import Text
from ohmstead.families.everest.wire.text import Unreadable, decoded, encoded

BLANK: Final = "*"
LONGEST_BYTES: Final = 1024 * 1024
"""Of one document: what is longer is dropped with all that came of it."""
HARMLESS: Final = frozenset(
    {"jsonrpc", "api_version", "everest_version", "timestamp", "taken_at", "valid_until", "vendor", "model"}
)
"""Members whose texts say nothing of the owner."""
ENUMERATIONS: Final[tuple[type[Text], ...]] = (
    enums.ResponseErrorEnum,
    enums.ChargeProtocolEnum,
    enums.EVSEStateEnum,
    enums.ConnectorTypeEnum,
    enums.EnergyTransferModeEnum,
    enums.Severity,
    EVSEErrorEnum,
    LimitedByEnum,
    ScopeEnum,
    UnitEnum,
)
KNOWN: Final = frozenset({text.value for kind in ENUMERATIONS for text in kind}) | {
    *METHODS,
    *OUR_METHODS,
    *NOTIFICATIONS,
    *EXTENSIONS,
}
OPENING, CLOSING, QUOTE, ESCAPE = b"{[", b"}]", ord('"'), ord("\\")


class EverestCodec:
    """One recording of one connection."""

    def __init__(self) -> None:
        self._open = {"<": Documents(), ">": Documents()}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        found = [decoded(document) for document in self._open[direction].receive(data)]
        return [encoded(_blanked(document)) for document in found if not isinstance(document, Unreadable)]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        document = decoded(frame)
        return document if isinstance(document, dict) else {"batch": document}


class Documents:
    """Cuts a stream into objects and arrays, by their brackets. What stands between them is passed over."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._depth = 0
        self._is_text = False
        self._is_escaped = False

    def receive(self, data: bytes) -> list[bytes]:
        whole = []
        for byte in data:
            if self._take(byte):
                whole.append(bytes(self._held))
                self._held.clear()
        return whole

    def _take(self, byte: int) -> bool:
        """Whether a document ends with this byte."""
        if len(self._held) >= LONGEST_BYTES:
            self.__init__()  # type: ignore[misc]  # as new
        if self._is_text:
            self._is_text = byte != QUOTE or self._is_escaped
            self._is_escaped = byte == ESCAPE and not self._is_escaped
        elif byte == QUOTE:
            self._is_text = self._depth > 0
        elif byte in OPENING:
            self._depth += 1
        elif byte in CLOSING and self._depth:
            self._depth -= 1
            self._held.append(byte)
            return self._depth == 0
        if self._depth:
            self._held.append(byte)
        return False


def _blanked(document: object, name: str = "") -> object:
    match document:
        case dict():
            return {key: _blanked(value, key) for key, value in document.items()}
        case list():
            return [_blanked(item, name) for item in document]
        case str() if name not in HARMLESS and document not in KNOWN:
            return BLANK
        case _:
            return document
