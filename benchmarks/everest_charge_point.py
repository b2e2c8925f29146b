"""What the benchmarks of EVerest's interface talk of: one charge point that charges."""

from __future__ import annotations

import json

import msgspec

from ohmstead.families.everest import ChargePoint, Evse
from ohmstead.families.everest.schema import results
from ohmstead.families.everest.schema.enums import ChargeProtocolEnum, EVSEStateEnum
from ohmstead.families.everest.schema.objects import EVSEInfoObj, EVSEStatusObj, HardwareCapabilitiesObj


def charge_point() -> tuple[ChargePoint, Evse]:
    class Nobody:
        async def pause(self) -> bool:
            return False

        async def resume(self) -> bool:
            return False

        async def enable(self, connector_index: int, enable: bool, priority: int) -> bool:  # noqa: FBT001 - the protocol's
            return False

    point = ChargePoint()
    evse = point.add(1, Nobody())
    evse.info = EVSEInfoObj(
        index=1,
        id="DE*EXA*E1",
        available_connectors=(),
        supported_energy_transfer_modes=("AC_three_phase_core",),
    )
    evse.hardware_reported(
        HardwareCapabilitiesObj(
            max_current_A_export=0.0,
            max_current_A_import=32.0,
            max_phase_count_export=3,
            max_phase_count_import=3,
            min_current_A_export=0.0,
            min_current_A_import=6.0,
            min_phase_count_export=1,
            min_phase_count_import=1,
            phase_switch_during_charging=False,
        )
    )
    evse.mains_reported(voltage_v=230.0, frequency_hz=50.0)
    evse.limits_enforced(16.0, 3)
    evse.change(charge_protocol=ChargeProtocolEnum.IEC61851, state=EVSEStateEnum.CHARGING)
    return point, evse


def evse_status() -> EVSEStatusObj:
    status = charge_point()[1].status
    assert status is not None
    return status


def answer() -> str:
    """The result of reading its status."""
    return json.dumps(msgspec.to_builtins(results.EVSEGetStatusResObj(status=evse_status(), error="NoError")))


def notification() -> str:
    params = {"evse_index": 1, "evse_status": msgspec.to_builtins(evse_status())}
    return json.dumps(
        {"jsonrpc": "2.0", "method": "EVSE.StatusChanged", "params": params}, separators=(",", ":")
    )
