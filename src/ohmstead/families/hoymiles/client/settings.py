"""Changing the configuration: one image, written as a whole.

Every field that is left out is a zero to the DTU, so an image is read, changed, written back complete, and read again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.client import reading
from ohmstead.families.hoymiles.client.contact import Contact
from ohmstead.families.hoymiles.messages.app import CONFIG_SET
from ohmstead.families.hoymiles.requests import APP_UTC_OFFSET_S
from ohmstead.families.hoymiles.results import Config
from ohmstead.kit.link import retry
from ohmstead.model import Clock, DeviceError, Outcome, Refused, Unsafe

SAFE: Final = frozenset({"server_send_time", "zero_export_enable", "meter_kind", "meter_interface"})
"""Everything else may cut the DTU off from its network, its cloud or its owner."""
NETWORK_PAGE: Final = 1
WIFI_MODE: Final = 1
OURS: Final = frozenset({"utc_offset", "time", "app_page"})
"""Of the request, not of the image."""

Changes = Mapping[str, int | str]
"""Raw values by protobuf name."""


class ConfigResult(msgspec.Struct, frozen=True, kw_only=True):
    outcome: Outcome
    changed: tuple[str, ...]
    """Names only: values may be secret."""
    reason: str = ""


def check(changes: Changes, *, unsafe: bool) -> None:
    """Raises `Unsafe` for a field that is not to be changed by chance, or that cannot be set at all."""
    settable = set(protos.config.ConfigSetToDtu.DESCRIPTOR.fields_by_name) - OURS
    for name in changes:
        if name not in settable:
            raise Unsafe(f"{name!r} cannot be set; there are {', '.join(sorted(settable))}.")
        if name not in SAFE and not unsafe:
            raise Unsafe(f"a change of {name} can cut the DTU off; say unsafe=True if you mean it.")


def image(
    present: protos.config.ConfigGetFromDtu, changes: Changes, clock: Clock
) -> protos.config.ConfigSetToDtu:
    """The whole image with the changes in it. Only the network page is known by number."""
    request = protos.config.ConfigSetToDtu()
    known = present.DESCRIPTOR.fields_by_name
    for field in protos.config.ConfigSetToDtu.DESCRIPTOR.fields:
        if field.name in changes:
            setattr(request, field.name, changes[field.name])
        elif field.name in known:
            setattr(request, field.name, getattr(present, field.name))
    request.utc_offset = APP_UTC_OFFSET_S
    request.time = int(clock.now().timestamp())
    request.app_page = NETWORK_PAGE
    return request


def pending(present: Config, changes: Changes) -> dict[str, int | str]:
    """Those that are not as wanted. What can be set but never read stays with them."""
    known = present.image.DESCRIPTOR.fields_by_name
    return {
        name: value
        for name, value in changes.items()
        if name not in known or getattr(present.image, name) != value
    }


def wifi(ssid: str, password: str) -> Changes:
    """Raises `Unsafe` for a name or a key that no access point can have."""
    if not 1 <= len(ssid.encode()) <= 32:
        raise Unsafe("a network's name has 1 to 32 bytes")
    if password and not 8 <= len(password.encode()) <= 63:
        raise Unsafe("a network's key has 8 to 63 characters, or is empty for an open one")
    return {"wifi_ssid": ssid, "wifi_password": password, "net_mode": WIFI_MODE}


async def write(contact: Contact, changes: Changes) -> str:
    """Why it is not certain that it arrived, or nothing."""
    async with contact.connected() as session:
        await contact.about_to_write(session)
        present = await reading.config(contact, session)
        request = image(present.image, changes, contact.clock)
        try:
            answer = await session.ask(CONFIG_SET, request)
        except DeviceError as error:
            return f"not acknowledged: {error}"
    if answer.error_code:
        raise Refused(
            f"the DTU refused the configuration with code {answer.error_code}.", code=answer.error_code
        )
    return ""


async def confirm(read: Callable[[], Awaitable[Config]], changes: Changes, doubt: str) -> ConfigResult:
    """What has become of it; a change of network takes the DTU away for a while."""
    try:
        after = await retry(read, attempts=4, first_s=5.0)
    except DeviceError as error:
        reason = f"{doubt or 'acknowledged'}; not read back: {error}"
        outcome = Outcome.UNKNOWN if doubt else Outcome.ACKNOWLEDGED
        return ConfigResult(outcome=outcome, changed=tuple(changes), reason=reason)
    left = pending(after, changes)
    if not left:
        return ConfigResult(outcome=Outcome.CONFIRMED, changed=tuple(changes), reason=doubt)
    reason = f"{doubt or 'acknowledged'}, but not as wanted: {', '.join(left)}"
    return ConfigResult(outcome=Outcome.DIFFERENT, changed=tuple(changes), reason=reason)
