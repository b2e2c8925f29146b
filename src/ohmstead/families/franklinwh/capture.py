"""How this family's traffic is recorded: whole HTTP messages without their heads, and of bodies only what tells nobody's home.

It fails closed. Numbers stay under names that some table calls public, texts become stars of their length, serial numbers
become others that stay equal where they were equal. A body that cannot be read leaves nothing but its size.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import msgspec

from ohmstead.families.franklinwh.facts.endpoints import ENDPOINTS
from ohmstead.families.franklinwh.facts.fields import TABLES
from ohmstead.families.franklinwh.facts.fields.field import Secrecy
from ohmstead.families.franklinwh.wire.reading import read_json
from ohmstead.kit.wire.http_messages import MessageCutter
from ohmstead.model import WireError

LONGEST_BODY_BYTES: Final = 4 * 1024 * 1024
_LAST: Final = re.compile(r"[A-Za-z0-9]+")
SERIAL: Final = re.compile(r"\d{5}[0-9A-Z]{15}")
"""Of gateways and packs."""

PUBLIC: Final = frozenset(
    _LAST.findall(field.raw)[-1 if "[]" in field.raw else 0]
    for table in TABLES.values()
    for field in table.fields
    if field.secrecy is Secrecy.PUBLIC
)
ENVELOPE: Final = frozenset(
    {"code", "status", "total", "success", "cmdType", "type", "timeStamp", "opt", "result"}
)
"""Names around the records whose numbers and flags stay."""
TEXTS: Final = frozenset({"message", "msg"})
QUERY: Final = frozenset(
    {"lang", "type", "opt", "refreshFlag", "showType", "workMode", "electricityType", "soc"}
)
"""Of a query, the values that stay."""
PATHS: Final = frozenset(endpoint.path for endpoint in ENDPOINTS)
INNER: Final = "dataArea"
"""JSON within JSON."""
BLANK: Final = "*"


class FranklinWHCodec:
    """One recording of one connection."""

    def __init__(self) -> None:
        self._cutters = {direction: MessageCutter(LONGEST_BODY_BYTES) for direction in "<>"}
        self._pseudonyms: dict[str, str] = {}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        return [self._blanked(head, body) for head, body in self._cutters[direction].cut(data)]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        head, _, body = frame.partition(b"\r\n\r\n")
        first = head.partition(b"\r\n")[0].decode("ascii", "replace")
        try:
            return {"http": first, "document": read_json(body)}
        except WireError:
            return {"http": first, "bytes": len(body)}

    def blanked(self, value: Any) -> Any:  # Any: JSON
        """A record as a recording would hold it."""
        return self._value("", value)

    def _blanked(self, head: bytes, body: bytes) -> bytes:
        blanked = self._body(body)
        first = self._first_line(head.partition(b"\r\n")[0].decode("ascii"))
        return f"{first}\r\ncontent-length: {len(blanked)}\r\n\r\n".encode() + blanked

    def _first_line(self, line: str) -> str:
        """Known paths, and of the query what tells nobody's home."""
        if not line.startswith(("GET", "POST")):
            return line
        method, target, version = line.split(" ", 2)
        path, _, query = target.partition("?")
        known = next((known for known in PATHS if path.endswith(f"/{known}")), None)
        shown = f"/{known}" if known else BLANK * len(path)
        kept = urlencode([(name, value) for name, value in parse_qsl(query) if name in QUERY])
        return f"{method} {shown}{'?' + kept if kept else ''} {version}"

    def _body(self, body: bytes) -> bytes:
        try:
            return msgspec.json.encode(self._value("", read_json(body)))
        except WireError:
            return BLANK.encode() * len(body)

    def _value(self, name: str, value: Any) -> Any:  # Any: JSON
        match value:
            case dict():
                return {self._name(key): self._value(key, part) for key, part in value.items()}
            case list():
                return [self._value(name, part) for part in value]
            case str() if name == INNER:
                return self._inner(value)
            case str():
                return value if name in TEXTS and SERIAL.search(value) is None else self._text(value)
            case None:
                return None
            case _:
                return value if name in PUBLIC or name in ENVELOPE else BLANK

    def _inner(self, text: str) -> str:
        try:
            return msgspec.json.encode(self._value("", read_json(text.encode()))).decode()
        except WireError:
            return BLANK * len(text)

    def _name(self, key: str) -> str:
        """Names of fields stay; a key that could be a serial or a network's name is data."""
        return (
            key if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]{0,39}", key) and not SERIAL.search(key) else BLANK
        )

    def _text(self, text: str) -> str:
        return SERIAL.sub(self._pseudonym, text) if SERIAL.fullmatch(text) else BLANK * len(text)

    def _pseudonym(self, found: re.Match[str]) -> str:
        """Equal serials stay equal, and as long as they were."""
        number = str(len(self._pseudonyms) + 1)
        return self._pseudonyms.setdefault(found[0], "1" + number.rjust(len(found[0]) - 1, "0"))
