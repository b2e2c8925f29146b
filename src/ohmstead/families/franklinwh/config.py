"""The `[[device]]` table of a gateway, which is reached through its owner's account in the cloud."""

from __future__ import annotations

import os
import ssl
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from ohmstead.kit.link.tls import trusting_context
from ohmstead.model import BY_HAND, ConfigError, DeviceConfig, Services

SCHEME: Final = "franklinwh"
HOST: Final = "energy.franklinwh.com"
EXAMPLE: Final = 'url = "franklinwh://you@example.com@/10060005A02X00000001"'
PASSWORD_VARIABLE: Final = "OHMSTEAD_FRANKLINWH_PASSWORD"  # noqa: S105 - a name
USUAL_INTERVAL_S: Final = 30.0


class FranklinWHConfig(DeviceConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    interval_s: Annotated[float, msgspec.Meta(ge=10.0, le=3600.0)] = USUAL_INTERVAL_S
    """Between two polls. The vendor's app asks every 10 s while it is open."""
    certificate: Annotated[str, BY_HAND] = ""
    """A PEM file with the authority to trust for a cloud that is not the vendor's; empty: the usual ones. The fingerprint of
    a single certificate may stand in the URL instead, as `?fingerprint=AB:CD:…`."""

    @property
    def account(self) -> str:
        """The e-mail address of the URL. Raises `ConfigError` for none."""
        account = unquote(_parts(self.url).username or "")
        if "@" not in account:
            raise ConfigError(
                f"{self.url!r} names no account: an e-mail address, and an @ after it.", example=EXAMPLE
            )
        return account

    @property
    def gateway(self) -> str | None:
        """The serial number; None: the only gateway of the account."""
        return _parts(self.url).path.strip("/") or None

    @property
    def base_url(self) -> str:
        """Of the cloud, or of a simulator of it."""
        parts = _parts(self.url)
        scheme = "http" if _flag(parts, "plain") else "https"
        port = f":{parts.port}" if parts.port is not None else ""
        host = parts.hostname or HOST
        return f"{scheme}://{f'[{host}]' if ':' in host else host}{port}/"

    def tls(self) -> ssl.SSLContext | None:
        """None: verify against the usual authorities. Raises `ConfigError` for a file that holds no certificate."""
        pinned = parse_qs(_parts(self.url).query).get("fingerprint", [""])[0]
        if not (pinned or self.certificate):
            return None
        ca = Path(self.certificate) if self.certificate else None
        return trusting_context(pinned=pinned, ca=ca)

    def password(self, services: Services) -> str:
        """From the environment or the secrets file, never from the site file. Raises `ConfigError` when neither has it."""
        return os.environ.get(PASSWORD_VARIABLE) or services.secret(f"{SCHEME}/{self.account}")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigError(f"{url!r} is no address: {error}.", example=EXAMPLE) from None
    return parts


def _flag(parts: SplitResult, name: str) -> bool:
    return parse_qs(parts.query, keep_blank_values=True).get(name, ["0"])[0] not in ("0", "false")
