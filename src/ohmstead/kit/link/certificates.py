"""Makes a certificate that vouches for itself. Not loaded with the rest of the room: only the first start needs it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

VALID_FOR: Final = timedelta(days=3650)
"""Long, because every client that was told the fingerprint has to be told again when it changes."""
VALID_BEFORE: Final = timedelta(days=1)
"""A client's clock may be behind ours."""
OWN_NAME: Final = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Ohmstead")])


def self_made(names: Sequence[str], now: datetime) -> tuple[bytes, bytes]:
    """A key and its certificate, as PEM, for some host names and addresses."""
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder(subject_name=OWN_NAME, issuer_name=OWN_NAME, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - VALID_BEFORE)
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectAlternativeName([_general(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private, certificate.public_bytes(Encoding.PEM)


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
