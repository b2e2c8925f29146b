"""The options that only this family's simulators have; card and simulators read them here."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra

EXTRAS: Final = (
    Extra(
        name="dynamics",
        help="Live by the simulated home, or lie still; auto: only what comes from a file lies still.",
        choices=("auto", "live", "still"),
        default="auto",
    ),
    Extra(
        name="household",
        help="Whose load the plant sees: one it brings along, or what the simulated home has.",
        choices=("own", "world"),
        default="own",
    ),
    Extra(
        name="latency",
        help="How long replies take: always the usual time, with the measured tail, or none.",
        choices=("fixed", "measured", "none"),
        default="fixed",
    ),
    Extra(
        name="cloud",
        help="Whether the vendor's cloud polls the plant too; its replies reach every client.",
        choices=("on", "off"),
        default="on",
    ),
    Extra(name="max-clients", help="How many clients the adapter serves at once.", default="8"),
    Extra(
        name="when-full",
        help="What happens to one client too many.",
        choices=("refuse", "drop-oldest"),
        default="refuse",
    ),
    Extra(name="idle-close", help="Close connections on which nothing came for 10 s.", flag=True),
    Extra(name="clock-drift", help="Seconds a day the inverter's clock runs fast.", default="0"),
)
