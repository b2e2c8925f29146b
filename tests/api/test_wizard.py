"""A fresh home is set up over HTTP: found, tried, saved, live, and taken back in one step."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from asked import Asked

from ohmstead.api import serve
from ohmstead.gateway import open_gateway, read_site_file
from ohmstead.gateway.secrets import FILE_NAME
from ohmstead.gateway.trying import TRY_S
from ohmstead.kit.registry import family, load
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.polling import HealthState
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
LOCAL: Mapping[str, Mapping[str, str]] = {
    "hoymiles": {},
    "givenergy": {"latency": "fixed", "cloud": "off"},
    "everest": {},
    "tesla-wall-connector": {"latency": "none", "drop-outs": "0"},
}
CLOUD = {"plain": "true", "latency": "0"}
PLACES = {"roof": 9, "barn": 19}
BEGUN = '# Ours since 1987.\n[site]\nname = "Mill" # with the wheel\n'


class Fresh(Asked):
    """A home without devices, and simulators of all families beside it."""

    path: Path
    directory: Path
    ports: dict[str, int]
    cloud_url: str
    password: str

    async def put(self, path: str, body: object) -> tuple[int, Any]:  # Any: JSON
        async with self.session.put(f"/api/v1{path}", json=body) as response:
            return response.status, await response.json(content_type=None)


@asynccontextmanager
async def fresh(tmp_path: Path, *families: str) -> AsyncIterator[Fresh]:
    path, directory, clock = tmp_path / "site.toml", tmp_path / "data", ScaledClock(NOON)
    path.write_text(BEGUN)
    world = World(clock)
    async with AsyncExitStack() as stack:

        async def simulate(name: str, extras: Mapping[str, str]) -> Any:  # Any: each family's own
            options = SimulatorOptions(name=name, extras=extras)
            return await stack.enter_async_context(load(family(name).simulate)(options, world))

        ports = {}
        for name in families:
            if name != "franklinwh":
                ports[name] = next(iter((await simulate(name, LOCAL[name])).endpoints.values()))
        cloud = (await simulate("franklinwh", CLOUD)).ready if "franklinwh" in families else {}
        gateway = await stack.enter_async_context(
            open_gateway(read_site_file(path), directory=directory, clock=clock, threads=False)
        )
        gate = Gate(TokenStore(tmp_path / "tokens.json"), clock)
        served = await stack.enter_async_context(serve(gateway, gate=gate, directory=directory))
        session = await stack.enter_async_context(aiohttp.ClientSession(served.url))
        found = Fresh(gateway, served, session, gate)
        found.path, found.directory, found.ports = path, directory, ports
        found.cloud_url, found.password = cloud.get("url") or "", cloud.get("secret") or ""
        yield found


@warped
async def test_all_five_families_are_found_tried_saved_and_live_and_undone_in_one_step(
    tmp_path: Path,
) -> None:
    async with fresh(tmp_path, *LOCAL, "franklinwh") as home:
        status, begun = await home.get("/site")
        assert (status, begun["name"], begun["devices"], begun["can_undo"]) == (200, "Mill", [], False)

        networks = ",".join(f"127.0.0.1:{port}" for port in home.ports.values())
        status, found = await home.get("/discover", params={"network": networks})
        assert status == 200
        assert {one["family"] for one in found} == {*LOCAL, "franklinwh"}
        assert not any(one["is_known"] for one in found)

        devices, secrets = [], {}
        for one in found:
            needs_account = "account" in one["needs"]
            url = home.cloud_url if needs_account else one["url"]
            secret = home.password if needs_account else ""
            status, tried = await home.post("/devices/try", {"url": url, "secret": secret})
            assert status == 200, tried
            assert any(device["readings"] for device in tried["devices"])
            secrets |= dict.fromkeys(tried["secrets"], secret)
            devices.append({"name": one["family"], "url": url, "control": False, "settings": {}})

        status, saved = await home.put(
            "/site", {**begun, "name": "Mill house", "devices": devices, "secrets": secrets}
        )
        assert status == 200, saved
        assert [device["name"] for device in saved["devices"]] == [device["name"] for device in devices]
        assert saved["can_undo"]
        assert home.password not in str({**saved, "families": ()})  # whose settings speak of secrets

        await elapse(45)
        assert {status.source for status in home.gateway.devices()} == {*LOCAL, "franklinwh"}
        assert {status.health for status in home.gateway.devices()} == {HealthState.GOOD}
        text = home.path.read_text()
        assert text.startswith('# Ours since 1987.\n[site]\nname = "Mill house" # with the wheel\n')
        assert home.password not in text
        assert stat.S_IMODE((home.directory / FILE_NAME).stat().st_mode) == 0o600

        status, undone = await home.post("/site/undo", {})
        assert status == 200
        assert (undone["name"], undone["devices"], undone["can_undo"]) == ("Mill", [], False)
        assert home.path.read_text() == BEGUN
        assert not (home.directory / FILE_NAME).exists()
        assert home.gateway.devices() == ()
        assert (await home.post("/site/undo", {}))[0] == 409


@warped
async def test_a_device_of_the_site_is_known_and_not_opened_again(tmp_path: Path) -> None:
    async with fresh(tmp_path, "hoymiles") as home:
        url = f"hoymiles://127.0.0.1:{home.ports['hoymiles']}"
        _, begun = await home.get("/site")
        assert (await home.put("/site", {**begun, "devices": [{"name": "roof", "url": url}]}))[0] == 200
        await elapse(30)

        status, found = await home.get("/discover", params={"network": url.removeprefix("hoymiles://")})
        assert status == 200
        assert [(one["url"], one["is_known"]) for one in found if one["family"] == "hoymiles"] == [
            (url, True)
        ]
        status, tried = await home.post("/devices/try", {"url": url})
        assert status == 200
        assert {device["id"].partition("/")[0] for device in tried["devices"]} == {"roof"}


@pytest.mark.parametrize(
    "url",
    [
        "hoymiles://8.8.8.8",
        "givenergy://203.0.113.9:22",
        "everest://[2001:db8::1]",
        "everest://[::ffff:8.8.8.8]:80",
        "tesla-wall-connector://0.0.0.0",
        "tesla-wall-connector://192.168.1.7?access_point=8.8.8.8",
        "tesla-wall-connector://192.168.1.7?access_point=134744072",
        "franklinwh://you@example.com@evil.invalid/",
        "franklinwh://you@example.com@203.0.113.9:80/?plain",
        "everest://user@8.8.8.8",
        "http://127.0.0.1",
        "file:///etc/passwd",
        "hoymiles://[",
        "everest://",
    ],
)
@warped
async def test_a_request_sends_us_nowhere_but_into_the_home_and_to_the_vendor(
    tmp_path: Path, url: str
) -> None:
    """S17."""
    async with fresh(tmp_path) as home:
        for status, problem in (
            await home.post("/devices/try", {"url": url}),
            await home.put("/site", {**(await home.get("/site"))[1], "devices": [{"name": "x", "url": url}]}),
        ):
            assert status == 422, problem
            assert problem["detail"]
        assert home.path.read_text() == BEGUN


@warped
async def test_what_the_file_says_by_hand_may_be_anywhere_and_stays(tmp_path: Path) -> None:
    """S17: its author is the owner."""
    async with fresh(tmp_path) as home:
        far = '\n[[device]]\nname = "far"\nurl = "givenergy://203.0.113.9"\n'
        home.path.write_text(BEGUN + far)
        await elapse(5)
        _, begun = await home.get("/site")
        assert [device["url"] for device in begun["devices"]] == ["givenergy://203.0.113.9"]
        status, saved = await home.put("/site", {**begun, "currency": "GBP"})
        assert (status, saved["currency"]) == (200, "GBP")


@pytest.mark.parametrize(
    ("family_name", "settings"),
    [
        ("franklinwh", {"certificate": "/etc/shadow"}),
        ("tesla-wall-connector", {"meter_port": "/dev/ttyUSB0"}),
        ("tesla-wall-connector", {"access_point": "8.8.8.8"}),
        ("hoymiles", {"name": "other"}),
        ("hoymiles", {"no_such": 1}),
        ("givenergy", {"interval_s": "soon"}),
        ("givenergy", {"interval_s": 1}),
        ("givenergy", {"time_zone": "../../etc"}),
    ],
)
@warped
async def test_settings_that_name_things_of_this_machine_or_make_no_sense_are_refused(
    tmp_path: Path, family_name: str, settings: dict[str, object]
) -> None:
    """S15."""
    async with fresh(tmp_path) as home:
        user = "you@example.com@" if family_name == "franklinwh" else ""
        device = {"name": "x", "url": f"{family_name}://{user}127.0.0.1:9", "settings": settings}
        _, begun = await home.get("/site")
        status, problem = await home.put("/site", {**begun, "devices": [device]})
        assert status == 422, problem
        assert home.path.read_text() == BEGUN
        schema = next(one["settings"] for one in begun["families"] if one["name"] == family_name)
        assert set(schema["properties"]) & settings.keys() or settings.keys() & {"name", "no_such"}
        assert all(field["description"] for field in schema["properties"].values())


@warped
async def test_a_change_that_is_not_valid_leaves_file_and_secrets_as_they_were(tmp_path: Path) -> None:
    async with fresh(tmp_path) as home:
        _, begun = await home.get("/site")
        wrong = {**begun, "time_zone": "Mars/Olympus", "secrets": {"everest/garage": "canary-7"}}
        status, problem = await home.put("/site", wrong)
        assert status == 422
        assert "Mars/Olympus" in problem["detail"]
        assert "canary-7" not in str(problem)
        two = [{"name": "x", "url": "hoymiles://127.0.0.1"}] * 2
        assert (await home.put("/site", {**begun, "devices": two}))[0] == 422
        assert home.path.read_text() == BEGUN
        assert not (home.directory / FILE_NAME).exists()
        assert (await home.get("/site"))[1]["can_undo"] is False


@pytest.mark.parametrize("kept", ["before-site.toml", "before-secrets.toml"])
def test_a_change_that_cannot_be_written_says_why_and_changes_nothing(tmp_path: Path, kept: str) -> None:
    @warped
    async def save() -> None:
        async with fresh(tmp_path) as home:
            _, begun = await home.get("/site")
            (home.directory / kept).mkdir()  # in the way of what is written there
            change = {**begun, "name": "Mill house", "secrets": {"everest/garage": "canary-7"}}
            status, problem = await home.put("/site", change)
            assert status == 422
            assert "site.toml: the change cannot be written: Is a directory." in problem["detail"]
            assert home.path.read_text() == BEGUN
            assert not (home.directory / FILE_NAME).exists()

    save()


@warped
async def test_a_file_that_was_broken_by_hand_is_not_written_over(tmp_path: Path) -> None:
    async with fresh(tmp_path) as home:
        _, begun = await home.get("/site")
        home.path.write_text("[site\n")
        status, problem = await home.put("/site", begun)
        assert status == 422
        assert "not valid TOML" in problem["detail"]
        assert home.path.read_text() == "[site\n"


@warped
async def test_a_device_that_is_removed_or_renamed_leaves_no_name_behind(tmp_path: Path) -> None:
    graph = '[site.masters] # who counts\ngrid = ["roof", "barn"] # by the street\nsolar = ["barn"]\n'
    async with fresh(tmp_path) as home:
        _, begun = await home.get("/site")
        devices = [{"name": name, "url": f"hoymiles://127.0.0.1:{port}"} for name, port in PLACES.items()]
        assert (await home.put("/site", {**begun, "devices": devices}))[0] == 200
        home.path.write_text(graph + home.path.read_text())
        renamed = {**devices[0], "name": "attic"}
        status, saved = await home.put("/site", {**begun, "devices": [renamed]})
        assert (status, [device["name"] for device in saved["devices"]]) == (200, ["attic"])
        assert home.path.read_text().startswith(
            '[site.masters] # who counts\ngrid = ["attic"] # by the street\n'
        )
        _, health = await home.get("/health")
        assert [found["trouble"] for found in health["findings"]] == []


@warped
async def test_what_a_person_wrote_since_is_never_undone(tmp_path: Path) -> None:
    async with fresh(tmp_path) as home:
        _, begun = await home.get("/site")
        assert (await home.put("/site", {**begun, "name": "Mill house"}))[1]["can_undo"]
        written = home.path.read_text() + "# and a word of mine\n"
        home.path.write_text(written)
        assert not (await home.get("/site"))[1]["can_undo"]
        assert (await home.post("/site/undo", {}))[0] == 409
        assert home.path.read_text() == written


@warped
async def test_secrets_are_kept_beside_others_and_go_back_with_the_change(tmp_path: Path) -> None:
    async with fresh(tmp_path) as home:
        kept = '# ours\n"everest/garage" = "first"\n'
        (home.directory / FILE_NAME).write_text(kept)
        (home.directory / FILE_NAME).chmod(0o600)
        _, begun = await home.get("/site")
        await home.put("/site", {**begun, "secrets": {'odd "name"': "x\\\n", "everest/garage": "second"}})
        assert home.gateway.secrets.secret("everest/garage") == "second"
        assert home.gateway.secrets.secret('odd "name"') == "x\\\n"
        assert (home.directory / FILE_NAME).read_text().startswith("# ours\n")
        await home.post("/site/undo", {})
        assert (home.directory / FILE_NAME).read_text() == kept
        for path in home.directory.iterdir():
            if path.name.endswith(FILE_NAME):
                assert stat.S_IMODE(path.stat().st_mode) == 0o600


@warped
async def test_trying_says_in_words_what_is_wrong(tmp_path: Path) -> None:
    async with fresh(tmp_path, "franklinwh") as home:
        status, problem = await home.post("/devices/try", {"url": "hoymiles://127.0.0.1:1"})
        assert status == 502
        assert "nothing listens" in problem["detail"]
        status, problem = await home.post("/devices/try", {"url": home.cloud_url})
        assert status == 422
        assert "none was given" in problem["detail"]
        status, problem = await home.post("/devices/try", {"url": home.cloud_url, "secret": "canary-wrong"})
        assert status == 502
        assert problem["detail"]
        assert "canary-wrong" not in str(problem)


@warped
async def test_a_device_that_says_nothing_is_given_up_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with fresh(tmp_path) as home, await asyncio.start_server(mute, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for name in ("hoymiles", "givenergy", "everest", "tesla-wall-connector"):
            start_s = asyncio.get_running_loop().time()
            status, problem = await home.post("/devices/try", {"url": f"{name}://127.0.0.1:{port}"})
            assert status in (502, 504), problem
            assert problem["detail"]
            assert asyncio.get_running_loop().time() - start_s <= TRY_S


@warped
async def test_one_search_is_under_way_at_a_time(tmp_path: Path) -> None:
    async with (
        fresh(tmp_path) as home,
        home.gateway.looking,
        home.session.get("/api/v1/discover", params={"network": "127.0.0.1"}) as response,
    ):
        assert response.status == 503
        assert response.headers["Retry-After"] == "10"


@warped
async def test_networks_that_are_not_a_homes_are_not_looked_at(tmp_path: Path) -> None:
    async with fresh(tmp_path) as home:
        for network in (
            "8.8.8.0/24",
            "10.0.0.0/8",
            "0.0.0.0/0",
            "home",
            "127.0.0.1:0",
            ",",
            ",".join(["127.0.0.1"] * 9),
        ):
            status, problem = await home.get("/discover", params={"network": network})
            assert status == 400, network
            assert problem["detail"]
