"""The control interface on the cloud's own port, for programs that have nothing but its address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest
from ohmstead.model import OhmsteadError

PREFIX: Final = "/__sim__/"
JSON_TYPE: Final = {"content-type": "application/json"}


async def answer(running: RunningCloud, request: HttpRequest) -> HttpReply | None:
    """`GET state`; `POST state` with `action` and its parameters; `POST fault` with `name` and its parameters."""
    if not (running.told.cloud.has_control and request.path.startswith(PREFIX)):
        return await running.service.answer(request)
    try:
        return _reply(200, await _done(running, request))
    except (OhmsteadError, TypeError) as error:  # TypeError: a parameter that no action could have
        return _reply(400, {"error": str(error)})


async def _done(running: RunningCloud, request: HttpRequest) -> Mapping[str, Any]:  # Any: JSON
    what = request.path.removeprefix(PREFIX)
    if request.method != "POST":
        return running.state()
    try:
        told = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except msgspec.DecodeError:
        told = {}
    action = "fault" if what == "fault" else str(told.pop("action", ""))
    return await running.act(action, **told)


def _reply(status: int, body: Mapping[str, Any]) -> HttpReply:  # Any: JSON
    return HttpReply(status=status, body=msgspec.json.encode(body), headers=JSON_TYPE)
