"""Who may log in, what wrong passwords lead to, and how long tokens live. Times are civil."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from ohmstead.families.franklinwh.facts.body_codes import BodyCode
from ohmstead.families.franklinwh.simulator.cloud.calls import Refusal
from ohmstead.families.franklinwh.simulator.cloud.told import CloudOptions
from ohmstead.families.franklinwh.wire.login import (
    TOKEN_PREFIX,
    locked_text,
    password_hash,
    wrong_password_text,
)

Json = dict[str, Any]  # Any: JSON
CHANCES: Final = 4
LOCK_S: Final = 300.0
BACKEND: Final = "2.0.0.250506_release"
USER_ID: Final = 10_001


class Accounts:
    def __init__(self, options: CloudOptions, random: Random) -> None:
        self.options = options
        self.logins = 0
        self._random = random
        self._hash = password_hash(options.password)
        self._tokens: dict[str, datetime] = {}
        """Until when each is good. Logging in again leaves the others as they are."""
        self._chances = CHANCES
        self._locked_until: datetime | None = None

    def login(self, account: str, hashed: str, now: datetime) -> Json:
        """Raises `Refusal`."""
        self._refuse_locked(now)
        if account != self.options.account:
            raise Refusal(BodyCode.NO_ACCOUNT, "Account does not exist")
        if hashed.lower() != self._hash:
            self._refuse_password(now)
        self._chances = CHANCES
        self.logins += 1
        token = f"{TOKEN_PREFIX}{self._random.getrandbits(256):064X}"
        self._tokens[token] = now + timedelta(seconds=self.options.token_life_s)
        return {
            "userId": USER_ID,
            "email": account,
            "token": token,
            "version": BACKEND,
            "passwordUpdateFlag": 1,
            "userTypes": [0],
            "currentType": 0,
            "surveyFlag": 0,
            "ninetyDaysPwdUpdate": 0,
            "serviceVoltageFlag": None,
            "failureVersion": None,
            "distributorId": None,
            "installerId": None,
            "roles": [],
            "affiliateCompany": [],
        }

    def check(self, token: str, now: datetime) -> None:
        """Raises `Refusal` for a token that is missing, unknown or too old."""
        until = self._tokens.get(token)
        if until is None or now >= until:
            self._tokens.pop(token, None)
            raise Refusal(self.options.token_code, "Please log in again")

    def forget(self, token: str | None = None) -> None:
        """One token, or all of them."""
        if token is None:
            self._tokens.clear()
        else:
            self._tokens.pop(token, None)

    def _refuse_locked(self, now: datetime) -> None:
        if self._locked_until is not None and now < self._locked_until:
            left_s = math.ceil((self._locked_until - now).total_seconds())
            raise Refusal(BodyCode.BAD_REQUEST, locked_text(left_s))

    def _refuse_password(self, now: datetime) -> None:
        if not self.options.has_lock:
            raise Refusal(BodyCode.TOKEN, "Invalid account or password")
        self._chances -= 1
        if self._chances > 0:
            raise Refusal(BodyCode.BAD_REQUEST, wrong_password_text(self._chances))
        self._chances = CHANCES
        self._locked_until = now + timedelta(seconds=LOCK_S)
        self._refuse_locked(now)
