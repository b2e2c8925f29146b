"""Servers that families bring, started by their tables in the site file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ohmstead.app.family_servers import family_servers
from ohmstead.families.everest.terminal.exchange import Exchange
from ohmstead.gateway import open_gateway, read_site_file
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.registry import served_tables
from ohmstead.kit.tokens import Gate, TokenStore
from ohmstead.model import ConfigError, RealClock
from ohmstead.testing import warped


def site(folder: Path, text: str) -> Path:
    path = folder / "site.toml"
    path.write_text(f'[site]\nname = "Our house"\n{text}')
    return path


async def greeted(folder: Path, text: str) -> list[object]:
    """What each server says that a site file starts."""
    site_file = read_site_file(site(folder, text), faces=served_tables())
    clock = RealClock()
    gate = Gate(TokenStore(folder / "tokens.json"), clock)
    said = []
    async with (
        open_gateway(site_file, directory=folder, clock=clock, threads=False) as gateway,
        family_servers(gateway, directory=folder, gate=gate) as ports,
    ):
        for port in ports.values():
            async with websocket(f"ws://127.0.0.1:{port}", protocols=("EVerestRpcApi",))() as link:
                said.append(await Exchange(link).greet((), ""))
    return said


@warped
async def test_a_table_in_the_site_file_starts_its_server(tmp_path: Path) -> None:
    (hello,) = await greeted(tmp_path, "[rpcapi]\nport = 0\nauthentication = true\n")

    assert isinstance(hello, dict)
    assert hello["charger_info"]["friendly_name"] == "Our house"
    assert hello["authentication_required"] is True


@warped
async def test_without_its_table_no_server_is_started(tmp_path: Path) -> None:
    assert await greeted(tmp_path, "") == []


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("prot = 1", "unknown key 'prot'; did you mean 'port'?"),
        ('port = "many"', "port: Expected a whole number, got text."),
        ("port = 99_999", "port is a port, not 99999."),
        ("tls_port = -1", "tls_port is a port, not -1."),
        ('anonymous_scope = ["everything"]', "anonymous_scope"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_site_file(site(tmp_path, f"[rpcapi]\n{line}\n"), faces=served_tables())
    assert "site.toml:4: " in str(raised.value)
    assert words in str(raised.value)
