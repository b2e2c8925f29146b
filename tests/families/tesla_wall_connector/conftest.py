from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.envelope import opened, reply
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import ErrorResponse, Status
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureSettingsResponse,
    WCAPIGetConfigResponse,
    WCAPIGetProvisionalOperationalParamsResponse,
    WCAPISetProvisionalOperationalParamsResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import (
    WCProvisionalOperationalParams,
    WCSettings,
)
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import WCLoadSharingConfig
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.testing import elapse

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
DIN = VECTORS["din"]
DOCUMENTS = {
    "/api/1/vitals": VECTORS["rest"]["vitals"][3]["raw"],
    "/api/1/lifetime": VECTORS["rest"]["lifetime"][0]["raw"],
    "/api/1/version": VECTORS["rest"]["version"][0]["raw"],
    "/api/1/wifi_status": VECTORS["rest"]["wifi_status"][0]["raw"],
}


@pytest.fixture(autouse=True)
def nothing_is_known_of_any_unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


class Unit:
    """As much of a unit as a client meets: documents that a test writes, and settings that it may change."""

    def __init__(self) -> None:
        self.documents = dict(DOCUMENTS)
        self.next_replies: list[HttpReply | None] = []
        """Instead of what would be answered."""
        self.asked: list[str] = []
        self.stored_a = 32
        self.writes = 0
        self.group = WCLoadSharingConfig()
        """That it shares its feed with."""
        self.temporary = WCProvisionalOperationalParams()
        self.takes_temporary = True
        self.error_code = 0
        """Answered to every call."""
        self.is_mute_after_writing = False
        self.rests_after_writing_s = 0.0

    async def answer(self, request: HttpRequest) -> HttpReply | None:
        self.asked.append(request.path)
        if self.next_replies:
            return self.next_replies.pop(0)
        if request.path == "/tedapi/din":
            return HttpReply(body=DIN.encode() + b"\n")
        if request.path == "/tedapi/v1":
            called = self._called(request.body)
            await elapse(self.rests_after_writing_s if self.asked[-1] == "configure_settings_request" else 0)
            return called
        body = self.documents.get(request.path)
        return HttpReply(status=500) if body is None else HttpReply(body=body.encode())

    def _called(self, body: bytes) -> HttpReply | None:
        call = opened(body)
        self.asked[-1] = call.name
        refused = self.error_code or (12 if "provisional" in call.name and not self.takes_temporary else 0)
        answer = error(refused) if refused else self._answered(call.name, call.message)
        if call.name == "configure_settings_request" and self.is_mute_after_writing:
            return None
        return HttpReply(body=reply(answer, DIN), is_chunked=True)

    def _answered(self, name: str, message: Any) -> Message:  # Any: whichever message that name has
        match name:
            case "get_config_request":
                return WCAPIGetConfigResponse(
                    settings=WCSettings(max_output_current_amps=self.stored_a, load_sharing_config=self.group)
                )
            case "configure_settings_request":
                return self._configured(message.settings.max_output_current_amps)
            case "set_provisional_operational_params_request":
                self.temporary = message.prov_op_params
                return WCAPISetProvisionalOperationalParamsResponse()
            case "get_provisional_operational_params_request":
                return WCAPIGetProvisionalOperationalParamsResponse(
                    prov_op_params=self.temporary, configured_current_limit_amps=self.stored_a
                )
        return error(12)

    def _configured(self, current_a: int) -> Message:
        if 0 < current_a < 6:
            return error(3)
        if current_a and current_a != self.stored_a:
            self.stored_a, self.writes = current_a, self.writes + 1
        return WCAPIConfigureSettingsResponse(settings=WCSettings(max_output_current_amps=self.stored_a))


def error(code: int) -> ErrorResponse:
    return ErrorResponse(status=Status(code=code))


@asynccontextmanager
async def open_unit() -> AsyncIterator[tuple[Unit, Client, Configurator]]:
    unit = Unit()
    async with (
        serve_http(unit.answer) as server,
        open_client("127.0.0.1", server.port) as client,
        open_configurator("127.0.0.1", server.port) as configurator,
    ):
        yield unit, client, configurator


Open = Callable[[], AbstractAsyncContextManager[tuple[Unit, Client, Configurator]]]


@pytest.fixture
def wall_connector() -> Open:
    return open_unit
