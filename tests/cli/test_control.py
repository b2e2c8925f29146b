from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import aiohttp
import pytest

from ohmstead.cli.control import serve_control
from ohmstead.model import Action, ConfigError, Refused
from ohmstead.testing import warp

HOT = "boil cannot be done with {'temperature_c': 'hot'}: could not convert string to float: 'hot'."

DEEP = "maximum recursion depth exceeded while deserializing an object"


class Kettle:
    """A simulator that is as small as one can be."""

    endpoints: Mapping[str, int] = {"steam": 1}
    ready: Mapping[str, str | None] = {}
    actions: Mapping[str, Action] = MappingProxyType(
        {
            "boil": Action(
                help="Heat the water.", parameters={"temperature_c": "until it is as hot as this"}
            ),
            "explode": Action(help="Fail."),
            "leak": Action(help="Fail as no action should."),
            "whistle": Action(help="Be refused by the device."),
        }
    )

    def __init__(self) -> None:
        self.temperature_c = 20.0

    def state(self) -> Mapping[str, Any]:
        return {"temperature_c": self.temperature_c}

    async def act(self, action: str, **parameters: Any) -> Mapping[str, Any]:
        if action == "explode":
            raise ConfigError("kettles do not explode.")
        if action == "whistle":
            raise Refused("the lid is off.", code="no_lid")
        if action == "leak":
            raise AttributeError("no such valve")
        self.temperature_c = float(parameters["temperature_c"])
        return {"temperature_c": self.temperature_c}


async def ask(method: str, path: str, body: bytes | None = None) -> tuple[int, Any]:
    async with (
        serve_control(Kettle(), 0) as port,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session,
        session.request(method, path, data=body) as response,
    ):
        return response.status, await response.json(content_type=None)


def test_the_root_lists_the_actions_with_their_parameters() -> None:
    assert warp.run(ask("GET", "/")) == (
        200,
        {
            "actions": {
                "boil": {
                    "help": "Heat the water.",
                    "parameters": {"temperature_c": "until it is as hot as this"},
                },
                "explode": {"help": "Fail.", "parameters": {}},
                "leak": {"help": "Fail as no action should.", "parameters": {}},
                "whistle": {"help": "Be refused by the device.", "parameters": {}},
            }
        },
    )


def test_the_state_is_the_simulators() -> None:
    assert warp.run(ask("GET", "/state")) == (200, {"temperature_c": 20.0})


def test_an_action_is_done_and_answers() -> None:
    assert warp.run(ask("POST", "/boil", b'{"temperature_c": 95}')) == (200, {"temperature_c": 95.0})


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "detail"),
    [
        ("POST", "/freeze", None, 404, "no action is called 'freeze'; GET / lists them."),
        ("POST", "/boil", b'{"heat": 1}', 400, "boil has no parameter heat; there are: temperature_c."),
        ("POST", "/boil", b'{"temperature_c": "hot"}', 400, HOT),
        ("POST", "/boil", b"[]", 400, "Expected `object`, got `array`"),
        ("POST", "/explode", None, 400, "kettles do not explode."),
        ("POST", "/boil", b'{"temperature_c":' + b"[" * 100_000, 400, DEEP),
        ("POST", "/leak", None, 500, "This is a fault in the simulator; its log says more."),
        ("GET", "/boil", None, 405, "Method Not Allowed"),
        ("GET", "/a/b", None, 404, "Not Found"),
    ],
)
def test_what_cannot_be_done_is_a_problem_in_words(
    method: str, path: str, body: bytes | None, status: int, detail: str
) -> None:
    answered, document = warp.run(ask(method, path, body))
    assert answered == status
    assert document["detail"] == detail


def test_what_the_device_refuses_is_a_conflict_with_its_code() -> None:
    assert warp.run(ask("POST", "/whistle")) == (409, {"error": "no_lid", "message": "the lid is off."})
