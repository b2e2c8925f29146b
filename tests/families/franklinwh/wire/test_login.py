"""Asking for a token, and being refused one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from ohmstead.families.franklinwh import errors
from ohmstead.families.franklinwh.wire import login
from ohmstead.families.franklinwh.wire.answers import read_answer


def answered(case: dict[str, Any]) -> str:
    body = b"" if case.get("body") is None else json.dumps(case["body"]).encode()
    headers = {name.lower(): value for name, value in case.get("headers", {}).items()}
    return login.read_token(read_answer(case["http"], body, headers))


def test_the_hash_is_the_one_the_cloud_knows(vectors: dict[str, Any]) -> None:
    for case in vectors["password_hash"]:
        assert login.password_hash(case["password"]) == case["md5"]


def test_a_login_is_a_form() -> None:
    form = login.login_form("owner+1@example.com", "password")
    assert form == (
        b"account=owner%2B1%40example.com&password=5f4dcc3b5aa765d61d8327deb882cf99&type=0&lang=en_US"
    )
    assert login.read_login_fields(form, {})["account"] == "owner+1@example.com"


def test_the_app_logs_in_by_its_query() -> None:
    assert login.read_login_fields(b"{}", {"account": "a", "type": "0"}) == {"account": "a", "type": "0"}


def test_an_accepted_login_gives_a_token(vector: Callable[[str, str], Any]) -> None:
    assert answered(vector("login", "ok")) == "APP_ACCOUNT::TOKEN"


def test_a_wrong_password_is_told(vector: Callable[[str, str], Any]) -> None:
    with pytest.raises(errors.InvalidCredentials):
        answered(vector("login", "bad"))


def test_a_warning_says_how_many_tries_are_left(vector: Callable[[str, str], Any]) -> None:
    with pytest.raises(errors.AccountLocked) as caught:
        answered(vector("login", "warn"))
    assert (caught.value.attempts_left, caught.value.retry_after, caught.value.after) == (2, None, None)


def test_a_locked_account_says_for_how_long(vector: Callable[[str, str], Any]) -> None:
    with pytest.raises(errors.AccountLocked) as caught:
        answered(vector("login", "locked"))
    assert (caught.value.attempts_left, caught.value.retry_after) == (0, 158.0)
    assert caught.value.after == timedelta(seconds=158)


def test_an_unknown_account_keeps_its_code(vector: Callable[[str, str], Any]) -> None:
    with pytest.raises(errors.LoginError) as caught:
        answered(vector("login", "unknown_account"))
    assert caught.value.code == 10086


def test_too_many_logins_are_no_wrong_password(vector: Callable[[str, str], Any]) -> None:
    with pytest.raises(errors.RateLimited) as caught:
        answered(vector("login", "rate"))
    assert caught.value.retry_after == 7.0


@pytest.mark.parametrize("result", [None, {}, [], {"token": None}, {"token": ""}, {"token": "a\r\nHost: b"}])
def test_a_yes_without_a_token_is_no_login(result: object) -> None:
    with pytest.raises(errors.LoginError):
        login.read_token(read_answer(200, json.dumps({"code": 200, "result": result}).encode()))


@pytest.mark.parametrize(
    ("message", "wait_s"), [("1 hour 2 min 3 sec", 3723), ("38 sec", 38), ("soon", None)]
)
def test_locked_times_are_read_in_all_their_lengths(message: str, wait_s: int | None) -> None:
    assert login.locked_for_s(f"Please try again after {message}") == wait_s


def test_what_one_end_says_of_a_lock_the_other_understands() -> None:
    assert login.locked_for_s(login.locked_text(158)) == 158
    assert login.attempts_left(login.wrong_password_text(4)) == 4
