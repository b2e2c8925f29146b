"""Whose account, which gateway, and the password: never from the command line, where others see it and a shell keeps it."""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from ohmstead.families.franklinwh.client.client import BASE_URL
from ohmstead.families.franklinwh.config import PASSWORD_VARIABLE, SCHEME, FranklinWHConfig
from ohmstead.kit.console import ask_secret
from ohmstead.model import ConfigError

EMAIL_VARIABLE: Final = "OHMSTEAD_FRANKLINWH_EMAIL"
SECRETS: Final = ("secrets.toml", ".ohmstead/secrets.toml")
"""Beside a site file, or with what the gateway keeps for it."""
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the options say; empty: not said."""

    email: str = ""
    gateway: str = ""
    config: str = ""
    """A site file, whose first gateway of this family is meant."""
    base_url: str = ""
    fingerprint: str = ""
    secrets_file: str = ""
    verbose: bool = False

    def over(self, earlier: Asked) -> Asked:
        """What is said later, before the command's name or behind it, counts."""
        said = {name: value for name, value in msgspec.structs.asdict(self).items() if value}
        return msgspec.structs.replace(earlier, **said)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    gateway: str | None
    base_url: str
    fingerprint: str
    secrets_file: Path | None


def account(asked: Asked) -> Account:
    """From the options, the environment and the site file, in this order. Raises `ConfigError` without an e-mail."""
    device = _device(Path(asked.config)) if asked.config else None
    email = asked.email or os.environ.get(EMAIL_VARIABLE, "") or (device.account if device else "")
    if not email:
        raise ConfigError(
            f"whose account? Give --email, or set {EMAIL_VARIABLE}.", example="--email you@example.com"
        )
    return Account(
        email=email,
        gateway=asked.gateway or (device.gateway if device else None),
        base_url=asked.base_url or (device.base_url if device else BASE_URL),
        fingerprint=asked.fingerprint,
        secrets_file=_secrets_file(asked),
    )


def _secrets_file(asked: Asked) -> Path | None:
    if asked.secrets_file:
        return Path(asked.secrets_file)
    folder = Path(asked.config).parent
    return (
        next((folder / name for name in SECRETS if (folder / name).exists()), None) if asked.config else None
    )


def password(whose: Account) -> str:
    """From the environment, else the secrets file, else asked for without an echo. Raises `ConfigError`."""
    if PASSWORD_VARIABLE in os.environ:
        return os.environ[PASSWORD_VARIABLE]
    kept = _kept(whose.secrets_file, whose.email) if whose.secrets_file else None
    if kept is not None:
        return kept
    return ask_secret(
        f"Password of {whose.email}",
        otherwise=f"no password for {whose.email}: set {PASSWORD_VARIABLE}, or give --secrets-file.",
    )


def _kept(file: Path, email: str) -> str | None:
    """The line `"franklinwh/<e-mail>" = "…"`. A file that others can read is no place for it."""
    try:
        about = file.stat()
    except FileNotFoundError:
        return None
    if about.st_uid != os.getuid() or about.st_mode & OTHERS:
        raise ConfigError(
            "the secrets file is to belong to you and be readable by you alone.",
            file=str(file),
            example=f"chmod 600 {file}",
        )
    found = _toml(file).get(f"{SCHEME}/{email}")
    return found if isinstance(found, str) else None


def _device(file: Path) -> FranklinWHConfig:
    tables = _toml(file).get("device")
    for table in tables if isinstance(tables, list) else []:
        if str(table.get("url", "")).startswith(f"{SCHEME}:"):
            return msgspec.convert({"name": SCHEME, **table}, FranklinWHConfig)
    raise ConfigError(f"no [[device]] of this file is of the family {SCHEME}.", file=str(file))


def _toml(file: Path) -> dict[str, Any]:  # Any: TOML
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # the parser's words may quote the line, and with it a secret
        raise ConfigError("the file cannot be read.", file=str(file)) from None
