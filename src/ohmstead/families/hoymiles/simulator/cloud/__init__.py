"""The cloud simulator: what DTUs report to (`service`), what is kept of it (`store`), and what can be done (`running`)."""

from __future__ import annotations

from ohmstead.families.hoymiles.simulator.cloud.running import RunningCloud, simulate_cloud
from ohmstead.families.hoymiles.simulator.cloud.service import CloudService, Keeps, Manners
from ohmstead.families.hoymiles.simulator.cloud.store import DtuRecord, Store

__all__ = ["CloudService", "DtuRecord", "Keeps", "Manners", "RunningCloud", "Store", "simulate_cloud"]
