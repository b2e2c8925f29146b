"""TLS for links: a certificate of our own to serve with, and whom to trust when we dial.

A home has no authority that would vouch for its machines. So the first start makes a certificate that vouches for
itself, its owner reads the fingerprint from the log or the screen, and a client is told to trust just that one.

TLS 1.2 is the least everywhere, and there is no way to trust everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.kit.files import ONLY_THE_OWNER, replace_file
from ohmstead.kit.libraries import brought_by
from ohmstead.model import ConfigError

CERTIFICATE_NAME: Final = "certificate.pem"
KEY_NAME: Final = "key.pem"
DIGITS: Final = 64
"""Of a SHA-256 in hexadecimal."""


class Certificate(msgspec.Struct, frozen=True):
    """`fingerprint` is the SHA-256 of the certificate, written AB:CD:… as browsers and openssl do."""

    cert_path: Path
    key_path: Path
    fingerprint: str


def certificate_files(
    directory: Path, names: Sequence[str] = ("localhost", "127.0.0.1"), *, now: datetime | None = None
) -> Certificate:
    """The certificate in a folder; made there if there is none. `names` are the host names and addresses it is for.

    One that exists is never replaced, so that its fingerprint stays. Raises `ConfigError` when it cannot be used.
    """
    cert_path, key_path = directory / CERTIFICATE_NAME, directory / KEY_NAME
    try:
        if not cert_path.exists():
            with brought_by("encryption", "A certificate made here"):  # one of the owner's own needs nothing
                from ohmstead.kit.link.certificates import self_made  # noqa: PLC0415 - cryptography only when needed

            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            key, certificate = self_made(names, now or datetime.now(UTC))
            # The key first: a start that is cut short in between finds no certificate, and makes both anew.
            replace_file(key_path, key, mode=ONLY_THE_OWNER)
            replace_file(cert_path, certificate, mode=ONLY_THE_OWNER)
    except OSError as error:
        raise ConfigError(
            f"no certificate can be kept here: {error.strerror}.", file=str(directory)
        ) from error
    return existing_certificate(cert_path, key_path)


def existing_certificate(cert_path: Path, key_path: Path) -> Certificate:
    """An owner's own certificate. Raises `ConfigError` for files that cannot be used."""
    try:
        first, _, _ = cert_path.read_text().partition(ssl.PEM_FOOTER)
        encoded = ssl.PEM_cert_to_DER_cert(first[first.index(ssl.PEM_HEADER) :] + ssl.PEM_FOOTER)
    except (OSError, ValueError) as error:
        raise ConfigError("this is no certificate that can be read (PEM).", file=str(cert_path)) from error
    found = Certificate(cert_path, key_path, fingerprint(encoded))
    serving_context(found)
    return found


def serving_context(certificate: Certificate, *, clients_ca: Path | None = None) -> ssl.SSLContext:
    """To serve with. With `clients_ca`, only clients come in whom that authority vouches for."""
    context = _context(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate.cert_path, certificate.key_path)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(
            f"key and certificate cannot be used together: {error}.", file=str(certificate.key_path)
        ) from error
    if clients_ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        _load_authority(context, clients_ca)
    return context


def trusting_context(*, pinned: str = "", ca: Path | None = None) -> ssl.SSLContext:
    """To dial with. `pinned` is the fingerprint of the one certificate to accept, whatever it says of itself; `ca` an
    authority, or a self-made certificate, that has to vouch for the name dialled. With neither, the machine's own
    authorities do.
    """
    if pinned:
        return _pinning(_digits(pinned))
    context = _context(ssl.PROTOCOL_TLS_CLIENT)
    if ca is None:
        context.load_default_certs()
    else:
        _load_authority(context, ca)
    return context


def fingerprint(encoded: bytes) -> str:
    """Of a certificate in its binary form."""
    return hashlib.sha256(encoded).digest().hex(":").upper()


def _context(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _pinning(digits: str) -> ssl.SSLContext:
    context = _context(ssl.PROTOCOL_TLS_CLIENT)
    # The library need not judge a certificate that is compared with the one we were told of.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE

    class Pinned(ssl.SSLObject):
        """Fails the handshake, before anything was said, with any other certificate."""

        def do_handshake(self) -> None:
            super().do_handshake()
            shown = fingerprint(self.getpeercert(binary_form=True) or b"")
            if not hmac.compare_digest(_digits(shown), digits):
                raise ssl.SSLCertVerificationError(
                    f"the certificate is another one than the pinned: its fingerprint is {shown}"
                )

    context.sslobject_class = Pinned
    return context


def _digits(text: str) -> str:
    digits = text.replace(":", "").replace(" ", "").lower()
    if len(digits) != DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise ConfigError(
            f"a fingerprint is {DIGITS} hexadecimal digits, not {text!r}.",
            example="AB:CD:…, as the server shows it",
        )
    return digits


def _load_authority(context: ssl.SSLContext, path: Path) -> None:
    try:
        context.load_verify_locations(path)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError("no certificate of an authority can be read here (PEM).", file=str(path)) from error
