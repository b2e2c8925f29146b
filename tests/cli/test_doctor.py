from __future__ import annotations

import asyncio
import json
import socket
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from aiohttp import web
from click.testing import CliRunner

from ohmstead.cli import root, trying
from ohmstead.cli.advice import ADVICE, REJECTED, advice
from ohmstead.cli.doctor import Diagnosis, tables
from ohmstead.cli.examining import Seen, ask_gateway, ask_lacking, ask_site
from ohmstead.gateway.secrets import Secrets
from ohmstead.kit.registry import config_from_table
from ohmstead.model import ConfigError
from ohmstead.polling import HealthState
from ohmstead.testing import warped

CLI = root({}, "ohmstead.app.faces:FACES")


async def serve(answer: str) -> tuple[web.AppRunner, str]:
    async def say(_request: web.Request) -> web.Response:
        return web.Response(text=answer, content_type="application/json")

    application = web.Application()
    application.router.add_get("/api/v1/{what}", say)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_every_state_a_device_can_be_in_has_its_advice() -> None:
    assert set(ADVICE) == set(HealthState)


def test_a_device_that_is_well_but_sends_nonsense_has_its_advice_too() -> None:
    assert advice(HealthState.GOOD, has_rejected=True) == REJECTED
    assert advice(HealthState.GOOD, has_rejected=False) == ""
    assert advice(HealthState.STALE, has_rejected=True) == ADVICE[HealthState.STALE]


@warped
async def test_a_gateway_tells_of_its_devices() -> None:
    runner, url = await serve(
        '[{"id": "roof", "family": "hoymiles", "health": "busy_elsewhere", "reason": "the app is connected",'
        ' "rejected": [{"field": "power_w", "reason": "above 5000 W"}], "new_key": 1}]'
    )
    (seen,) = await ask_gateway(url) or ()
    await runner.cleanup()
    assert (seen.id, seen.health) == ("roof", HealthState.BUSY_ELSEWHERE)
    assert seen.explained == "the app is connected; kept aside power_w: above 5000 W"


@warped
async def test_a_gateway_tells_what_is_wrong_with_the_site_as_a_whole() -> None:
    runner, url = await serve(
        '{"config_problem": "site.toml, line 3: no such key", "history_error": "",'
        ' "findings": [{"trouble": "grid_sign", "words": "The meter is the wrong way round.", "since": "2026-06-25T12:00:00Z"}]}'
    )
    whole = await ask_site(url)
    await runner.cleanup()
    assert whole is not None
    assert whole.problems == ("site.toml, line 3: no such key", "The meter is the wrong way round.")


@warped
async def test_a_gateway_tells_how_much_of_a_day_is_missing_of_each_device() -> None:
    gaps = (
        ("roof", "06-23T10:00", "06-24T13:00", False),  # begun the day before: an hour of it counts
        ("roof/1", "06-24T12:30", "06-24T13:10", False),  # ten minutes more than the source's
        ("roof/2", "06-25T09:00", "06-25T09:05", False),
        ("roof", "06-24T22:00", "06-25T04:00", True),
        ("well", "06-25T10:00", "06-25T10:01", False),
    )
    listed = ", ".join(
        f'{{"source": "{source}", "start": "2026-{start}:00Z", "end": "2026-{end}:00Z", "asleep": {str(asleep).lower()}}}'
        for source, start, end, asleep in gaps
    )
    runner, url = await serve(
        f'{{"start": "2026-06-24T12:00:00Z", "end": "2026-06-25T12:00:00Z", "gaps": [{listed}]}}'
    )
    lacking = await ask_lacking(url, datetime(2026, 6, 25, 12, tzinfo=UTC))
    await runner.cleanup()
    assert lacking is not None
    found = {
        device: lacking.missing_s(device) / 60 for device in ("roof/1", "roof/2", "roof", "well/1", "shed")
    }
    assert found == {"roof/1": 70, "roof/2": 65, "roof": 60, "well/1": 1, "shed": 0}


def diagnosis(device: str, health: HealthState, reason: str = "", missing_s: float = 0.0) -> Diagnosis:
    return Diagnosis(
        device=device,
        family="hoymiles",
        health=health,
        is_well=health is HealthState.GOOD,
        reason=reason,
        advice=f"Mend {reason}." if reason else "",
        missing_s=missing_s,
    )


def test_what_is_to_be_said_of_several_devices_of_one_source_is_said_once() -> None:
    good, away = HealthState.GOOD, HealthState.UNREACHABLE
    (table,) = tables(
        (
            diagnosis("roof/1", away, "silence", 60),
            diagnosis("roof/2", away, "silence", 60),
            diagnosis("shed/1", away, "silence", 60),
            diagnosis("battery/A", away, "a cut", 60),
            diagnosis("battery/B", HealthState.STALE, "a cut", 60),
            diagnosis("battery/C", away, "a cut", 120),
            diagnosis("well/1", good),
            diagnosis("well/2", good),
        ),
        (),
    )
    assert table.rows == (
        ("roof/1\nroof/2", "unreachable", "1 min", "silence", "Mend silence."),
        ("shed/1", "unreachable", "1 min", "silence", "Mend silence."),
        ("battery/A\nbattery/C", "unreachable", "1 min\n2 min", "a cut", "Mend a cut."),
        ("battery/B", "stale", "1 min", "a cut", "Mend a cut."),
        ("well/1", "good", "", "", ""),
        ("well/2", "good", "", "", ""),
    )


@warped
async def test_an_older_gateway_that_knows_of_no_gaps_is_no_error() -> None:
    runner, url = await serve('{"title": "Not Found", "status": 404}')
    assert await ask_lacking(url, datetime(2026, 6, 25, 12, tzinfo=UTC)) is None
    await runner.cleanup()


@warped
async def test_a_stranger_on_the_port_is_no_gateway() -> None:
    runner, url = await serve("<html>")
    with pytest.raises(ConfigError, match="is no Ohmstead gateway"):
        await ask_gateway(url)
    await runner.cleanup()


@warped
@pytest.mark.parametrize("url", ["gateway", "ftp://gateway", "http://"])
async def test_what_is_no_address_is_said_to_be_none(url: str) -> None:
    with pytest.raises(ConfigError, match=f"'{url}' is no address of a gateway. For example: http"):
        await ask_gateway(url)


@warped
async def test_a_program_that_speaks_no_http_is_no_gateway() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HM\xa2\x05\n\x1b[31m")
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(ConfigError) as caught:
            await ask_gateway(url)
    assert str(caught.value) == f"{url} answers, but is no Ohmstead gateway; say with --gateway where one is."


@warped
async def test_a_device_that_says_nothing_holds_nobody_up_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        trying, "LONGEST_S", 10.0
    )  # its family would need twice as long to find its own words
    monkeypatch.setenv("OHMSTEAD_SECRET_FRANKLINWH_A_B_C", "hush")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        url = f"franklinwh://a%40b.c@127.0.0.1:{port}/10060005A02X00000001?plain=true"
        config = config_from_table({"url": url, "name": "annex"})
        (seen,) = await trying.try_devices([config], Secrets(tmp_path))
    assert (seen.health, seen.reason) == (HealthState.UNREACHABLE, "annex did not answer within 10 s.")


@warped
async def test_what_one_family_stumbles_over_is_told_of_its_device_alone(
    closed_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("ohmstead.families.hoymiles.device.connect", stumble)
    urls = (f"hoymiles://127.0.0.1:{closed_port}", f"everest://127.0.0.1:{closed_port}")
    configs = [config_from_table({"url": url}) for url in urls]
    roof, point = await trying.try_devices(configs, Secrets(tmp_path))
    assert roof.reason.startswith("unexpected RuntimeError: a bug. This is a fault in Ohmstead")
    assert point.health is HealthState.UNREACHABLE


@warped
async def test_nobody_on_the_port_is_no_error(closed_port: int) -> None:
    assert await ask_gateway(f"http://127.0.0.1:{closed_port}") is None


def test_without_gateway_and_site_file_it_shows_how_to_write_one(
    closed_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    result = CliRunner().invoke(CLI, ["doctor", "--gateway", f"http://127.0.0.1:{closed_port}"])
    assert result.exit_code == 2
    assert '[[device]]\nname = "roof"\nurl = "hoymiles://192.0.2.7"' in result.stderr
    assert "ohmstead demo" in result.stderr


def test_a_device_that_is_away_is_explained_and_ends_with_1(closed_port: int, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(
        f'[[device]]\nname = "roof"\nurl = "hoymiles://127.0.0.1:{closed_port}"\n[mqtt]\nhost = "192.0.2.9"\n'
    )
    table = CliRunner().invoke(CLI, ["doctor", str(site)])
    assert table.exit_code == 1
    assert "unreachable" in click.unstyle(table.stdout)
    document = json.loads(CliRunner().invoke(CLI, ["doctor", str(site), "--json"]).stdout)
    (device,) = document["devices"]
    assert device["device"] == "roof"
    assert device["is_well"] is False
    assert "refused the connection" in device["reason"]
    assert device["advice"].startswith("Check that it has power")


def test_a_name_that_no_device_has_is_told_without_a_gateway_too(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[site.masters]\ngrid = ["cellar"]\n')
    result = CliRunner().invoke(CLI, ["doctor", str(site), "--json"])
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["site"]
    assert problem.startswith(
        "The site file names 'cellar' under grid of [site.masters], and no device is called"
    )


@pytest.mark.long
def test_a_device_is_tried_with_the_secrets_of_the_data_folder(closed_port: int, tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text(f'[[device]]\nname = "annex"\nurl = "franklinwh://a%40b.c@127.0.0.1:{closed_port}"\n')
    beside, elsewhere = tmp_path / ".ohmstead", tmp_path / "data"
    elsewhere.mkdir()
    secrets = elsewhere / "secrets.toml"
    secrets.write_text('"franklinwh/a@b.c" = "hush"\n')
    secrets.chmod(0o600)

    without = reason_of_the_only_device(["doctor", str(site)])
    assert without.startswith(f"{beside / 'secrets.toml'}: no secret for 'franklinwh/a@b.c'")
    with_it = reason_of_the_only_device(["doctor", str(site), "--data", str(elsewhere)])
    assert "refused the connection" in with_it
    secrets.chmod(0o644)
    exposed = reason_of_the_only_device(["doctor", str(site), "--data", str(elsewhere)])
    assert "others on this machine can read the secrets" in exposed


def reason_of_the_only_device(arguments: list[str]) -> str:
    (device,) = json.loads(CliRunner().invoke(CLI, [*arguments, "--json"]).stdout)["devices"]
    reason: str = device["reason"]
    return reason


def test_a_mistake_in_any_table_is_told_with_its_line(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[rpcapi]\nprot = 1\n")
    result = CliRunner().invoke(CLI, ["doctor", str(site)])
    assert result.exit_code == 2
    assert "site.toml:2: unknown key 'prot'; did you mean 'port'?" in result.stderr


def test_a_device_without_words_is_explained_by_nothing() -> None:
    assert Seen(id="roof", family="hoymiles", health=HealthState.GOOD).explained == ""
