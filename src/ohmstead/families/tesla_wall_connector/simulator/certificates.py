"""Certificates as units have them: an authority that stands in for the vendor's, and what it issues. Captured: names, key
kind, signature and validity; the keys are made here and prove nothing to real units.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

VALID: Final = (datetime(2021, 11, 1, tzinfo=UTC), datetime(2041, 11, 1, tzinfo=UTC))
"""Of the authority."""
YEARS: Final = 2
_OIDS: Final = {
    "CN": NameOID.COMMON_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "L": NameOID.LOCALITY_NAME,
    "ST": NameOID.STATE_OR_PROVINCE_NAME,
    "C": NameOID.COUNTRY_NAME,
}
ISSUER: Final = "CN=Tesla Energy Product Issuing CA,OU=Energy,OU=PKI,O=Tesla,C=US"
UNIT: Final = "OU=Gen3 Wall Connector,OU=Energy,O=Tesla Inc.,L=Palo Alto,ST=California,C=US"


def name(text: str) -> x509.Name:
    pairs = (part.split("=", 1) for part in text.split(","))
    return x509.Name([x509.NameAttribute(_OIDS[key], value) for key, value in pairs])


class Authority:
    def __init__(self, now: datetime, issuer: str = ISSUER) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        # The machine's clock judges validity, and need not be the home's: now lies in the middle.
        begins = now.replace(year=now.year - YEARS // 2, day=1)
        self._valid = (begins, begins.replace(year=begins.year + YEARS))
        self._name = name(issuer)
        self.certificate = (
            _builder(self._name, self._name, self._key.public_key(), VALID)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, SHA256())
        )

    def issue(self, din: str) -> bytes:
        """A unit's key and certificate, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = name(f"CN={din},{UNIT}")
        certificate = _builder(subject, self._name, key.public_key(), self._valid).sign(self._key, SHA256())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return private + certificate.public_bytes(Encoding.PEM)

    def server(self, din: str) -> ssl.SSLContext:
        """Shows the unit's certificate, and wants one from here of whoever comes."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # In 1.2 a stranger hears of its certificate within the handshake, as was seen.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=self.certificate.public_bytes(Encoding.PEM).decode())
        load_identity(context, self.issue(din))
        return context


def load_identity(context: ssl.SSLContext, pem: bytes) -> None:
    """The ssl module takes keys from files only."""
    with TemporaryDirectory() as directory:
        path = Path(directory) / "identity.pem"
        path.touch(mode=0o600)
        path.write_bytes(pem)
        context.load_cert_chain(path)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, valid: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
