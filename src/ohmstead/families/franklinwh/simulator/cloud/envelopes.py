"""The envelope around a result, in the dialect of the part of the cloud that was asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.body_codes import READ_MESSAGE
from ohmstead.families.franklinwh.facts.endpoints import ENERGY, NEW_API
from ohmstead.families.franklinwh.wire.answers import envelope
from ohmstead.kit.link.http_serving import HttpReply

JSON_TYPE: Final = "application/json;charset=UTF-8"
NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


def enveloped(
    path: str, code: int, result: object, message: str, *, headers: Mapping[str, str] = NOTHING
) -> HttpReply:
    body = msgspec.json.encode(_wrapped(path, int(code), result, message))
    return HttpReply(body=body, headers={"content-type": JSON_TYPE, **headers})


def _wrapped(path: str, code: int, result: object, message: str) -> dict[str, object]:
    if path.startswith(NEW_API):
        return {"code": code, "msg": message, "data": result}
    if path.startswith(ENERGY):
        return {"code": code, "msg": "Success" if message == READ_MESSAGE else message, "result": result}
    return envelope(code, result, message=message, total=_total(result) if message == READ_MESSAGE else None)


def _total(result: object) -> int:
    """Lists are counted, and everything else is one or none."""
    if isinstance(result, list):
        return len(result)
    return int(result is not None)
