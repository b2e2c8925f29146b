"""The login: a form with a hashed password, and refusals that are told apart by their text. Both ends."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from ohmstead.families.franklinwh.errors import (
    AccountLocked,
    FranklinError,
    InvalidCredentials,
    LoginError,
)
from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.wire.answers import Answer, error_of
from ohmstead.families.franklinwh.wire.reading import read_json
from ohmstead.model import WireError

FORM: Final = "application/x-www-form-urlencoded"
LANGUAGE: Final = "en_US"
TOKEN_PREFIX: Final = "APP_ACCOUNT::"  # noqa: S105  # how tokens begin, not one of them
_LEFT: Final = re.compile(r"still have (\d{1,3}) chance")
_LOCKED: Final = re.compile(r"try again after (?:(\d{1,4}) ?h\w* )?(?:(\d{1,4}) ?min )?(\d{1,5}) ?sec")


def password_hash(password: str) -> str:
    """What the cloud wants instead of the password. It is as good as the password: never log it."""
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def login_form(email: str, password: str, account_type: int = 0) -> bytes:
    """`account_type`: 0 owner, 1 installer."""
    fields = {
        "account": email,
        "password": password_hash(password),
        "type": account_type,
        "lang": LANGUAGE,
    }
    return urlencode(fields).encode()


def read_login_fields(body: bytes, query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a login, from the form the clients send or the query the app sends; the form wins."""
    text = body.decode("utf-8", "replace").strip()
    if text.startswith("{"):
        try:
            given = read_json(body)
        except WireError:
            given = {}
        return {**query, **{str(key): str(value) for key, value in given.items()}}
    return {**query, **dict(parse_qsl(text))}


def read_token(answer: Answer) -> str:
    """The token of a login's answer. Raises `LoginError` or one of its kinds, or `RateLimited`."""
    if answer.code != BodyCode.OK:
        raise refusal(answer)
    result = answer.result
    token = result.get("token") if isinstance(result, dict) else None
    if not isinstance(token, str) or not token.isprintable() or not token:
        raise LoginError("the cloud accepted the login and gave no token.")
    return token


def refusal(answer: Answer) -> FranklinError:
    message = answer.message
    match answer.code:
        case BodyCode.BUSY:
            return error_of(answer)
        case BodyCode.TOKEN:
            return InvalidCredentials("the cloud does not accept e-mail or password.", code=answer.code)
        case BodyCode.BAD_REQUEST if (left := attempts_left(message)) is not None:
            return AccountLocked(f"the password is wrong; {left} tries are left.", attempts_left=left)
        case BodyCode.BAD_REQUEST if (wait_s := locked_for_s(message)) is not None:
            return AccountLocked(
                f"the account is locked for {wait_s} s.", attempts_left=0, retry_after=float(wait_s)
            )
        case _:
            said = message or "no message"
            return LoginError(f"the login was refused with code {answer.code}: {said}.", code=answer.code)


def attempts_left(message: str) -> int | None:
    found = _LEFT.search(message)
    return int(found[1]) if found else None


def locked_for_s(message: str) -> int | None:
    found = _LOCKED.search(message)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def wrong_password_text(left: int) -> str:
    return f"Incorrect password, you still have {left} chances to enter."


def locked_text(wait_s: int) -> str:
    return f"The password is locked. Please try again after {wait_s // 60} min {wait_s % 60} sec"
