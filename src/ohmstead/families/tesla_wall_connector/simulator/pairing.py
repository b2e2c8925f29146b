"""What the installer does on the leader's page: take another unit into the group, by its name and password."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ohmstead.families.tesla_wall_connector.simulator.memory import Settings
from ohmstead.families.tesla_wall_connector.simulator.sharing import LEAST_A, MOST_UNITS, Group
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.model import Refused

UNKNOWN: Final = "unknown_unit"


def pair(leader: Unit, units: Sequence[Unit], ssid: str, password: str, network_limit_a: int) -> Unit:
    """The new follower. Raises `Refused` with a code, and then nothing has changed."""
    now_s = leader.now_s
    found = next((unit for unit in units if unit.identity.ssid == ssid), None)
    if found is None or not (found.is_powered and found.window.is_visible(now_s)):
        raise Refused(f"no unit called {ssid} can be seen.", code=UNKNOWN)
    if found is leader:
        raise Refused("that is the leader itself.", code="self")
    if found.identity.password != password:
        raise Refused(f"the password of {ssid} is another.", code="wrong_password")
    if found.group is not None or (leader.group is not None and leader.group.leader is not leader):
        raise Refused("one of the two is in a group already.", code="already_paired")
    members = [*leader.group.members, found] if leader.group else [leader, found]
    if len(members) > MOST_UNITS:
        raise Refused(f"a group has up to {MOST_UNITS} units.", code="group_full")
    if network_limit_a < LEAST_A * len(members):
        raise Refused(f"{len(members)} units need {LEAST_A * len(members)} A.", code="limit_too_low")
    _join([unit for unit in members if isinstance(unit, Unit)], network_limit_a)
    return found


def group(units: Sequence[Unit], network_limit_a: int) -> None:
    """As units stand that were paired long ago; nothing is written."""
    changed = _settings(units, network_limit_a)
    for unit, settings in zip(units, changed, strict=True):
        unit.memory.settings = settings
    shared = Group(units, network_limit_a)
    for unit in units:
        unit.group = shared


def _join(units: Sequence[Unit], network_limit_a: int) -> None:
    """One write on each unit."""
    for unit, settings in zip(units, _settings(units, network_limit_a), strict=True):
        unit.memory.write(settings)
    shared = units[0].group or Group(units, network_limit_a)
    shared.members, shared.network_limit_a = list(units), network_limit_a
    for unit in units:
        unit.group = shared
    units[0].window.open(units[0].now_s)
    units[-1].window.follow(units[-1].now_s)


def _settings(units: Sequence[Unit], network_limit_a: int) -> list[Settings]:
    dins = tuple(unit.identity.din for unit in units)
    return [
        msgspec.structs.replace(
            unit.memory.settings, participants=dins, network_limit_a=network_limit_a, is_sharing_enabled=True
        )
        for unit in units
    ]
