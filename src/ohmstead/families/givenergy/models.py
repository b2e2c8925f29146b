"""Which models there are, how a unit tells which one it is, and what follows from it.

Register HR(0) holds the device type code, four hex digits, of which the first names a coarse family. The specific
model follows from the code and the number of the ARM firmware, HR(21). Sources: captures of eight plants, the vendor's
app and documents, owners' reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

HYBRID_FAMILY: Final = "2"


class Model(Enum):
    """A model, or a coarse family of them.

    `==` compares exactly but for one member: HYBRID equals every model of its family, so that code which only knows
    the family goes on working. For the same reason, keep tables by `name`.
    """

    HYBRID = "HYBRID"
    HYBRID_GEN1 = "HYBRID_GEN1"
    HYBRID_GEN2 = "HYBRID_GEN2"
    HYBRID_GEN3 = "HYBRID_GEN3"
    POLAR = "POLAR"
    AC = "AC"
    HYBRID_3PH = "HYBRID_3PH"
    AIO_COMMERCIAL = "AIO_COMMERCIAL"
    EMS = "EMS"
    EMS_COMMERCIAL = "EMS_COMMERCIAL"
    AC_3PH = "AC_3PH"
    GATEWAY = "GATEWAY"
    ALL_IN_ONE = "ALL_IN_ONE"
    HYBRID_HV_GEN3 = "HYBRID_HV_GEN3"
    ALL_IN_ONE_HYBRID = "ALL_IN_ONE_HYBRID"
    HYBRID_GEN4 = "HYBRID_GEN4"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Model):
            return NotImplemented
        return "HYBRID" in (self.name, other.name) and self.family_digit == other.family_digit

    def __hash__(self) -> int:
        return hash(HYBRID_FAMILY if self.family_digit == HYBRID_FAMILY else self.name)

    @property
    def family_digit(self) -> str:
        """The first digit of the type codes of this model."""
        return FAMILY_DIGITS[self.name]

    @property
    def family(self) -> Model:
        """The coarse family."""
        return FAMILIES[self.family_digit]

    def same_family(self, other: Model) -> bool:
        return self.family_digit == other.family_digit

    @property
    def phases(self) -> int:
        return 3 if self.family_digit in ("4", "6") else 1

    @classmethod
    def parse(cls, stored: str | int) -> Model:
        """From a stored name, or from one of the older forms ("2", 2, "20g1", "81"). Raises `ValueError`."""
        text = str(stored).strip()
        found = cls.__members__.get(text.upper()) or OLD_FORMS.get(text.lower())
        if found is None or isinstance(stored, bool):
            raise ValueError(f"{stored!r} names no model; known are {', '.join(cls.__members__)}")
        return found


FAMILY_DIGITS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "HYBRID": "2",
        "HYBRID_GEN1": "2",
        "HYBRID_GEN2": "2",
        "HYBRID_GEN3": "2",
        "POLAR": "2",
        "AC": "3",
        "HYBRID_3PH": "4",
        "AIO_COMMERCIAL": "4",
        "EMS": "5",
        "EMS_COMMERCIAL": "5",
        "AC_3PH": "6",
        "GATEWAY": "7",
        "ALL_IN_ONE": "8",
        "HYBRID_HV_GEN3": "8",
        "ALL_IN_ONE_HYBRID": "8",
        "HYBRID_GEN4": "8",
    }
)

FAMILIES: Final[Mapping[str, Model]] = MappingProxyType(
    {
        "2": Model.HYBRID,
        "3": Model.AC,
        "4": Model.HYBRID_3PH,
        "5": Model.EMS,
        "6": Model.AC_3PH,
        "7": Model.GATEWAY,
        "8": Model.ALL_IN_ONE,
    }
)
"""By the first digit of the type code."""

BY_PREFIX: Final[Mapping[str, Model]] = MappingProxyType(
    {
        "21": Model.POLAR,
        "41": Model.AIO_COMMERCIAL,
        "51": Model.EMS_COMMERCIAL,
        "81": Model.HYBRID_HV_GEN3,
        "82": Model.ALL_IN_ONE_HYBRID,
        "83": Model.HYBRID_GEN4,
    }
)
"""By the first two digits; 20 is told apart by firmware, everything else is as its family."""

OLD_FORMS: Final[Mapping[str, Model]] = MappingProxyType(
    {
        **FAMILIES,
        **BY_PREFIX,
        "20g1": Model.HYBRID_GEN1,
        "20g2": Model.HYBRID_GEN2,
        "20g3": Model.HYBRID_GEN3,
    }
)


def resolve(code: str, arm_firmware: int | None) -> Model | None:
    """The specific model; None for a code of no family we know. A missing firmware number counts as 0."""
    if code.startswith("20"):
        generation = (arm_firmware or 0) // 100
        if generation == 3:
            return Model.HYBRID_GEN3
        return Model.HYBRID_GEN2 if generation in (8, 9) else Model.HYBRID_GEN1
    return BY_PREFIX.get(code[:2]) or FAMILIES.get(code[:1])
