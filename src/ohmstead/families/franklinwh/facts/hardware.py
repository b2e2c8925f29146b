"""The hardware catalogue: gateways, accessories, packs. Sources: vendor catalogue and captures; the cloud reports an
accessory's kind only, so its catalogue number is derived from country and gateway generation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts.codes import AccessoryKind, Country


class GatewayModel(msgspec.Struct, frozen=True):
    id: int
    """`sysHdVersion`."""
    sku: str
    name: str
    country: Country
    generation: int


class AccessoryModel(msgspec.Struct, frozen=True):
    id: int
    sku: str
    name: str
    kind: AccessoryKind | None
    gateways: tuple[int, ...] = ()
    """Those it fits; none named means all."""
    circuits: int = 0
    vehicle_port: str = ""
    """What it has to do with the CarSW port, in words."""


class PackModel(msgspec.Struct, frozen=True):
    """One aPower, by the hardware version of its power electronics (`peHwVersion`)."""

    version: int
    name: str
    capacity_wh: int
    charge_w: int
    discharge_w: int


_US: Final = Country.UNITED_STATES
_AU: Final = Country.AUSTRALIA

GATEWAYS: Final[Mapping[int, GatewayModel]] = MappingProxyType(
    {
        model.id: model
        for model in (
            GatewayModel(100, "AGT-R1V1-US", "aGate X-10", _US, 1),
            GatewayModel(101, "AGT-R1V2-US", "aGate X-20", _US, 1),
            GatewayModel(102, "AGT-R1V1-AU", "aGate X-01-AU", _AU, 1),
            GatewayModel(103, "AGT-R1V3-US", "aGate X 20 (US)", _US, 2),
            GatewayModel(104, "AGT-R1V3-US", "aGate X 20 (US)", _US, 2),
        )
    }
)

_GENERATOR: Final = AccessoryKind.GENERATOR
_CIRCUITS: Final = AccessoryKind.CIRCUITS

ACCESSORIES: Final[Mapping[int, AccessoryModel]] = MappingProxyType(
    {
        model.id: model
        for model in (
            AccessoryModel(
                201, "ACCY-GENV1-US", "Generator Module V1", _GENERATOR, (100, 101), 0, "enables CarSW of 202"
            ),
            AccessoryModel(202, "ACCY-SCV1-US", "Smart Circuits V1", _CIRCUITS, (100, 101), 2, "needs 201"),
            AccessoryModel(203, "ACCY-GENV2-US", "Generator Module V2", _GENERATOR, (103, 104)),
            AccessoryModel(
                204, "ACCY-SCV2-US", "Smart Circuits V2", _CIRCUITS, (102, 103, 104), 3, "built in"
            ),
            AccessoryModel(301, "ACCY-GENV1-AU", "Generator Module V1 AU", _GENERATOR, (102,)),
            AccessoryModel(302, "ACCY-SCV1-AU", "Smart Circuits V1 AU", _CIRCUITS, (102,), 2),
            AccessoryModel(251, "ACCY-RCV1-US", "aPbox", None),
            AccessoryModel(252, "ACCY-CT200V1-US", "Split CT", None),
            AccessoryModel(253, "ACCY-AHUBV1-US", "aHub", None),
            AccessoryModel(254, "MAC-R1V1-US", "Meter adapter controller", None),
        )
    }
)

PACKS: Final[Mapping[int, PackModel]] = MappingProxyType(
    {
        model.version: model
        for model in (
            PackModel(0, "aPower X", 13_600, 5_000, 5_000),
            PackModel(2, "aPower X", 13_600, 5_000, 5_000),
            PackModel(20, "aPower 2", 15_000, 8_000, 10_000),
            PackModel(21, "aPower S", 15_000, 8_000, 10_000),
        )
    }
)

PACK_SKUS: Final[Mapping[int, str]] = MappingProxyType(
    {
        0: "APR-05K1V1-US",
        1: "APR-05K11V1-US",
        2: "APR-05K13V1-AU",
        3: "APR-10K15V2-US",
        4: "APRS-10K15V1-US",
        5: "APRS-11K15V2-US",
        6: "APR-05K15V1-US",
        7: "APR-05K13V2-AU",
    }
)
"""By catalogue id, which is another number than the hardware version."""


def gateway_model(hd_version: object) -> GatewayModel | None:
    """By `sysHdVersion`, a number or the text of one; None for one that no catalogue lists."""
    text = str(hd_version).strip()
    return GATEWAYS.get(int(text)) if text.isascii() and text.isdigit() else None


def accessory_id(kind: AccessoryKind, country: int, generation: int) -> int:
    """The catalogue number: country digit, then 01 and 02 for generator and circuits V1, 03 and 04 for V2."""
    if country == Country.AUSTRALIA:
        return 301 if kind is AccessoryKind.GENERATOR else 302
    second = country == Country.UNITED_STATES and generation >= 2
    number = 1 if kind is AccessoryKind.GENERATOR else 2
    return 200 + number + (2 if second else 0)
