"""Which hardware has a vehicle port that works: one reason for each combination, for programs, and a note for people.

The rules are tried in order; the first that fits decides. Source: the vendor's accessory guide, and owners' reports of
which combinations show the function in the app.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import Country


class Reason(StrEnum):
    NO_CIRCUITS = "no_circuits"
    AU_NO_PORT = "au_no_port"
    V2_BUILTIN = "v2_builtin"
    V1_WITH_GENERATOR = "v1_with_generator"
    V1_NEEDS_GENERATOR = "v1_needs_generator"
    UNKNOWN_REGION = "unknown_region"


NOTES: Final = {
    Reason.NO_CIRCUITS: "no Smart Circuits module is fitted, and the vehicle port is a part of it",
    Reason.AU_NO_PORT: "the module of this region (Australia) has no vehicle port",
    Reason.V2_BUILTIN: "the vehicle port is built into the Smart Circuits V2 module",
    Reason.V1_WITH_GENERATOR: "the CarSW port of the Smart Circuits V1 module is enabled by the generator module",
    Reason.V1_NEEDS_GENERATOR: "the CarSW port of the Smart Circuits V1 module needs a generator module beside it",
    Reason.UNKNOWN_REGION: "nothing is known of this region's modules; the gateway's own V2L licence flag decides",
}


class Hardware(msgspec.Struct, frozen=True, kw_only=True):
    """What eligibility depends on."""

    has_circuits: bool
    """As the list of accessories says; the circuits record itself proves nothing."""
    has_generator: bool
    """In the list of accessories, or switched on in the gateway."""
    country: int
    generation: int
    """Of the gateway: 1 or 2. The circuits module is of the same."""
    is_licensed: bool
    """`v2lModeEnable`."""


class Eligibility(msgspec.Struct, frozen=True, kw_only=True):
    eligible: bool
    reason: Reason
    note: str


def eligibility(hardware: Hardware) -> Eligibility:
    reason = _reason(hardware)
    is_eligible = reason in (Reason.V2_BUILTIN, Reason.V1_WITH_GENERATOR) or (
        reason is Reason.UNKNOWN_REGION and hardware.is_licensed
    )
    return Eligibility(eligible=is_eligible, reason=reason, note=NOTES[reason])


def _reason(hardware: Hardware) -> Reason:
    if not hardware.has_circuits:
        return Reason.NO_CIRCUITS
    if hardware.country == Country.AUSTRALIA:
        return Reason.AU_NO_PORT
    if hardware.country != Country.UNITED_STATES:
        return Reason.UNKNOWN_REGION
    if hardware.generation == 2:
        return Reason.V2_BUILTIN
    return Reason.V1_WITH_GENERATOR if hardware.has_generator else Reason.V1_NEEDS_GENERATOR
