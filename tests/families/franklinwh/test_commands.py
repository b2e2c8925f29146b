"""`ohmstead franklinwh …`, its commands called as the console calls them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from ohmstead.families.franklinwh.command_line import credentials
from ohmstead.families.franklinwh.command_line.credentials import Account, Asked, account, password
from ohmstead.families.franklinwh.commands import franklinwh
from ohmstead.families.franklinwh.errors import NotSupported
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.model import ConfigError
from ohmstead.testing import elapse, run, warped


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OHMSTEAD_FRANKLINWH_PASSWORD", "secret")
    monkeypatch.delenv("OHMSTEAD_FRANKLINWH_EMAIL", raising=False)


async def called(running: RunningCloud, *words: str) -> None:
    """Parsed as from a shell, and run in this loop."""
    gateway = running.stations[0].serial
    connection = ("--email", "user@example.com", "--gateway", gateway, "--base-url", running.url)
    context, command, rest = click.Context(franklinwh, obj=Asked()), franklinwh, [*words, *connection]
    while isinstance(command, click.Group):
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        command = found
    with command.make_context(name, rest, parent=context) as context:
        done = context.invoke(command.callback, **context.params)
        if done is not None:
            await done


def print_document(cloud: Any, words: tuple[str, ...], model: str = "us_v1_full") -> None:

    async def printed() -> None:
        async with cloud(model) as running:
            await called(running, *words, "--json")

    run(printed())


def read(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


EVERY = [
    ("status",),
    ("discover", "--tier", "3"),
    ("discover", "--diag"),
    ("diag",),
    ("accessories",),
    ("generator",),
    ("v2l", "show"),
    ("circuits",),
    ("mode",),
    ("tou",),
    ("history", "month"),
    ("bms",),
    ("network",),
    ("support",),
    ("schema", "--live"),
    ("metrics",),
    ("raw", "get_mode"),
    ("fetch", "GET", "hes-gateway/terminal/span/getSpanSetting"),
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
@pytest.mark.parametrize("model", ["us_v1_full", "us_bare", "au_v1"])
def test_every_command_prints_one_document(
    words: tuple[str, ...], model: str, capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    print_document(cloud, words, model)

    assert read(capsys) not in (None, "")


@pytest.mark.parametrize("words", EVERY[:14], ids=" ".join)
def test_every_command_draws_tables(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    async def printed() -> None:
        async with cloud() as running:
            await called(running, *words)

    run(printed())

    assert "─" in capsys.readouterr().out


def test_diag_shows_the_flags_of_generator_and_vehicle_port(
    capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    print_document(cloud, ("discover", "--diag"))

    features = {entry["name"].strip(): entry for entry in read(capsys)["features"]}
    assert features["V2L"]["is_on"] is True
    assert "licence on; state Disabled" in features["V2L"]["detail"]
    assert features["Generator Module"]["detail"] == "Enabled, Standby / OFF"


def test_without_a_generator_the_command_says_so_and_is_content(
    capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    print_document(cloud, ("generator",), "us_bare")

    assert read(capsys) == {"present": False}


WRITES = [
    (("generator", "--mode", "manual"), "mode manual"),
    (("generator", "--schedule", "08:00-12:00"), "operating windows"),
    (("circuits", "--on", "2"), "circuit 2 on"),
    (("circuits", "--cutoff", "1", "35"), "cut-off of circuit 1"),
    (("mode", "--set", "tou", "--soc", "30"), "mode tou"),
    (("mode", "--soc", "40"), "reserve 40 %"),
]


@pytest.mark.parametrize(
    ("words", "what"), WRITES, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_a_write_is_confirmed(
    words: tuple[str, ...], what: str, capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    print_document(cloud, words)

    assert read(capsys)[what]["outcome"] == "confirmed"


@warped
async def test_the_port_is_switched_off_grid_only(capsys: pytest.CaptureFixture[str], cloud: Any) -> None:
    async with cloud() as running:
        with pytest.raises(NotSupported, match="off grid"):
            await called(running, "v2l", "show", "--on")
        await running.act("off_grid", on=True)
        await elapse(30)
        await called(running, "v2l", "show", "--on", "--json")

    assert read(capsys)["confirmed"] is True


@warped
async def test_a_write_method_wants_to_be_called_one(cloud: Any) -> None:
    async with cloud() as running:
        with pytest.raises(click.UsageError, match="--write"):
            await called(running, "raw", "set_mode", "2")
        with pytest.raises(click.UsageError, match="--write"):
            await called(running, "fetch", "POST", "hes-gateway/terminal/updateOffgrid")
        with pytest.raises(click.UsageError, match="no method 'close'"):
            await called(running, "raw", "close")
        with pytest.raises(click.UsageError, match="get_bms_info"):
            await called(running, "raw", "get_bms_info")


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("circuits", "--on", "9"), "no circuit 9"),
        (("circuits", "--window", "10:00-11:00"), "belong to --schedule N"),
        (("circuits", "--on", "1", "--from", "2026-06-21"), "belong to --schedule N"),
        (("generator", "--schedule", "22:00-02:00"), "midnight"),
        (("mode", "--soc", "101"), "to 100 %"),
        (("raw", "discover", "7"), "1, 2 or 3"),
    ],
)
@warped
async def test_an_argument_that_cannot_be_is_wrong_use(
    words: tuple[str, ...], complaint: str, cloud: Any
) -> None:
    async with cloud() as running:
        with pytest.raises(click.UsageError, match=complaint):
            await called(running, *words)


@warped
async def test_a_plan_is_saved_and_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cloud: Any
) -> None:
    file = tmp_path / "plan.json"
    async with cloud() as running:
        await called(running, "tou", "--save", str(file), "--json")
        capsys.readouterr()
        await called(running, "tou", "--restore", str(file), "--json")

    assert read(capsys)["plan"]["accepted"] is True


def test_short_names_are_the_same_commands() -> None:
    context = click.Context(franklinwh)

    for short, long in (
        ("gen", "generator"),
        ("sc", "circuits"),
        ("acc", "accessories"),
        ("snapshot", "support"),
    ):
        assert franklinwh.get_command(context, short) is franklinwh.get_command(context, long)


# --- the password ---


@pytest.mark.parametrize("option", ["--password", "--token"])
def test_there_is_no_option_for_a_secret(option: str) -> None:
    answer = CliRunner().invoke(franklinwh, ["status", option, "secret"])

    assert answer.exit_code == 2
    assert "No such option" in answer.output


def whose(file: Path | None = None) -> Account:
    return Account(email="me@example.com", gateway=None, base_url="", fingerprint="", secrets_file=file)


def test_a_password_comes_from_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OHMSTEAD_FRANKLINWH_PASSWORD")
    file = tmp_path / "secrets.toml"
    file.write_text('"franklinwh/me@example.com" = "from the file"\n')
    file.chmod(0o600)

    assert password(whose(file)) == "from the file"

    file.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        password(whose(file))


def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("OHMSTEAD_FRANKLINWH_PASSWORD")
    monkeypatch.setattr("sys.stdin", io.StringIO())


def test_an_account_comes_from_options_environment_or_site_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[[device]]\nurl = "franklinwh://site@example.com@192.0.2.7:8443/10060005A02X00000001"\n')

    found = account(Asked(config=str(site)))
    assert (found.email, found.gateway) == ("site@example.com", "10060005A02X00000001")
    assert (found.base_url, found.secrets_file) == ("https://192.0.2.7:8443/", None)

    monkeypatch.setenv(credentials.EMAIL_VARIABLE, "environment@example.com")
    assert account(Asked(config=str(site))).email == "environment@example.com"
    assert account(Asked(email="said@example.com")).email == "said@example.com"


@pytest.mark.parametrize("place", ["secrets.toml", ".ohmstead/secrets.toml"])
def test_secrets_lie_beside_the_site_file_or_with_the_gateways_own(place: str, tmp_path: Path) -> None:
    site, secrets = tmp_path / "site.toml", tmp_path / place
    site.write_text('[[device]]\nurl = "franklinwh://me@example.com@/G1"\n')
    secrets.parent.mkdir(exist_ok=True)
    secrets.touch()

    assert account(Asked(config=str(site))).secrets_file == secrets


def test_nobodys_account_is_asked_for() -> None:
    with pytest.raises(ConfigError, match="whose account"):
        account(Asked())


def test_options_behind_the_command_count_more() -> None:
    later = Asked(email="b@example.com").over(Asked(email="a@example.com", gateway="1"))

    assert (later.email, later.gateway) == ("b@example.com", "1")


# --- v2l verify ---


def test_verify_judges_a_capture_and_writes_its_report(tmp_path: Path) -> None:
    har = tmp_path / "drive.har"
    body = {"gatewayId": "10060005A02X00000001", "v2LModeCtrl": 1, "opt": 1}
    request = {
        "method": "POST",
        "url": "https://energy.franklinwh.com/hes-gateway/terminal/updateIotGenerator?gatewayId=10060005A02X00000001",
        "postData": {"text": json.dumps(body)},
    }
    entry = {"startedDateTime": "2026-11-21T09:00:00Z", "request": request, "response": {"content": {}}}
    har.write_text(json.dumps({"log": {"entries": [entry]}}))

    answer = CliRunner().invoke(franklinwh, ["v2l", "verify", "--har", str(har), "--json"])

    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert (found["verdict"], found["confirmed"]) == ("generator", False)
    assert set(found["evidence"][0]) == {
        "entry",
        "at_s",
        "method",
        "path",
        "cmd_type",
        "fields",
        "speaks_for",
    }
    assert json.loads((tmp_path / "drive.redacted.json").read_text())["verdict"] == "generator"
    assert "10060005A02X00000001" not in answer.output + (tmp_path / "drive.redacted.json").read_text()
    again = CliRunner().invoke(franklinwh, ["v2l", "verify", "--har", str(har)])
    assert again.exit_code == 2
    assert "--force" in again.output


def test_verify_of_what_is_no_capture_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "notes.har"
    file.write_text("no capture")

    assert CliRunner().invoke(franklinwh, ["v2l", "verify", "--har", str(file)]).exit_code == 1
