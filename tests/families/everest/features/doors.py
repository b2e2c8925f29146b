"""Who comes in, and how: rows of the table of features, from both points of view."""

from __future__ import annotations

from click.testing import CliRunner

from ohmstead.cli import root
from ohmstead.families.everest import Client, Greeting, connected
from ohmstead.families.everest.server import EvseEvent
from ohmstead.families.everest.server.ports import rpc_ports
from ohmstead.kit.link.tls import certificate_files, trusting_context
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.tokens import Scope
from ohmstead.testing import elapse
from tests.families.everest.bench import AT
from tests.families.everest.features.site import (
    AWAY,
    CURRENT,
    ENABLE,
    ERRORS,
    STATUS,
    Site,
    code,
    reason,
)

WRONG, GUESSES = "ohm_wrong", 5


async def tls_ours(site: Site) -> None:
    certificate = certificate_files(site.folder / "tls")
    async with rpc_ports(site.server, port=None, tls_port=0, certificate=certificate) as ports:
        dial = websocket(
            f"wss://127.0.0.1:{ports.endpoints['rpcapi_tls']}",
            tls=trusting_context(pinned=certificate.fingerprint),
        )
        async with connected(dial, Greeting(extensions=("snapshot",))) as client:
            await client.ready()
            await read_once(client)
        stranger = websocket(
            f"wss://127.0.0.1:{ports.endpoints['rpcapi_tls']}", tls=trusting_context(pinned="AB:" * 31 + "AB")
        )
        async with connected(stranger) as mistaken:
            await elapse(3)
            assert "certificate" in mistaken.trouble


async def tls_plain(site: Site) -> None:
    certificate = certificate_files(site.folder / "tls")
    async with rpc_ports(site.server, tls_port=0, certificate=certificate) as ports:
        async with connected(websocket(f"ws://127.0.0.1:{ports.endpoints['rpcapi']}")) as client:
            await client.ready()
            await read_once(client)
        trusting = trusting_context(ca=certificate.cert_path)
        url = f"wss://localhost:{ports.endpoints['rpcapi_tls']}"
        async with connected(websocket(url, tls=trusting)) as client:
            await client.ready()
            await read_once(client)


async def read_once(client: Client) -> None:
    assert sorted(client.mirror.evses) == [1, 2, 3]


async def authentication_ours(site: Site) -> None:
    good, gone = site.token(Scope.READ), site.token(Scope.READ)
    assert good != gone
    async with site.ours("details") as nobody:
        assert await reason(nobody, STATUS, 1) == {"reason": "missing"}
        assert await reason(nobody, STATUS, evse_index=1, token=good) == {"reason": "invalid"}
        assert "result" in await nobody.call(STATUS, evse_index=1, token=gone)
    for way in ({"token": gone}, {"headers": {"authorization": f"Bearer {gone}"}}):
        async with site.ours("details", **way) as known:
            hello = await known.result("API.Hello", extensions=[])
            assert (hello["authenticated"], hello["user"]) == (True, "tablet")
            assert "result" in await known.call(STATUS, 1)
    async with site.ours(token=site.token(Scope.READ, days=-1)) as late:
        assert await reason(late, STATUS, 1) == {"reason": "expired"}


async def authentication_plain(site: Site) -> None:
    expired = site.token(Scope.READ, days=-1)
    for token, why in (("", "missing"), (WRONG, "invalid"), (expired, "expired")):
        async with site.plain(token=token) as caller:
            hello = await caller.result("API.Hello")
            assert (hello["authentication_required"], hello["authenticated"]) == (True, False)
            assert await code(caller, STATUS, 1) == -32001
            assert await reason(caller, ERRORS) == {"reason": why}
            site.evse().happened(EvseEvent.SESSION_STARTED, AT)
            assert await caller.told() == []
    async with site.plain(token=site.token(Scope.READ)) as caller:
        assert (await caller.result("API.Hello"))["authenticated"] is True
        assert "result" in await caller.call(STATUS, 1)


async def guessing_ours(site: Site) -> None:
    good = site.token(Scope.READ)
    async with site.ours(address=AWAY) as guesser:
        for number in range(GUESSES):
            found = await reason(guesser, STATUS, evse_index=1, token=f"ohm_{number}")
            assert found == {"reason": "invalid"}
        found = await reason(guesser, STATUS, evse_index=1, token=good)
        assert 0 < found["retry_after_s"] <= 60
        assert guesser.raw.link.close_code == 1008
    await elapse(60.0)
    async with site.ours(address=AWAY, token=good) as later:
        assert "result" in await later.call(STATUS, 1)


async def guessing_plain(site: Site) -> None:
    """One that shows wrong tokens in its upgrade: another address is not made to wait for it."""
    good = site.token(Scope.READ)
    for number in range(GUESSES):
        async with site.plain(token=f"ohm_{number}", address=AWAY) as guesser:
            assert await reason(guesser, STATUS, 1) == {"reason": "invalid"}
    async with site.plain(token=good, address=AWAY) as guesser:
        found = await reason(guesser, STATUS, 1)
        assert 0 < found["retry_after_s"] <= 60
    async with site.plain(token=good) as neighbour:
        assert "result" in await neighbour.call(STATUS, 1)


def token_command(*words: str) -> str:
    called = CliRunner().invoke(root({}), ["token", *words])
    assert called.exit_code == 0, called.output
    return called.stdout.strip()


async def tokens_ours(site: Site) -> None:
    text = token_command("create", "--name", "panel", "--scope", "read,control", "--expires", "90d")
    assert text not in token_command("list")
    async with site.ours("details", token=text) as caller:
        hello = await caller.result("API.Hello", extensions=[])
        assert (hello["user"], hello["permission_scopes"]) == ("panel", ["read", "control"])
        assert text not in str(hello)
        token_command("revoke", "--name", "panel")
        await elapse(1.0)
        assert await reason(caller, STATUS, 1) == {"reason": "invalid"}


async def tokens_plain(site: Site) -> None:
    text = token_command("create", "--name", "panel")
    async with site.plain(token=text) as caller:
        assert "result" in await caller.call(STATUS, 1)
        assert await reason(caller, CURRENT, 1, 16) == {"needed": "control"}
        token_command("revoke", "--name", "panel")
        await elapse(1.0)
        assert await reason(caller, STATUS, 1) == {"reason": "invalid"}


async def settings_ours(site: Site) -> None:
    async with site.ours("details", token=site.token(Scope.CONTROL)) as caller:
        assert "result" in await caller.call(ENABLE, 1, 1, True, 100)
        assert await reason(caller, "EVSE.SetACChargingPhaseCount", 1, 1) == {"needed": "admin"}


async def settings_plain(site: Site) -> None:
    async with site.plain() as caller:
        assert "result" in await caller.call(ERRORS)
        assert "result" in await caller.call(STATUS, 1)
        assert await reason(caller, ENABLE, 1, 1, True, 100) == {"reason": "missing"}


async def scopes_ours(site: Site) -> None:
    for scopes in ((Scope.READ,), (Scope.CONTROL,), (Scope.READ, Scope.ADMIN)):
        async with site.ours("details", token=site.token(*scopes)) as caller:
            hello = await caller.result("API.Hello", extensions=[])
            assert hello["permission_scopes"] == list(scopes)
            for scope, call in CALLS.items():
                answer = await caller.call(*call)
                missing = {
                    "code": -32002,
                    "message": "permission scope missing",
                    "data": {"needed": scope.value},
                }
                assert answer.get("error") == (None if scope in scopes else missing)
            await caller.told()
            site.evse().change(charging_duration_s=len(str(scopes)))
            assert (await caller.told() != []) is (Scope.READ in scopes)


CALLS = {Scope.READ: (STATUS, 1), Scope.CONTROL: (CURRENT, 1, 16), Scope.ADMIN: (ENABLE, 1, 1, True, 100)}


async def scopes_plain(site: Site) -> None:
    """Without a token: everything on this machine, reading elsewhere."""
    async with site.plain() as here, site.plain(address=AWAY) as away:
        for scope, call in CALLS.items():
            assert "result" in await here.call(*call)
            assert await code(away, *call) == (None if scope is Scope.READ else -32002)


async def origin_ours(site: Site) -> None:
    for origin, address, is_admitted in (
        ("https://panel.example", AWAY, True),
        ("https://evil.example", AWAY, False),
        ("https://evil.example", "127.0.0.1", False),
        ("http://localhost:8420", "127.0.0.1", True),
    ):
        async with site.network.dialling(address, {"origin": origin})() as link:
            await elapse(0.1)
            assert link.close_code == (None if is_admitted else 1008), origin


async def origin_plain(site: Site) -> None:
    """A program names no origin, from wherever it comes."""
    for address in ("127.0.0.1", AWAY):
        async with site.plain(address=address) as caller:
            assert "result" in await caller.call(STATUS, 1)
