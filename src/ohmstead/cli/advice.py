"""What to do about each state a device can be in. The first words say what is wrong, the rest what helps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ohmstead.polling import HealthState

WELL: Final = frozenset({HealthState.GOOD, HealthState.ASLEEP, HealthState.STARTING})

ADVICE: Final[Mapping[HealthState, str]] = {
    HealthState.STARTING: "It is being asked for the first time: look again in a moment.",
    HealthState.GOOD: "",
    HealthState.STALE: "One read failed; the next usually heals it. If it comes back, check the Wi-Fi at the device.",
    HealthState.UNREACHABLE: (
        "Check that it has power and is in the network, and that the url in the site file has the address your router "
        "gives it now; `ohmstead discover` looks for it. Then try `ohmstead read URL`."
    ),
    HealthState.BUSY_ELSEWHERE: (
        "It serves one client at a time: close the vendor's app, or stop the other program that reads it."
    ),
    HealthState.REFUSED: (
        "It said no: check the credentials and the rights of the account, then restart, for an account is not asked again "
        "alone. If another device has its address, put its own into the site file, or the new device's `serial`."
    ),
    HealthState.FAILING: (
        "Where a setting or a library is named, mend that. Otherwise it answers, but not with what its family says: check "
        "that the url names the right family, and record it with `ohmstead capture URL FILE` for a bug report."
    ),
    HealthState.ASLEEP: "Nothing is wrong: it sleeps without sun and wakes with it.",
}
REJECTED: Final = (
    "Compare the value with the device's own display. One such value is noise; many mean a fault in the device or its "
    "wiring."
)
"""For a device that is well but sent what cannot be."""


def advice(health: HealthState, *, has_rejected: bool) -> str:
    return ADVICE[health] or (REJECTED if has_rejected else "")
