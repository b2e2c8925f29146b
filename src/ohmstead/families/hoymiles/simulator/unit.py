"""What the wire and the control interface need of a device: a DTU and a storage gateway both have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.simulator.device_clock import DeviceClock
from ohmstead.families.hoymiles.simulator.profiles import Profile
from ohmstead.families.hoymiles.wire import Extension, Frame
from ohmstead.kit.world import Bus, World


class Unit(Protocol):
    """A terminal of the simulated home."""

    profile: Profile
    world: World
    name: str
    serial: str
    clock: DeviceClock
    drops_network: bool

    @property
    def has_power(self) -> bool: ...
    @property
    def cipher(self) -> Cipher | None: ...
    def answers_to(self, frame: Frame) -> bool:
        """Whether the frame's header is for this device."""
        ...

    def extension(self, asked: Extension | None) -> Extension | None:
        """What the header of an answer adds."""
        ...

    def step(self, bus: Bus, dt_s: float) -> float: ...
    def settle(self) -> None:
        """Be as if the world had not begun just now."""
        ...

    def reboot(self, *, keeps_clock: bool) -> None: ...
    def state(self) -> Mapping[str, Any]: ...  # Any: JSON
