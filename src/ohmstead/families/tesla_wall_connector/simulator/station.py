"""One unit with its ports: what `simulate` starts for each, and what the state and the ready line say of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from ohmstead.families.tesla_wall_connector.simulator.access_point import AccessPoint
from ohmstead.families.tesla_wall_connector.simulator.lan import Lan
from ohmstead.families.tesla_wall_connector.simulator.meter_line import MeterLine
from ohmstead.families.tesla_wall_connector.simulator.serving import Web
from ohmstead.families.tesla_wall_connector.simulator.sharing_port import GetAuthority, SharingPort
from ohmstead.families.tesla_wall_connector.simulator.unit import Unit
from ohmstead.kit.link import Listener

FOLLOWER_LAN_S: Final = 180.0
"""After activation, a follower answers no more on the home network."""
LEADER_GAP_S: Final = 20.0


class Station:
    def __init__(self, unit: Unit, lan_web: Web, ap_web: Web, authority: GetAuthority) -> None:
        self.unit = unit
        self.sharing = SharingPort(authority, unit.identity.din)
        self.sharing_listener: Listener
        self.lan = Lan(lan_web)
        self.access_point = AccessPoint(ap_web)
        self.faults = lan_web.faults
        self.meter: MeterLine | None = MeterLine(unit) if unit.profile.firmware.has_meter else None
        self.meter_listener: Listener | None = None
        self.meter_path = ""
        """Of a pseudo-terminal instead of a port."""
        self._settling = asyncio.Lock()

    @property
    def role(self) -> str:
        group = self.unit.group
        if group is None:
            return "single"
        return "leader" if group.leader is self.unit else "follower"

    @property
    def ports(self) -> Mapping[str, int | str | None]:
        """By name; of a pseudo-terminal its path."""
        return {
            "lan": self.lan.listener.port,
            "ap": self.access_point.listener.port,
            "load_sharing": self.sharing_listener.port,
            "rs485": self.meter_listener.port if self.meter_listener else self.meter_path or None,
        }

    async def settle(self) -> None:
        await self.lan.settle()
        await self.access_point.settle()
        await self._settle_sharing()
        if self.meter is not None:
            self.meter.watch()

    async def _settle_sharing(self) -> None:
        """Reachable while the access point is."""
        async with self._settling:
            if self.unit.is_powered and self.unit.window.is_visible(self.unit.now_s):
                await self.sharing_listener.resume()
            else:
                await self.sharing_listener.pause()

    def activate_sharing(self) -> None:
        """Just paired: the home network side goes, a leader's only for a moment."""
        now_s = self.unit.now_s
        if self.role == "leader":
            self.lan.gone_from_s, self.lan.gone_until_s = now_s, now_s + LEADER_GAP_S
        else:
            self.lan.gone_from_s, self.lan.gone_until_s = now_s + FOLLOWER_LAN_S, None

    def kick(self) -> None:
        self.lan.listener.drop()
        self.access_point.listener.drop()
        self.sharing_listener.drop()
        if self.meter_listener is not None:
            self.meter_listener.drop()

    def introduction(self) -> dict[str, Any]:  # Any: JSON
        identity = self.unit.identity
        return {
            "din": identity.din,
            "serial": identity.serial,
            "ssid": identity.ssid,
            "role": self.role,
            "ports": self.ports,
        }

    def state(self) -> dict[str, Any]:  # Any: JSON
        unit = self.unit
        return {
            **self.introduction(),
            "password": unit.identity.password,
            "is_powered": unit.is_powered,
            "is_plugged": unit.is_plugged,
            "evse_state": unit.evse_state,
            "contactor_closed": unit.plug.is_closed,
            "current_a": round(unit.current_a, 3),
            "power_w": round(unit.drawn_w, 3),
            "allowed_a": unit.allowed_a(unit.now_s),
            "stored_a": unit.memory.settings.most_a,
            "session_wh": round(unit.session.energy_wh, 3),
            "lifetime_wh": round(unit.memory.lifetime.energy_wh, 3),
            "true_wh": round(unit.true_wh, 3),
            "uptime_s": unit.uptime_s,
            "soc_pct": round(unit.vehicle.car.battery.soc_pct, 3),
            "car": unit.vehicle.kind.value,
            "flash_writes": unit.memory.writes,
            "window": unit.window.phase(unit.now_s).value,
            "is_dozing": self.lan.is_dozing,
            "dozes": self.lan.dozes,
            "requests": dict(self.lan.web.requests),
            "ap_requests": dict(self.access_point.web.requests),
            "pages_loaded": self.access_point.pages_loaded,
            "faults": dict(self.faults.happened),
            "metered_a": unit.metered_a,
            "meter_reads": self.meter.reads if self.meter else 0,
        }
