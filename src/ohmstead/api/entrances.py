"""The entrance for other machines: under which names, with which certificate, and only if somebody has a key."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from ohmstead.api.settings import ApiSettings
from ohmstead.kit.tokens import Gate
from ohmstead.model import ConfigError

FOLDER: Final = "tls"
ALL_ADDRESSES: Final = ("0.0.0.0", "::")  # noqa: S104 - names for what an owner may choose


class Entrance(msgspec.Struct, frozen=True, kw_only=True):
    names: Collection[str] = ()
    """In lower case; beside every address."""
    shown: str = ""
    """The name to tell people."""
    tls: ssl.SSLContext | None = None
    fingerprint: str = ""


def entrance_of(settings: ApiSettings, gate: Gate, directory: Path) -> Entrance:
    """Raises `ConfigError` if there is to be one and nobody could come in, or its certificate cannot be used."""
    if not settings.network:
        return Entrance()
    if not gate.has_tokens():
        raise ConfigError(
            f"others are to come in at {settings.network}, and there is no token yet that would let them.",
            example=f"ohmstead token create --name phone --scope read,control --data {directory}",
        )
    host_name = socket.gethostname()
    names = {name.lower() for name in (*settings.names, host_name, f"{host_name}.local", settings.network)}
    shown = next(iter(settings.names), host_name if settings.network in ALL_ADDRESSES else settings.network)
    if not settings.tls:
        return Entrance(names=names, shown=shown)
    from ohmstead.kit.link import tls  # noqa: PLC0415 - only where it is served

    if settings.own_certificate is not None:
        certificate = tls.existing_certificate(*settings.own_certificate)
    else:
        certificate = tls.certificate_files(
            directory / FOLDER, (*settings.names, host_name, f"{host_name}.local")
        )
    context = tls.serving_context(certificate)
    return Entrance(names=names, shown=shown, tls=context, fingerprint=certificate.fingerprint)
