"""What a simulated cloud is told to be, beside its plants."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.body_codes import BodyCode

DAY_S: Final = 86_400.0


class V2lControl(StrEnum):
    """How the vehicle port is really switched, which nobody has published: by the circuits' record, the generator's, or both."""

    CIRCUIT = "circuit3"
    GENERATOR = "generator"
    BOTH = "both"


class CloudOptions(msgspec.Struct, frozen=True, kw_only=True):
    account: str = "user@example.com"
    password: str = "secret"  # noqa: S105  # of the made-up account
    token_life_s: float = 7 * DAY_S
    token_code: int = BodyCode.TOKEN
    """What an old token is answered with."""
    has_lock: bool = True
    """The account locks after some wrong passwords."""
    latency_scale: float = 1.0
    checks_crc: bool = False
    wants_whole_records: bool = False
    """The circuits' record is refused when a part of it is missing."""
    wants_accessories: bool = False
    """Circuits are refused where none is fitted."""
    has_status: bool = True
    """The generator's record has the documented `status`, which captures lack."""
    has_circuits_v2: bool = False
    is_v2l_unsigned: bool = False
    acknowledges_v2l: bool = False
    """A vehicle port that may not close says yes all the same."""
    has_third_circuit: bool = False
    """Without a vehicle port the third circuit can be switched; else that is acknowledged, and nothing happens."""
    v2l_control: V2lControl = V2lControl.BOTH
    has_control: bool = True
    """Faults and state are reachable on the cloud's own port."""
