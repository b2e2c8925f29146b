"""Who may do what: tokens, scopes, guessers, web pages."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from ohmstead.families.everest.schema.methods import METHODS, OUR_METHODS
from ohmstead.families.everest.server import ChargePoint, EvseEvent, RpcSettings
from ohmstead.families.everest.server.serving import RpcServer
from ohmstead.kit.tokens import Gate, Scope, TokenStore
from ohmstead.model import ConfigError, ScaledClock
from ohmstead.testing import elapse, warped
from tests.families.everest.bench import AT, EVERYTHING, calling, improved

LOCKED = RpcSettings(authentication=True)
AWAY = "192.0.2.7"
STATUS, CURRENT, ENABLE = "EVSE.GetStatus", "EVSE.SetACChargingCurrent", "EVSE.EnableConnector"
OF_SCOPE = {"read": (STATUS, 1), "control": (CURRENT, 1, 16), "admin": (ENABLE, 1, 1, True, 100)}


def token(store: TokenStore, *scopes: Scope, name: str = "tablet", days: float = 90) -> str:
    return store.create(name, scopes, now=AT, expires_at=AT + timedelta(days=days))


def refused(reason: str) -> dict[str, Any]:
    return {"code": -32001, "message": "authentication required", "data": {"reason": reason}}


def missing(scope: str) -> dict[str, Any]:
    return {"code": -32002, "message": "permission scope missing", "data": {"needed": scope}}


@warped
async def test_s2_without_a_token_every_method_but_the_greeting_is_refused(
    fixture: Any, store: TokenStore
) -> None:
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (point, network),
        calling(network, *EVERYTHING) as ours,
    ):
        for method in (METHODS | OUR_METHODS).values():
            named = {parameter.name: wrong_for(parameter.kind) for parameter in method.parameters}
            answer = await ours.call(method.name, within_s=0.1, **named)
            assert answer.get("error") == (None if method.name == "API.Hello" else refused("missing")), (
                method.name
            )
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)

        assert await ours.told() == []


def wrong_for(kind: str) -> object:
    return {"integer": 1, "number": 16.0, "boolean": True}.get(kind, [])


@warped
async def test_a_plain_client_hears_that_a_token_is_needed_and_whether_it_has_one(
    fixture: Any, store: TokenStore
) -> None:
    bearer = {"authorization": f"Bearer {token(store, Scope.READ)}"}
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network) as stranger,
        calling(network, headers=bearer) as known,
    ):
        for caller, is_known in ((stranger, False), (known, True)):
            hello = await caller.result("API.Hello")
            assert (hello["authentication_required"], hello["authenticated"]) == (True, is_known)
            assert sorted(hello) == [
                "api_version",
                "authenticated",
                "authentication_required",
                "charger_info",
                "everest_version",
            ]


@pytest.mark.parametrize("way", ["header", "greeting", "call"])
@warped
async def test_a_token_is_taken_in_each_of_three_ways(fixture: Any, store: TokenStore, way: str) -> None:
    text = token(store, Scope.READ)
    gate = Gate(store, ScaledClock(AT))
    headers = {"authorization": f"bearer {text}"} if way == "header" else {}
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network, headers=headers, token=text if way == "greeting" else None) as caller,
    ):
        named = {"evse_index": 1} | ({"token": text} if way == "call" else {})
        assert (await caller.result(STATUS, **named))["error"] == "NoError"
        without = await caller.call("ChargePoint.GetEVSEInfos", **({"token": text} if way == "call" else {}))
        assert "result" in without


@warped
async def test_the_first_token_found_counts(fixture: Any, store: TokenStore) -> None:
    reads, controls = token(store, Scope.READ), token(store, Scope.CONTROL, name="other")
    gate = Gate(store, ScaledClock(AT))
    bearer = {"authorization": f"Bearer {reads}"}
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network, headers=bearer, token=controls) as caller,
    ):
        answer = await caller.call(CURRENT, evse_index=1, max_current=16, token=controls)

    assert answer["error"] == missing("control")


@pytest.mark.parametrize(
    "scopes", [(), (Scope.READ,), (Scope.CONTROL,), (Scope.READ, Scope.CONTROL), tuple(Scope)]
)
@warped
async def test_s3_each_method_needs_its_scope(
    fixture: Any, store: TokenStore, scopes: tuple[Scope, ...]
) -> None:
    text = token(store, *scopes) if scopes else "ohm_wrong"
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (point, network),
        calling(network, "details", token=text) as ours,
    ):
        for needed, call in OF_SCOPE.items():
            answer = await ours.call(*call)
            if needed in scopes:
                assert answer["result"]["error"] == "NoError"
            else:
                assert answer["error"] == (missing(needed) if scopes else refused("invalid"))
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)

        assert ("EVSE.StatusChanged" in await ours.told()) is (Scope.READ in scopes)


@warped
async def test_who_opted_in_hears_who_it_is_and_what_it_may_but_never_the_token(
    fixture: Any, store: TokenStore
) -> None:
    text = token(store, Scope.READ, Scope.CONTROL)
    async with (
        improved(fixture, gate=Gate(store, ScaledClock(AT))) as (_, network),
        calling(network, "limits", token=text) as ours,
    ):
        hello = await ours.result("API.Hello", token=text, extensions=["limits", "limits", "telepathy"])
        assert {
            name: hello[name] for name in ("authenticated", "user", "permission_scopes", "extensions")
        } == {
            "authenticated": True,
            "user": "tablet",
            "permission_scopes": ["read", "control"],
            "extensions": ["limits"],
        }
        assert len(hello["session_id"]) == 16
        assert text not in str(hello)


@warped
async def test_without_authentication_this_machine_may_everything_and_others_may_read(fixture: Any) -> None:
    async with (
        improved(fixture) as (_, network),
        calling(network) as here,
        calling(network, address=AWAY) as away,
    ):
        for needed, call in OF_SCOPE.items():
            assert (await here.call(*call))["result"]["error"] == "NoError"
            answer = await away.call(*call)
            assert answer.get("error") == (None if needed == "read" else missing(needed))


@warped
async def test_what_is_allowed_without_a_token_is_a_setting(fixture: Any, store: TokenStore) -> None:
    gate = Gate(store, ScaledClock(AT))
    nothing = RpcSettings(anonymous_scope=())
    mixed = RpcSettings(authentication=True, anonymous_scope=("read",))
    async with improved(fixture, settings=nothing) as (_, network), calling(network) as caller:
        assert (await caller.call(STATUS, 1))["error"] == missing("read")
    async with improved(fixture, settings=mixed, gate=gate) as (_, network), calling(network) as caller:
        assert (await caller.result(STATUS, 1))["error"] == "NoError"
        assert (await caller.call(CURRENT, 1, 16))["error"] == refused("missing")


@warped
async def test_what_a_method_needs_is_a_setting(fixture: Any, store: TokenStore) -> None:
    scopes = {
        ENABLE: "control",
        "ChargePoint.GetActiveErrors": "none",
        "EVSE.SetACChargingPhaseCount": "admin",
    }
    settings = RpcSettings(authentication=True, method_scopes=scopes)
    text = token(store, Scope.CONTROL)
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=settings, gate=gate) as (_, network),
        calling(network, token=text) as ours,
        calling(network, token="ohm_wrong") as wrong,
    ):
        assert (await ours.result(*OF_SCOPE["admin"]))["error"] == "NoError"
        assert (await ours.call("EVSE.SetACChargingPhaseCount", 1, 1))["error"] == missing("admin")
        assert (await wrong.result("ChargePoint.GetActiveErrors"))["error"] == "NoError"


@pytest.mark.parametrize(
    "wrong",
    [
        {"anonymous_scope": ("write",)},
        {"method_scopes": {"EVSE.Explode": "read"}},
        {"method_scopes": {STATUS: "everything"}},
        {"method_scopes": {"API.Hello": "read"}},
        {"decimal_places": -1},
        {"max_clients": 0},
    ],
)
def test_settings_that_make_no_sense_stop_the_start(wrong: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=f"^{next(iter(wrong))} "):
        RpcSettings(**wrong)


def test_authentication_needs_a_store_of_tokens() -> None:
    with pytest.raises(ValueError, match="gate"):
        RpcServer(ChargePoint(), settings=LOCKED)


@warped
async def test_an_expired_token_is_refused_as_such_also_on_a_connection_that_stands(
    fixture: Any, store: TokenStore
) -> None:
    text = token(store, Scope.READ, days=1)
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (point, network),
        calling(network, token=text) as ours,
    ):
        assert "result" in await ours.call(STATUS, 1)
        await elapse(86_400.0)
        assert (await ours.call(STATUS, 1))["error"] == refused("expired")
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        assert await ours.told() == []
        async with calling(network) as late:
            assert (await late.call(STATUS, evse_index=1, token=text))["error"] == refused("expired")


@pytest.mark.parametrize("settings", [LOCKED, RpcSettings()])
@warped
async def test_a_revoked_token_opens_nothing_any_more_within_a_second(
    fixture: Any, store: TokenStore, settings: RpcSettings
) -> None:
    text = token(store, *Scope)
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=settings, gate=gate) as (point, network),
        calling(network, token=text) as ours,
    ):
        assert "result" in await ours.call(STATUS, 1)
        store.revoke("tablet")
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        assert await ours.told() == []
        for call in OF_SCOPE.values():
            assert (await ours.call(*call))["error"] == refused("invalid")
        hello = await ours.result("API.Hello", extensions=[])
        assert (hello["user"], hello["permission_scopes"]) == ("anonymous", [])


@warped
async def test_s5_whoever_guesses_waits_and_is_shown_the_door(fixture: Any, store: TokenStore) -> None:
    text = token(store, Scope.READ)
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network, token=text, address=AWAY) as owner,
        calling(network, address=AWAY) as guesser,
    ):
        for number in range(5):
            answer = await guesser.call(STATUS, evse_index=1, token=f"ohm_{number}", within_s=0.1)
            assert answer["error"] == refused("invalid")
        answer = await guesser.call(STATUS, evse_index=1, token=text, within_s=0.1)
        assert answer["error"]["data"]["reason"] == "invalid"
        assert 59 < answer["error"]["data"]["retry_after_s"] <= 60
        assert guesser.raw.link.close_code == 1008
        assert "result" in await owner.call(STATUS, 1)
        async with calling(network, token=text) as elsewhere:
            assert "result" in await elsewhere.call(STATUS, 1)
        await elapse(60.0)
        async with calling(network, token=text, address=AWAY) as later:
            assert "result" in await later.call(STATUS, 1)


@warped
async def test_a_store_that_cannot_be_read_lets_nobody_in(fixture: Any, store: TokenStore) -> None:
    text = token(store, *Scope)
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (point, network),
        calling(network, token=text) as ours,
    ):
        store._path.write_text("{")
        assert (await ours.call(STATUS, 1))["error"] == refused("invalid")
        point.evses[1].happened(EvseEvent.SESSION_STARTED, AT)
        async with calling(network, token=text) as late:
            assert (await late.call(STATUS, 1))["error"] == refused("invalid")


PAGE = "https://panel.example"


@pytest.mark.parametrize(
    ("origin", "address", "is_admitted"),
    [
        (None, AWAY, True),
        (PAGE, AWAY, True),
        ("https://evil.example", AWAY, False),
        ("http://panel.example", AWAY, False),
        ("null", AWAY, False),
        ("", AWAY, False),
        ("http://localhost:8420", AWAY, False),
        ("https://evil.example", "127.0.0.1", False),
        ("http://[::1", "127.0.0.1", False),
        ("http://localhost:8420", "127.0.0.1", True),
        ("http://127.0.0.1:8420", "::1", True),
        ("http://[::1]:8420", "::ffff:127.0.0.1", True),
    ],
)
@warped
async def test_s7_pages_of_other_machines_have_to_be_listed(
    fixture: Any, origin: str | None, address: str, is_admitted: bool
) -> None:
    settings = RpcSettings(origins=(PAGE,))
    headers = {} if origin is None else {"origin": origin}
    async with (
        improved(fixture, settings=settings) as (_, network),
        network.dialling(address, headers)() as link,
    ):
        await elapse(0.1)
        assert link.close_code == (None if is_admitted else 1008)


@warped
async def test_each_request_of_a_batch_is_allowed_or_refused_by_itself(
    fixture: Any, store: TokenStore
) -> None:
    text = token(store, Scope.READ)
    batch = [
        {"jsonrpc": "2.0", "id": scope, "method": method, "params": list(params)}
        for scope, (method, *params) in OF_SCOPE.items()
    ]
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network, token=text) as ours,
        calling(network) as stranger,
    ):
        (frame,) = await ours.raw.asked(json.dumps(batch))
        read, control, admin = json.loads(frame)
        assert read["result"]["error"] == "NoError"
        assert (control["error"], admin["error"]) == (missing("control"), missing("admin"))
        (frame,) = await stranger.raw.asked(json.dumps(batch))
        assert [one["error"] for one in json.loads(frame)] == [refused("missing")] * 3


@warped
async def test_a_batch_is_no_way_to_guess_many_tokens_at_once(fixture: Any, store: TokenStore) -> None:
    batch = [
        {"jsonrpc": "2.0", "id": id_, "method": STATUS, "params": {"evse_index": 1, "token": f"ohm_{id_}"}}
        for id_ in range(50)
    ]
    gate = Gate(store, ScaledClock(AT))
    async with (
        improved(fixture, settings=LOCKED, gate=gate) as (_, network),
        calling(network, *EVERYTHING) as guesser,
    ):
        (frame,) = await guesser.raw.asked(json.dumps(batch))
        answers = json.loads(frame)

        assert [answer["error"] for answer in answers[:5]] == [refused("invalid")] * 5
        assert all(answer["error"]["data"]["retry_after_s"] == 60.0 for answer in answers[5:])
        assert guesser.raw.link.close_code == 1008


@warped
async def test_when_it_is_full_who_comes_is_told_to_come_later(fixture: Any) -> None:
    async with improved(fixture, settings=RpcSettings(max_clients=2)) as (_, network), network.dial():
        async with calling(network) as ours:
            async with network.dial() as late:
                await elapse(0.1)
                assert late.close_code == 1013
            assert (await ours.result(STATUS, 1))["error"] == "NoError"
        await elapse(0.1)
        async with calling(network) as later:
            assert (await later.result(STATUS, 1))["error"] == "NoError"
