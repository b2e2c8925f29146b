"""Links under TLS: over HTTP and over WebSocket, with the certificate we made ourselves."""

from __future__ import annotations

import asyncio
import ssl
import stat
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.kit.link import tcp
from ohmstead.kit.link.http import http
from ohmstead.kit.link.http_serving import HttpReply, HttpRequest, serve_http
from ohmstead.kit.link.messages import Message, ServedMessages
from ohmstead.kit.link.tls import Certificate, certificate_files, serving_context, trusting_context
from ohmstead.kit.link.websocket import websocket
from ohmstead.kit.link.websocket_serving import serve_websocket
from ohmstead.model import BadAnswer, ConfigError, ConnectionLost, Unreachable
from ohmstead.testing import warped

OTHER = "AB:" * 31 + "AB"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certificate_files(tmp_path / "tls")


def test_without_cryptography_none_is_made_and_one_that_is_there_still_serves(
    tmp_path: Path, certificate: Certificate, without: Callable[..., None]
) -> None:
    without("cryptography", "ohmstead.kit.link.certificates")
    with pytest.raises(ConfigError, match=r"pip install 'ohmstead\[encryption\]'"):
        certificate_files(tmp_path / "other")
    assert not (tmp_path / "other").exists()
    assert certificate_files(tmp_path / "tls") == certificate


async def fine(request: HttpRequest) -> HttpReply:
    return HttpReply(body=b"fine")


async def echo(link: ServedMessages) -> None:
    while True:
        await link.send(await link.receive())


Speak = Callable[[str, ssl.SSLContext, ssl.SSLContext], AbstractAsyncContextManager[bytes]]


@asynccontextmanager
async def over_http(name: str, ours: ssl.SSLContext, theirs: ssl.SSLContext) -> AsyncIterator[bytes]:
    async with (
        serve_http(fine, tls=ours) as server,
        http(f"https://{name}:{server.port}", tls=theirs) as session,
    ):
        yield (await session.get("/")).body


@asynccontextmanager
async def over_websocket(name: str, ours: ssl.SSLContext, theirs: ssl.SSLContext) -> AsyncIterator[bytes]:
    async with (
        serve_websocket(echo, tls=ours) as server,
        websocket(f"wss://{name}:{server.port}", tls=theirs)() as link,
    ):
        await link.send(Message(b"fine"))
        yield (await link.receive()).data


everywhere = pytest.mark.parametrize("speak", [over_http, over_websocket])


@everywhere
@warped
async def test_a_client_that_was_told_the_fingerprint_comes_in_under_any_name(
    certificate: Certificate, speak: Speak
) -> None:
    for told in (certificate.fingerprint, certificate.fingerprint.replace(":", "").lower()):
        async with speak("127.0.0.1", serving_context(certificate), trusting_context(pinned=told)) as said:
            assert said == b"fine"


@everywhere
@warped
async def test_a_client_that_was_given_the_certificate_comes_in_under_its_names(
    certificate: Certificate, speak: Speak
) -> None:
    trusting = trusting_context(ca=certificate.cert_path)
    for name in ("127.0.0.1", "localhost"):
        async with speak(name, serving_context(certificate), trusting) as said:
            assert said == b"fine"


@warped
async def test_messages_of_any_size_arrive_whole(certificate: Certificate) -> None:
    trusting = trusting_context(ca=certificate.cert_path)
    async with (
        serve_websocket(echo, tls=serving_context(certificate)) as server,
        websocket(f"wss://localhost:{server.port}", tls=trusting)() as link,
    ):
        for size in (1, 16 * 1024, 64 * 1024, 64 * 1024 + 1, 1_000_000):
            data = bytes(at % 251 for at in range(size))
            await link.send(Message(data))

            assert (await link.receive()).data == data


@everywhere
@warped
async def test_f24_a_certificate_that_is_not_the_pinned_or_not_vouched_for_is_refused(
    certificate: Certificate, tmp_path: Path, speak: Speak
) -> None:
    serving = serving_context(certificate)
    for trusting in (
        trusting_context(pinned=OTHER),
        trusting_context(),
        trusting_context(ca=certificate_files(tmp_path / "other").cert_path),
    ):
        with pytest.raises(Unreachable, match="certificate"):
            async with speak("127.0.0.1", serving, trusting):
                pass


@everywhere
@warped
async def test_f24_a_certificate_for_another_name_or_time_is_refused(tmp_path: Path, speak: Speak) -> None:
    elsewhere = certificate_files(tmp_path / "elsewhere", ["192.0.2.7", "charger.example"])
    expired = certificate_files(tmp_path / "expired", now=datetime(2001, 1, 1, tzinfo=UTC))
    for certificate, reason in ((elsewhere, "IP address mismatch"), (expired, "expired")):
        with pytest.raises(Unreachable, match=reason):
            async with speak(
                "127.0.0.1", serving_context(certificate), trusting_context(ca=certificate.cert_path)
            ):
                pass


@everywhere
@warped
async def test_only_clients_come_in_whom_the_authority_vouches_for(
    certificate: Certificate, tmp_path: Path, speak: Speak
) -> None:
    known = certificate_files(tmp_path / "client")
    serving = serving_context(certificate, clients_ca=known.cert_path)
    identified = trusting_context(ca=certificate.cert_path)
    identified.load_cert_chain(known.cert_path, known.key_path)
    async with speak("127.0.0.1", serving, identified) as said:
        assert said == b"fine"
    # With TLS 1.3 the client hears of it behind the handshake, in whatever it does next.
    with pytest.raises((ConnectionLost, BadAnswer)):
        async with speak("127.0.0.1", serving, trusting_context(ca=certificate.cert_path)):
            pass


@pytest.mark.parametrize("offered", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_s11_nothing_older_than_tls_1_2_is_spoken(certificate: Certificate, offered: ssl.TLSVersion) -> None:
    for context in (
        serving_context(certificate),
        trusting_context(),
        trusting_context(pinned=OTHER),
        trusting_context(ca=certificate.cert_path),
    ):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_2
        assert offered < context.minimum_version


def test_the_certificate_stays_what_it_is(certificate: Certificate) -> None:
    assert certificate_files(certificate.cert_path.parent, ["another.example"]) == certificate


def test_the_fingerprint_is_the_one_that_other_programs_show(certificate: Certificate) -> None:
    shown = subprocess.run(
        ["openssl", "x509", "-noout", "-fingerprint", "-sha256", "-in", certificate.cert_path],
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert shown.partition("=")[2].strip() == certificate.fingerprint


def test_only_the_owner_can_read_the_key(certificate: Certificate) -> None:
    assert stat.S_IMODE(certificate.key_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(certificate.key_path.parent.stat().st_mode) == 0o700


def test_a_first_start_that_was_cut_short_is_made_good(certificate: Certificate) -> None:
    certificate.cert_path.unlink()
    again = certificate_files(certificate.cert_path.parent)

    assert again.fingerprint != certificate.fingerprint


@pytest.mark.parametrize("spoiled", ["certificate.pem", "key.pem"])
def test_files_that_cannot_be_used_are_named_and_left_as_they_are(
    certificate: Certificate, spoiled: str
) -> None:
    path = certificate.cert_path.parent / spoiled
    path.write_text("spoiled")
    with pytest.raises(ConfigError, match=spoiled):
        certificate_files(path.parent)

    assert path.read_text() == "spoiled"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(ConfigError, match="taken"):
        certificate_files(tmp_path / "taken" / "tls")


@pytest.mark.parametrize("told", ["12:34", "XY:" * 31 + "XY"])
def test_what_is_no_fingerprint_is_refused(told: str) -> None:
    with pytest.raises(ConfigError, match="fingerprint"):
        trusting_context(pinned=told)


def test_what_is_no_authority_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="authority"):
        trusting_context(ca=tmp_path / "nothing.pem")


@warped
async def test_a_client_that_never_begins_to_agree_is_cut_off(certificate: Certificate) -> None:
    async with (
        serve_websocket(echo, tls=serving_context(certificate)) as server,
        tcp("127.0.0.1", server.port)() as link,
    ):
        with pytest.raises(ConnectionLost):
            async with asyncio.timeout(11.0):
                await link.receive()
