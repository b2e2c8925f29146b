"""What a running gateway says of its devices and its site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import aiohttp
import msgspec

from ohmstead.model import AuthFailed, ConfigError, source_of
from ohmstead.polling import HealthState

T = TypeVar("T")

PATIENCE_S: Final = 15.0
"""For a gateway that accepted the connection."""
UNAUTHORISED: Final = 401
REALM: Final = 'realm="ohmstead"'
"""By which a gateway that refuses is told from a stranger that does."""
LOOKED_BACK: Final = timedelta(hours=24)
"""How far it is asked what was missing."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A value the quality gate kept aside."""

    field: str
    reason: str


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One device as it is now; the part of the gateway's answer that matters here."""

    id: str
    family: str
    health: HealthState
    reason: str = ""
    rejected: tuple[Kept, ...] = ()

    @property
    def explained(self) -> str:
        kept = [f"kept aside {value.field}: {value.reason}" for value in self.rejected[:1]]
        return "; ".join([self.reason, *kept] if self.reason else kept)


class Found(msgspec.Struct, frozen=True, kw_only=True):
    words: str


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with the site, and with none of its devices alone."""

    at: datetime | None = None
    config_problem: str = ""
    history_error: str = ""
    findings: tuple[Found, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        found = (self.config_problem, self.history_error, *(finding.words for finding in self.findings))
        return tuple(problem for problem in found if problem)


class Lack(msgspec.Struct, frozen=True, kw_only=True):
    """Polls that brought nothing, one after the other."""

    source: str
    """Or a device, where only that was missing."""
    start: datetime
    end: datetime
    asleep: bool = False

    def is_of(self, device: str) -> bool:
        return self.source in (device, source_of(device))


class Lacking(msgspec.Struct, frozen=True, kw_only=True):
    """What a site lacks of a day."""

    start: datetime
    end: datetime
    gaps: tuple[Lack, ...]

    def missing_s(self, device: str) -> float:
        """For how long nothing came of it, without the nights that it slept."""
        own = [gap for gap in self.gaps if not gap.asleep and gap.is_of(device)]
        total, reached = timedelta(), self.start
        for gap in sorted(own, key=lambda gap: gap.start):
            total += max(min(gap.end, self.end) - max(gap.start, reached), timedelta())
            reached = max(reached, gap.end)
        return total.total_seconds()


async def ask_gateway(url: str, patience_s: float = PATIENCE_S) -> tuple[Seen, ...] | None:
    """The devices a gateway knows, or None when none runs there.

    Raises `ConfigError` for a stranger, and `AuthFailed` for a gateway that asks its own machine for a token too.
    """
    return await _ask(url, "devices", tuple[Seen, ...], patience_s)


async def ask_site(url: str, patience_s: float = PATIENCE_S) -> Whole | None:
    """The same for the site as a whole."""
    return await _ask(url, "health", Whole, patience_s)


async def ask_lacking(url: str, now: datetime, patience_s: float = PATIENCE_S) -> Lacking | None:
    """What was missing lately, up to now at the site; None also where a gateway cannot say."""
    start, end = (
        (at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z") for at in (now - LOOKED_BACK, now)
    )
    try:
        return await _ask(url, f"gaps?start={start}&end={end}&limit=5000", Lacking, patience_s)
    except ConfigError:
        return None


async def _ask(url: str, what: str, kind: type[T], patience_s: float) -> T | None:
    timeout = aiohttp.ClientTimeout(total=patience_s, connect=3)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{url.rstrip('/')}/api/v1/{what}") as response,
        ):
            body = await response.read()
    except (aiohttp.ClientConnectorError, TimeoutError):
        return None
    except (ValueError, aiohttp.NonHttpUrlClientError) as error:  # aiohttp.InvalidURL is one of the former
        raise ConfigError(f"{url!r} is no address of a gateway.", example="http://127.0.0.1:8420") from error
    except aiohttp.ClientError as error:
        raise stranger(url) from error
    if response.status == UNAUTHORISED and REALM in response.headers.get("WWW-Authenticate", ""):
        raise closed(url)
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise stranger(url) from error


def stranger(url: str) -> ConfigError:
    return ConfigError(f"{url} answers, but is no Ohmstead gateway; say with --gateway where one is.")


def closed(url: str) -> AuthFailed:
    return AuthFailed(
        f"the gateway at {url} asks for a token on its own machine too, and this command has none: let `loopback_scopes`"
        ' in its [api] table have "read".'
    )
