"""TCP 34578: certificates of the captured shape, and no way in without one of the vendor's."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from ohmstead.families.tesla_wall_connector.simulator.certificates import Authority, load_identity
from ohmstead.testing import warped

Open = Any  # the conftest's
NOW = datetime(2026, 11, 1, tzinfo=UTC)
DIN = "1529455-02-D--PGT21000000001"


def test_a_units_certificate_has_the_captured_shape() -> None:
    pem = Authority(NOW).issue(DIN)
    certificate = x509.load_pem_x509_certificate(pem[pem.index(b"-----BEGIN CERTIFICATE") :])
    assert [attribute.value for attribute in certificate.subject] == [
        *(DIN, "Gen3 Wall Connector", "Energy", "Tesla Inc.", "Palo Alto", "California", "US")
    ]
    assert [attribute.value for attribute in certificate.issuer] == [
        *("Tesla Energy Product Issuing CA", "Energy", "PKI", "Tesla", "US")
    ]
    key = certificate.public_key()
    assert isinstance(key, EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert certificate.signature_hash_algorithm is not None
    assert certificate.signature_hash_algorithm.name == "sha256"
    assert (certificate.not_valid_after_utc - certificate.not_valid_before_utc).days == 730  # two years


async def knock(home: Any, pem: bytes | None) -> str:
    """Who answers, by the certificate shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if pem is not None:
        load_identity(context, pem)
    port = home.units.endpoints["load_sharing"]
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.transport.abort()
    certificate = x509.load_der_x509_certificate(shown)
    return str(next(iter(certificate.subject)).value)


@warped
async def test_strangers_are_turned_away_and_units_are_not(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home:
        port = home.units.stations[0].sharing
        with pytest.raises(ssl.SSLError, match="UNKNOWN_CA"):
            await knock(home, Authority(NOW, "CN=Somebody else").issue(DIN))
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await knock(home, None)
        assert await knock(home, port.authority().issue(DIN)) == home.unit.identity.din
        await home.after(1)
        assert (port.accepted, port.turned_away) == (1, 2)


@warped
async def test_it_is_reachable_while_the_access_point_is(bench: Open) -> None:
    async with bench("23.8.2-eu3") as home:
        await home.after(11 * 60)
        with pytest.raises(ConnectionRefusedError):
            await knock(home, None)


@warped
async def test_without_cryptography_it_turns_everybody_away_and_the_unit_is_there(
    bench: Open, without: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    without("cryptography", "ohmstead.families.tesla_wall_connector.simulator.certificates")
    async with bench("23.8.2-eu3") as home:
        port = home.units.stations[0].sharing
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await knock(home, None)
        assert (port.accepted, port.turned_away) == (0, 1)
        assert "pip install 'ohmstead[encryption]'" in caplog.text
