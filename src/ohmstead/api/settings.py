"""The `[api]` table of the site file: who may reach the API, and how."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ohmstead.api.hosts import is_loopback
from ohmstead.kit.tokens import Scope
from ohmstead.model import ConfigError, require_port

EVERYTHING = tuple(Scope)


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Without any of it only programs and browsers on this machine come in, and need no token."""

    network: str = ""
    """An address of this machine, or 0.0.0.0 for all of them, at which others may come in with a token."""
    network_port: int = 8444
    tls: bool = True
    """Whether others come in under TLS. Without it everybody in the network can read tokens."""
    certificate: str = ""
    """Path of a certificate of your own (PEM); one is made if not given."""
    key: str = ""
    """Path of its key."""
    names: tuple[str, ...] = ()
    """Names under which others reach this machine, such as "ohmstead.local"; its addresses need not be listed."""
    loopback_scopes: tuple[Scope, ...] = EVERYTHING
    """What may be done on this machine without a token."""

    def __post_init__(self) -> None:
        if self.network and is_loopback(self.network):
            raise ConfigError(
                f"network is an address that others reach, and {self.network} is none.",
                example='network = "0.0.0.0"',
            )
        require_port("network_port", self.network_port, 8444)
        if bool(self.certificate) != bool(self.key):
            raise ConfigError("certificate and key belong together: give both, or neither.")

    @property
    def own_certificate(self) -> tuple[Path, Path] | None:
        return (Path(self.certificate), Path(self.key)) if self.certificate else None
