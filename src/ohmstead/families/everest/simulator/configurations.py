"""The charge points that can be simulated: what each EVSE is, and the fuse before them all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from ohmstead.families.everest.schema.enums import ConnectorTypeEnum, EnergyTransferModeEnum
from ohmstead.families.everest.schema.objects import HardwareCapabilitiesObj
from ohmstead.model import ConfigError


class DcRange(msgspec.Struct, frozen=True, kw_only=True):
    """What the power electronics of a DC EVSE can make."""

    least_v: float = 200.0
    most_v: float = 920.0
    most_w: float = 150_000.0
    most_a: float = 400.0


class EvseKind(msgspec.Struct, frozen=True, kw_only=True):
    index: int = 1
    connectors: tuple[ConnectorTypeEnum, ...] = (ConnectorTypeEnum.C_TYPE2,)
    """Of which one is used at a time; their indexes count from 1."""
    modes: tuple[EnergyTransferModeEnum, ...] = (
        EnergyTransferModeEnum.AC_SINGLE_PHASE_CORE,
        EnergyTransferModeEnum.AC_THREE_PHASE_CORE,
    )
    phases: int = 3
    most_a: float = 32.0
    """Of the hardware."""
    most_export_a: float = 0.0
    """What a car may give back, where a mode is bidirectional."""
    switches_phases: bool = False
    has_sink: bool = True
    """Whether limits that are set reach anything."""
    has_identifier: bool = True
    dc: DcRange | None = None

    @property
    def hardware(self) -> HardwareCapabilitiesObj:
        return HardwareCapabilitiesObj(
            max_current_A_export=self.most_export_a,
            max_current_A_import=self.most_a,
            max_phase_count_export=self.phases,
            max_phase_count_import=self.phases,
            min_current_A_export=0.0,
            min_current_A_import=6.0,
            min_phase_count_export=1,
            min_phase_count_import=1,
            phase_switch_during_charging=self.switches_phases,
        )


class Configuration(msgspec.Struct, frozen=True, kw_only=True):
    evses: tuple[EvseKind, ...]
    fuse_a: float = 40.0


DC: Final = EvseKind(
    connectors=(ConnectorTypeEnum.C_CCS2,),
    modes=(EnergyTransferModeEnum.DC_EXTENDED, EnergyTransferModeEnum.DC_COMBO_CORE),
    most_a=250.0,
    has_sink=False,
    dc=DcRange(),
)
DC_BPT: Final = msgspec.structs.replace(
    DC, modes=(*DC.modes, EnergyTransferModeEnum.DC_BPT), most_export_a=125.0, has_sink=True
)
AC_BPT: Final = (*EvseKind().modes, EnergyTransferModeEnum.AC_BPT)
BOTH: Final = (ConnectorTypeEnum.C_TYPE2, ConnectorTypeEnum.S309_3_P_32_A)
CONFIGURATIONS: Final[Mapping[str, Configuration]] = MappingProxyType(
    {
        "one-ac": Configuration(evses=(EvseKind(),)),
        "two-ac": Configuration(evses=(EvseKind(), EvseKind(index=2))),
        "one-dc": Configuration(evses=(DC,), fuse_a=250.0),
        "ac-phase-switch": Configuration(evses=(EvseKind(switches_phases=True),)),
        "no-identifier": Configuration(evses=(EvseKind(has_identifier=False),)),
        "two-connectors": Configuration(evses=(EvseKind(connectors=BOTH),)),
        "ac-bidirectional": Configuration(evses=(EvseKind(modes=AC_BPT, most_export_a=16.0),)),
        "dc-bidirectional": Configuration(evses=(DC_BPT,), fuse_a=250.0),
    }
)


def configuration(slug: str) -> Configuration:
    """The first one for no name. Raises `ConfigError`."""
    found = CONFIGURATIONS.get(slug or next(iter(CONFIGURATIONS)))
    if found is None:
        raise ConfigError(f"no model is called {slug!r}; there are {', '.join(CONFIGURATIONS)}.")
    return found
