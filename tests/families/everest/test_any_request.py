"""Whatever is sent, the server answers within its time and its schema, and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.families.everest.schema.documents import deviations
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import HELLO as HELLO_METHOD
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS, OUR_METHODS, Method
from ohmstead.families.everest.server import ChargePoint
from ohmstead.testing import MessageNetwork, run

from .bench import EVERYTHING, HELLO, improved, raw_client, served

NUMBERS = (
    st.integers(-5, 5) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
)
VALUES = NUMBERS | st.none() | st.text(max_size=5) | st.lists(NUMBERS, max_size=2)
ALL = METHODS | OUR_METHODS
NAMES = sorted({one.name for method in ALL.values() for one in (*method.parameters, *method.extra)})
REQUESTS = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "id": st.just(7),
        "method": st.sampled_from(sorted(ALL)),
        "params": st.lists(VALUES, max_size=4)
        | st.lists(NUMBERS, min_size=2, max_size=2)
        | st.dictionaries(st.sampled_from(NAMES), VALUES),
    }
)
ANY = REQUESTS.map(lambda request: json.dumps(request).encode()) | st.binary(max_size=60)


def sessions(test: Callable[..., None]) -> Callable[..., None]:
    decorated = given(st.lists(ANY, min_size=1, max_size=6))(test)
    return settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )(decorated)


@pytest.mark.long
@sessions
def test_no_request_makes_the_reference_server_stop_or_leave_its_schema(
    vectors: dict[str, Any], frames: list[bytes]
) -> None:
    assert run(session(served(vectors["fixture"]), frames, [])) == []


@sessions
def test_no_request_makes_our_own_server_stop_or_leave_its_schema_for_a_plain_client(
    vectors: dict[str, Any], frames: list[bytes]
) -> None:
    assert run(session(improved(vectors["fixture"]), frames, [])) == []


@sessions
def test_no_request_makes_our_own_server_stop_or_leave_its_schema_for_one_that_opted_in(
    vectors: dict[str, Any], frames: list[bytes]
) -> None:
    assert run(session(improved(vectors["fixture"]), frames, EVERYTHING)) == []


Serving = AbstractAsyncContextManager[tuple[ChargePoint, MessageNetwork]]


async def session(serving: Serving, frames: list[bytes], extensions: list[str]) -> list[str]:
    async with serving as (_, network), raw_client(network, greets=False) as client:
        await client.asked(greeting(extensions))
        found = []
        for frame in frames:
            heard = await client.asked(frame.decode("latin-1"), within_s=6.0)
            found += [wrong for answer in heard for wrong in violations(answer, frame, extensions)]
            if b'"id": 7' in frame and not any('"id":7' in answer for answer in heard):
                found.append(f"{frame!r} was not answered")
        if client.is_cut_off or len(await client.asked(HELLO)) != 1:
            found.append("the server has stopped")
        return found


def greeting(extensions: list[str]) -> str:
    params = {"params": {"extensions": extensions}} if extensions else {}
    return json.dumps({"id": 0, "jsonrpc": "2.0", "method": "API.Hello", **params})


def violations(answer: str, frame: bytes, extensions: list[str]) -> list[str]:
    document = json.loads(answer) if answer else []
    if not isinstance(document, dict) or "error" in document:
        return []
    if "result" in document:
        request = json.loads(frame)
        kind = result_kind(ALL[request["method"]], request.get("params"), extensions)
        return [f"{answer}: {one}" for one in deviations(document["result"], kind)]
    notification = NOTIFICATIONS[document["method"]]
    kind = (
        notification.params_for["details"] if extensions and notification.params_for else notification.params
    )
    return [f"{answer}: {one}" for one in deviations(document["params"], kind)]


def result_kind(method: Method, params: object, extensions: list[str]) -> type[Object]:
    if method is HELLO_METHOD and params:
        return method.result_for[""]
    return (
        method.result_for.get("details", method.result)
        if extensions and method is not HELLO_METHOD
        else method.result
    )
