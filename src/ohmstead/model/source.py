"""What a family hands to the house, and the house to a family."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol, TypeVar

import msgspec

from ohmstead.model.ability import Ability
from ohmstead.model.clock import Clock
from ohmstead.model.device import DeviceId, DeviceInfo
from ohmstead.model.reading import Sample

A = TypeVar("A")

Tap = Callable[[str, bytes], None]
"""Called with "<" (from the device) or ">" (to it) and the bytes as they pass a link."""


class PollingContract(msgspec.Struct, frozen=True, kw_only=True):
    """What the hardware tolerates. The poller honours it and the user sees it."""

    interval_s: float
    shortest_s: float
    single_connection: bool = False
    calls_per_hour: int | None = None
    quiet_s: float = 0.0
    """The longest the source leaves the device alone on purpose, on top of the interval."""
    sleeps_without_sun: bool = False
    """It lives on the power of its panels: in the dark nobody answers, and nothing is wrong."""
    why: str = ""


class Source(Protocol):
    """What `connect` yields: one wire session, one polling contract, one or many devices."""

    @property
    def contract(self) -> PollingContract: ...
    def devices(self) -> Mapping[DeviceId, DeviceInfo]: ...
    def ability(self, device: DeviceId, ability: Ability[A]) -> A | None: ...
    async def read(self, groups: frozenset[str] | None = None) -> Sample: ...


class Services(Protocol):
    """What the house hands to a family: clock, capture tap, budget store, secrets, memory."""

    @property
    def clock(self) -> Clock: ...
    def tap(self, name: str) -> Tap | None: ...
    async def spend(self, key: str, amount: int, limit: int, window_s: float) -> bool:
        """Book `amount` on a budget of `limit` per sliding window; False, and nothing booked, when it is spent."""
        ...

    def shared(self, key: str, make: Callable[[], A]) -> A:
        """What `make` made for the first source that asked under `key`, until the process ends; in memory, so at once."""
        ...

    def secret(self, reference: str) -> str: ...
    async def remember(self, key: str, text: str) -> None:
        """Keep a text over restarts, in place of what the key held before. A memory, never a setting: it may be gone."""
        ...

    async def recall(self, key: str) -> str | None: ...
    async def remember_secret(self, key: str, text: str) -> None:
        """As `remember`, for what opens doors, such as the token of a session: kept where passwords are."""
        ...

    async def recall_secret(self, key: str) -> str | None: ...


BY_HAND: Final = msgspec.Meta(extra_json_schema={"readOnly": True})
"""Marks a setting that names a file, a line or an address of this machine: it is set in the site file, never by a request."""


class DeviceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A `[[device]]` table of the site file. A family's own keys come in its subclass."""

    url: str
    """Where it is, and by its scheme of which family: `hoymiles://192.0.2.7`."""
    name: str = ""
    """Short and unique in the site; device ids start with it. Empty: the URL's host."""
    control: bool = False
    """Nothing is ever written to this device until its owner sets this."""
    serial: str = ""
    """The serial number that is expected there; empty: that of the first contact. Another device is refused, and this one is
    looked for if it moves. Needed after a device was replaced by another at the same address.
    """


Connect = Callable[[Any, Services], AbstractAsyncContextManager[Source]]  # Any: each family's own config type
