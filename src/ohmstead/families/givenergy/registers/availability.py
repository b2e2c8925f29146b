"""Which models have a register, how it is known, and who may write it: the words that every table uses.

A list of models is written as a text: names with `;` between them, each with a condition in brackets behind it where
there is one. A register of `EVERY` model is one that nobody has seen missing; what is unconfirmed belongs to nobody
until somebody has seen it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache
from typing import Final

import msgspec

from ohmstead.families.givenergy.models import Model
from ohmstead.kit.wire.tables import Write


class Evidence(StrEnum):
    """How a register is known."""

    MODEL = "model"
    """Deployed clients decode it, and captures agree."""
    WIRE = "wire"
    """Captures corrected what was believed."""
    VENDOR_DOC = "vendor_doc"
    APP = "app"
    """The vendor's app knows it."""
    INSTALLER = "installer"
    """The vendor's installer tools know it."""


MODEL: Final = Evidence.MODEL
WIRE: Final = Evidence.WIRE
VENDOR_DOC: Final = Evidence.VENDOR_DOC
APP: Final = Evidence.APP
INSTALLER: Final = Evidence.INSTALLER


class Tier(StrEnum):
    """How careful a write has to be. A register without a tier is never written."""

    USER = "user"
    USER_GATED = "user_gated"
    """Harmless, but not proven on every model: needs an explicit opt-in."""
    INSTALLER = "installer"
    DESTRUCTIVE = "destructive"


def user(low: int | None = None, high: int | None = None) -> Write:
    return Write(Tier.USER, low, high)


def user_gated(low: int | None = None, high: int | None = None) -> Write:
    return Write(Tier.USER_GATED, low, high)


def installer(low: int | None = None, high: int | None = None) -> Write:
    return Write(Tier.INSTALLER, low, high)


def destructive(low: int | None = None, high: int | None = None) -> Write:
    return Write(Tier.DESTRUCTIVE, low, high)


EVERY: Final = "*"
INHERITED: Final = "* (inherited address; normally zero or frozen on three-phase)"
NOT_AC: Final = "* except AC;ALL_IN_ONE"
NOT_AC_ARTEFACT: Final = "* except AC;ALL_IN_ONE (AC-derived artefact there)"
AC_BLOCK: Final = "AC;ALL_IN_ONE"
AC_BLOCK_AND_GATEWAY: Final = "AC;ALL_IN_ONE;GATEWAY(opt-in)"
AC_BLOCK_UNCONFIRMED: Final = "AC;ALL_IN_ONE;unconfirmed"
AC_THREE_PHASE: Final = "AC_3PH"
EXTENDED: Final = "ALL_IN_ONE;HYBRID_GEN4;HYBRID_HV_GEN3;HYBRID_GEN3(arm_fw>302)"
EXTENDED_THREE_PHASE: Final = (
    "ALL_IN_ONE_HYBRID;HYBRID_3PH(optional bank);AC_3PH(optional bank);AIO_COMMERCIAL(optional bank)"
)
PAUSE: Final = (
    "ALL_IN_ONE;GATEWAY;HYBRID_GEN2;HYBRID_GEN3;HYBRID_HV_GEN3;AC(arm_fw>=200);HYBRID_GEN1(arm_fw>=187)"
)
PAUSE_WINDOW: Final = "ALL_IN_ONE;GATEWAY;HYBRID_GEN2;HYBRID_GEN3;HYBRID_HV_GEN3"
GEN1_KNOWN: Final = "HYBRID_GEN1 authoritative"
GEN2_KNOWN: Final = "HYBRID_GEN2;AC;ALL_IN_ONE authoritative"
UNCONFIRMED: Final = "unconfirmed"
NEWER_FIRMWARE: Final = "unconfirmed(newer firmware)"
COMMERCIAL: Final = "unconfirmed(commercial)"
HV_CABINET: Final = "unconfirmed(HV cabinet)"
EMS_MANAGED: Final = "EMS-managed;unconfirmed"
EMS_PLANTS: Final = "EMS plants"
FACTORY: Final = "factory block, not polled"
NOT_OWN: Final = "not own data"
NO_ADDRESS: Final = "bus address not known"


class Entry(msgspec.Struct, frozen=True):
    """One model of a list, with what it needs."""

    model: str
    firmware_from: int = 0
    """Lowest ARM firmware number."""
    opt_in: bool = False
    optional_bank: bool = False


class Availability(msgspec.Struct, frozen=True):
    """A list of models, read."""

    every: bool
    entries: tuple[Entry, ...]
    excluded: frozenset[str] = frozenset()

    def entry(self, model: Model, arm_firmware: int | None) -> Entry | None:
        """What the list says of a model; None: it does not have the register, or nobody has seen that it does."""
        if self.every:
            return None if model.name in self.excluded else Entry(model.name)
        for entry in self.entries:
            if entry.model == model.name and (arm_firmware or 0) >= entry.firmware_from:
                return entry
        return None

    def models(self) -> Sequence[str]:
        return tuple(entry.model for entry in self.entries)


ENTRY: Final = re.compile(r"^(?P<model>[A-Z0-9_]+)(?:\((?P<condition>[^)]*)\))?(?: authoritative)?$")


@cache
def availability(models: str) -> Availability:
    """Reads a list of models."""
    if models.startswith("* except "):
        excluded = models.removeprefix("* except ").partition(" (")[0]
        return Availability(every=True, entries=(), excluded=frozenset(excluded.split(";")))
    if models.startswith("*"):
        return Availability(every=True, entries=())
    return Availability(every=False, entries=tuple(filter(None, map(_entry, models.split(";")))))


def _entry(text: str) -> Entry | None:
    found = ENTRY.match(text)
    if found is None or found["model"] not in Model.__members__:
        return None
    condition = found["condition"] or ""
    firmware = re.match(r"arm_fw(>=?)(\d+)", condition)
    return Entry(
        found["model"],
        firmware_from=0 if firmware is None else int(firmware[2]) + (firmware[1] == ">"),
        opt_in=condition == "opt-in",
        optional_bank=condition == "optional bank",
    )
