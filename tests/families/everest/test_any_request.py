"""Whatever is sent, the server answers within its time and its schema, and goes on."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ohmstead.families.everest.schema.documents import deviations
from ohmstead.families.everest.schema.methods import METHODS, NOTIFICATIONS
from ohmstead.testing import run

from .bench import HELLO, raw_client, served

NUMBERS = (
    st.integers(-5, 5) | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
)
VALUES = NUMBERS | st.none() | st.text(max_size=5) | st.lists(NUMBERS, max_size=2)
NAMES = sorted({parameter.name for method in METHODS.values() for parameter in method.parameters})
REQUESTS = st.fixed_dictionaries(
    {
        "jsonrpc": st.just("2.0"),
        "id": st.just(7),
        "method": st.sampled_from(sorted(METHODS)),
        "params": st.lists(VALUES, max_size=4)
        | st.lists(NUMBERS, min_size=2, max_size=2)
        | st.dictionaries(st.sampled_from(NAMES), VALUES),
    }
)
ANY = REQUESTS.map(lambda request: json.dumps(request).encode()) | st.binary(max_size=60)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ANY, min_size=1, max_size=6))
def test_no_request_makes_the_server_stop_or_leave_its_schema(
    vectors: dict[str, Any], frames: list[bytes]
) -> None:
    found = run(session(vectors["fixture"], frames))

    assert found == []


async def session(fixture: dict[str, Any], frames: list[bytes]) -> list[str]:
    async with served(fixture) as (_, network), raw_client(network) as client:
        found = []
        for frame in frames:
            heard = await client.asked(frame.decode("latin-1"), within_s=6.0)
            found += [wrong for answer in heard for wrong in violations(answer, frame)]
            if b'"id": 7' in frame and not any('"id":7' in answer for answer in heard):
                found.append(f"{frame!r} was not answered")
        if client.is_cut_off or len(await client.asked(HELLO)) != 1:
            found.append("the server has stopped")
        return found


def violations(answer: str, frame: bytes) -> list[str]:
    document = json.loads(answer) if answer else []
    if not isinstance(document, dict) or "error" in document:
        return []
    if "result" in document:
        kind = METHODS[json.loads(frame)["method"]].result
        return [f"{answer}: {one}" for one in deviations(document["result"], kind)]
    kind = NOTIFICATIONS[document["method"]].params
    return [f"{answer}: {one}" for one in deviations(document["params"], kind)]
