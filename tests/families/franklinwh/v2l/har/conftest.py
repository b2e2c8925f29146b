"""Captures as a debugging proxy writes them, made up around one account full of planted secrets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

GATEWAY = "10060005A02X00000001"
TOKEN = "APP_ACCOUNT::canarytoken123"
SECRETS = (
    GATEWAY,
    TOKEN,
    "canarytoken",
    "canary@example.com",
    "canary-ssid",
    "canary-sauna",
    "1 Canary Street",
    "41.4142",
    "5ebe2294ecd0e0f08eab7690d2a6ee69",
    "canarycookie",
    "2026-11-21",
)
START = datetime(2026, 11, 21, 9, tzinfo=UTC)


class Recording:
    """Exchanges one after another; `har()` is the file."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.at_s = 0.0

    def add(
        self,
        method: str,
        path: str,
        body: Any = None,
        answer: Any = None,
        *,
        after_s: float = 1.0,
        content: dict[str, Any] | None = None,
    ) -> Recording:
        self.at_s += after_s
        url = (
            f"https://energy.franklinwh.com/{path}{'&' if '?' in path else '?'}gatewayId={GATEWAY}&lang=en_US"
        )
        request: dict[str, Any] = {
            "method": method,
            "url": url,
            "headers": [{"name": "loginToken", "value": TOKEN}],
            "cookies": [{"name": "JSESSIONID", "value": "canarycookie"}],
        }
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            request["postData"] = {"mimeType": "application/json", "text": text}
        said = {"code": 200, "message": "ok", "result": answer, "success": True}
        self.entries.append(
            {
                "startedDateTime": (START + timedelta(seconds=self.at_s)).isoformat(),
                "request": request,
                "response": {"status": 200, "content": content or {"text": json.dumps(said)}},
            }
        )
        return self

    def tunnel(self, command: int, payload: Any, reply: Any, *, after_s: float = 1.0) -> Recording:
        envelope = {"cmdType": command, "equipNo": GATEWAY, "timeStamp": 1795251600, "dataArea": payload}
        answer = {"cmdType": command + 1, "equipNo": GATEWAY, "dataArea": json.dumps(reply)}
        return self.add("POST", "hes-gateway/terminal/sendMqtt", envelope, answer, after_s=after_s)

    def live(self, *, after_s: float = 8.0, **runtime: Any) -> Recording:
        answer = {
            "runtimeData": {"fhpSn": [GATEWAY], "name": "canary-sauna", **runtime},
            "completeAddress": "1 Canary Street",
            "latitude": "41.4142",
        }
        return self.add("GET", "hes-gateway/terminal/getDeviceCompositeInfo", answer=answer, after_s=after_s)

    def har(self) -> bytes:
        return json.dumps({"log": {"version": "1.2", "entries": self.entries}}).encode()


@pytest.fixture
def recording() -> Recording:
    """Begins with a login and a page of somebody else's."""
    begun = Recording()
    begun.add(
        "POST",
        "hes-gateway/terminal/initialize/appUserOrInstallerLogin",
        "account=canary%40example.com&password=5ebe2294ecd0e0f08eab7690d2a6ee69&type=0",
        {"token": TOKEN, "email": "canary@example.com", "userId": 10001},
    )
    begun.add("GET", "elsewhere/canary-ssid")
    return begun


CIRCUITS = {
    "opt": 0,
    "result": 0,
    "modeChoose": 3,
    "v2lModeEnable": 1,
    "v2lRunState": 1,
    "Sw1Name": "canary-sauna",
    "Sw1Mode": 1,
    "Sw1ProLoad": 1,
    "Sw1MsgType": 0,
    "Sw3Name": "V2L / Car",
    "Sw3Mode": 0,
    "Sw3ProLoad": 0,
    "Sw3MsgType": 0,
}


def switched(on: int, **others: Any) -> dict[str, Any]:
    return {**CIRCUITS, "opt": 1, "Sw3Mode": on, "Sw3ProLoad": 1 - on, "Sw3MsgType": 1, **others}


@pytest.fixture
def circuits() -> dict[str, Any]:
    return dict(CIRCUITS)


Switched = Callable[..., dict[str, Any]]


@pytest.fixture(name="switched")
def switched_fixture() -> Switched:
    return switched


@pytest.fixture
def secrets() -> tuple[str, ...]:
    return SECRETS
