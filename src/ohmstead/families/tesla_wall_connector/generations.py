"""What earlier generations of the schema say, in today's numbers.

A field whose wire type has changed stays among the unknown ones, and tells which generation spoke.
"""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.protos.wc_state_pb2 import WCLifetimeStats, WCLifetimeStats2022


def lifetime(found: WCLifetimeStats) -> WCLifetimeStats:
    """Field 10 was the energy, a message, in 2022; today it is a number."""
    old = WCLifetimeStats2022.FromString(found.SerializeToString())
    if not old.HasField("charging_energy"):
        return found
    return WCLifetimeStats(
        uptime_s=old.uptime_s,
        alert_count=old.alert_count,
        contactor_cycles=old.contactor_cycles,
        contactor_cycles_loaded=old.contactor_cycles_loaded,
        connector_cycles=old.connector_cycles,
        thermal_foldbacks=old.thermal_foldbacks,
        avg_startup_temp_c=old.avg_startup_temp_c,
        charge_starts=old.charge_starts,
        charging_time_s=old.charging_time_s,
        charging_energy=old.charging_energy,
    )
