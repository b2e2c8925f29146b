"""What a body means: the envelope in all its dialects, and the error behind each code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.errors import (
    ApiError,
    DeviceTimeout,
    FranklinError,
    GatewayOffline,
    InvalidResponse,
    PermissionDenied,
    RateLimited,
    TokenExpired,
)
from ohmstead.families.franklinwh.facts.body_codes import READ_MESSAGE, RETRY_AFTER_S, SUCCESSES, BodyCode
from ohmstead.families.franklinwh.wire.reading import read_json, whole
from ohmstead.model import WireError

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})
QUOTED: Final = 200
"""Characters of a broken body that an error keeps."""
LONGEST_WAIT_S: Final = 86_400.0
"""More than a day in `Retry-After` is somebody's mistake."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is one, whatever it says."""

    code: int
    message: str = ""
    result: Any = None
    """Any: each call has its own shape."""
    raw: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """The whole envelope, untouched."""
    retry_after_s: float | None = None

    @property
    def record(self) -> dict[str, Any]:  # Any: as above
        """The result as a dict of the caller's own; empty where it is something else."""
        return dict(self.result) if isinstance(self.result, dict) else {}

    @property
    def records(self) -> list[dict[str, Any]]:  # Any: as above
        """The objects of a list; none where the result is something else."""
        return (
            [item for item in self.result if isinstance(item, dict)] if isinstance(self.result, list) else []
        )

    @property
    def is_queued(self) -> bool:
        return self.code == BodyCode.QUEUED


_PRIVATE: Final = re.compile(r"[^\s@]+@[^\s@]+|\b\d{8}[A-Z]\d{2}[A-Z]\d{8}\b")
"""The cloud likes to repeat e-mail addresses and serials; our messages and logs do not."""

EMPTY: Final = Answer(code=BodyCode.OK)


def read_answer(status: int, body: bytes, headers: Mapping[str, str] = NO_HEADERS) -> Answer:
    """Header names in lower case. Raises `InvalidResponse` for a page of HTML and other bodies that are no answer."""
    if status == HTTPStatus.UNAUTHORIZED:
        return Answer(code=BodyCode.TOKEN, message="unauthorized")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Answer(
            code=BodyCode.BUSY, message="too many requests", retry_after_s=_wait_s(headers.get("retry-after"))
        )
    if not body.strip():
        if status == HTTPStatus.OK:
            return EMPTY
        raise _invalid(status, body, "an empty body")
    try:
        raw = read_json(body)
    except WireError as error:
        raise _invalid(status, body, str(error)) from None
    if not isinstance(raw, dict):
        raise _invalid(status, body, "JSON, but no object")
    return _read(status, raw, body, headers)


def _read(status: int, raw: dict[str, Any], body: bytes, headers: Mapping[str, str]) -> Answer:
    code = whole(raw.get("code"))
    if code is None:
        code = whole(raw.get("status"))  # what the gateway framework says instead
    if code is None or (status >= HTTPStatus.INTERNAL_SERVER_ERROR and code in SUCCESSES):
        raise _invalid(status, body, "an object without a code")
    message = raw.get("message") or raw.get("msg") or raw.get("error") or ""
    return Answer(
        code=code,
        message=_PRIVATE.sub("(hidden)", message) if isinstance(message, str) else "",
        result=raw["result"] if "result" in raw else raw.get("data"),
        raw=raw,
        retry_after_s=_wait_s(headers.get("retry-after")) if code == BodyCode.BUSY else None,
    )


def judged(answer: Answer) -> Answer:
    """The answer, if it is a yes. Raises the error its code stands for; a refused token as `TokenExpired`."""
    if answer.code in SUCCESSES:
        return answer
    raise error_of(answer)


def error_of(answer: Answer) -> FranklinError:
    match answer.code:
        case BodyCode.DEVICE_TIMEOUT:
            return DeviceTimeout("the gateway did not answer the cloud in time; ask again later.")
        case BodyCode.OFFLINE:
            return GatewayOffline(
                "the cloud has no connection to the gateway; check its network and its power."
            )
        case BodyCode.NO_PERMISSION:
            return PermissionDenied(
                "no permission: the accessory is not provisioned, or the firmware does not know this.",
                code=answer.code,
            )
        case BodyCode.TOKEN | BodyCode.TOKEN_NEW:
            return TokenExpired("the cloud does not accept the token (any more).", code=answer.code)
        case BodyCode.BUSY:
            wait_s = RETRY_AFTER_S if answer.retry_after_s is None else answer.retry_after_s
            return RateLimited(
                f"too many calls; the cloud wants to be left alone for {wait_s:g} s.", retry_after=wait_s
            )
        case _:
            return ApiError(answer.code, answer.message)


def envelope(
    code: int, result: object, *, message: str = READ_MESSAGE, total: int | None = None
) -> dict[str, object]:
    """What the cloud wraps around a result; for whoever plays the cloud."""
    counted = {} if total is None else {"total": total}
    return {"code": code, "message": message, "result": result, **counted, "success": code in SUCCESSES}


def _invalid(status: int, body: bytes, what: str) -> InvalidResponse:
    return InvalidResponse(
        f"expected JSON from the cloud; HTTP {status} came with {what}. The cloud may be down.",
        status_code=status,
        body=body[:QUOTED].decode("utf-8", "replace"),
    )


def _wait_s(text: str | None) -> float | None:
    """`Retry-After` in seconds; its other form, a date, has not been seen and counts as unsaid."""
    if text is None or not (text := text.strip()).isdecimal() or not text.isascii():
        return None
    return min(float(text[:9]), LONGEST_WAIT_S)
