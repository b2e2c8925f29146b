"""What ails the devices, in words, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from ohmstead.gateway.status import DeviceStatus
from ohmstead.model import DeviceId
from ohmstead.polling import HealthState


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    device: DeviceId
    words: str
    what_to_do: str


ADVICE: Final[Mapping[HealthState, tuple[str, str]]] = {
    HealthState.STARTING: (
        "has not answered yet",
        "Wait some seconds; if it stays so, check its url in the site file.",
    ),
    HealthState.STALE: (
        "missed its last poll",
        "Nothing: it is asked again in a moment. If this is frequent, look at its network cable or Wi-Fi signal.",
    ),
    HealthState.UNREACHABLE: (
        "cannot be reached",
        "Check its power and network, and that its url has its address of today: routers hand out new ones.",
    ),
    HealthState.BUSY_ELSEWHERE: (
        "is held by another client",
        "Close the vendor's app and other programs that talk to it: it serves one at a time.",
    ),
    HealthState.REFUSED: (
        "refuses us",
        "Check account, password and rights of the device in the secrets file, then restart.",
    ),
    HealthState.FAILING: (
        "answers, but not as we understand it",
        "Check that its url names the right family and port; a capture of the exchange helps whoever looks into it.",
    ),
}
"""For each unhealthy state. A device asleep is as it should be."""

REJECTS: Final = "sends values that cannot be"
REJECTS_ADVICE: Final = "Compare them with the device's own display. One such value is noise; many mean a fault in the device or its wiring."


def diagnose(statuses: Iterable[DeviceStatus]) -> tuple[Diagnosis, ...]:
    """One diagnosis for each device that is unhealthy, or healthy but sends nonsense."""
    return tuple(found for status in statuses if (found := _diagnosis(status)) is not None)


def _diagnosis(status: DeviceStatus) -> Diagnosis | None:
    if status.health in ADVICE:
        what, advice = ADVICE[status.health]
        reason = f": {status.reason}" if status.reason else ""
        return Diagnosis(
            device=status.id, words=f"{status.name} {what} since {_since(status)}{reason}", what_to_do=advice
        )
    if status.rejected:
        newest = status.rejected[0]
        words = f"{status.name} {REJECTS}: {newest.field} was {newest.value} ({newest.reason})"
        return Diagnosis(device=status.id, words=words, what_to_do=REJECTS_ADVICE)
    return None


def _since(status: DeviceStatus) -> str:
    return f"{status.since:%Y-%m-%d %H:%M} UTC"
