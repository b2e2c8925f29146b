"""What can be wished and asked for: rows of the table of features, from both points of view."""

from __future__ import annotations

from ohmstead.families.everest.server import EvseEvent, Limit
from ohmstead.testing import elapse
from tests.families.everest.bench import AT, Caller
from tests.families.everest.features.site import ALLOWED, CURRENT, ENABLE, STATUS, Site, code
from tests.families.everest.server.test_extensions import two_connectors
from tests.families.everest.test_replay import read_meter

STATUS_CHANGED, METER_CHANGED = "EVSE.StatusChanged", "EVSE.MeterDataChanged"
CONNECTOR_CHANGED = "EVSE.ConnectorStatusChanged"


async def connectors_ours(site: Site) -> None:
    two_connectors(site.point)
    async with site.ours("connectors") as caller:
        info = (await caller.result("EVSE.GetInfo", 1))["info"]
        assert [one["index"] for one in info["available_connectors"]] == [1, 2]
        site.evse().used(2)
        site.evse().happened(EvseEvent.SESSION_STARTED, AT)
        assert CONNECTOR_CHANGED in await caller.told()
        found = [
            (await caller.result("EVSE.GetConnectorStatus", 1, index))["connector_status"] for index in (1, 2)
        ]
        assert [(one["state"], one["active"]) for one in found] == [
            ("Unplugged", False),
            ("Preparing", True),
        ]
        for index in (0, 2):
            assert (await caller.result(ENABLE, 1, index, True, 100))["error"] == "NoError"


async def connectors_plain(site: Site) -> None:
    two_connectors(site.point)
    async with site.plain() as caller:
        site.evse().used(2)
        site.evse().happened(EvseEvent.SESSION_STARTED, AT)
        assert CONNECTOR_CHANGED not in await caller.told()
        assert (await site.status(caller))["active_connector_index"] == 2
        assert await code(caller, "EVSE.GetConnectorStatus", 1, 1) == -32601
        for index, error in ((1, "NoError"), (2, "NoError"), (3, "ErrorInvalidConnectorIndex")):
            assert (await caller.result(ENABLE, 1, index, True, 100))["error"] == error


async def alias_seen(site: Site, caller: Caller) -> None:
    named = {"evse_index": 1, "connector_id": 1, "enable": True, "priority": 100}
    assert (await caller.result(ENABLE, **named))["error"] == "NoError"
    assert await code(caller, ENABLE, evse_index=1, enable=True, priority=100) == -32602


async def strict_ours(site: Site) -> None:
    async with site.ours("details") as caller:
        result = await caller.result(CURRENT, evse_index=1, max_current=40, strict=True, within_s=0.05)
        assert result == {
            "error": "ErrorOutOfRange",
            "applied": {"value": 32.0, "unit": "A", "requested": 40.0, "limited_by": "fuse"},
        }
        assert site.sink().limits == []
        clamped = await caller.result(CURRENT, 1, 40, within_s=1.05)
        assert clamped["error"] == "ErrorValuesNotApplied"
        assert (clamped["applied"]["value"], clamped["applied"]["limited_by"]) == (32.0, "fuse")


async def strict_plain(site: Site) -> None:
    """It hears the same errors, and without details no more; a wish that is cut is stored as the reference does."""
    async with site.plain() as caller:
        strict = {"evse_index": 1, "max_current": 40, "strict": True}
        assert await caller.result(CURRENT, within_s=0.05, **strict) == {"error": "ErrorOutOfRange"}
        assert site.sink().limits == []
        assert await caller.result(CURRENT, 1, 40, within_s=1.05) == {"error": "ErrorValuesNotApplied"}
        assert site.sink().limits[-1].import_a == 40.0


async def combined_ours(site: Site) -> None:
    async with site.ours("combined", "details") as caller:
        wish = {"evse_index": 1, "charging_allowed": True, "max_current": 10, "phase_count": 2}
        assert (await caller.result("EVSE.SetACCharging", **wish))["error"] != "NoError"
        assert site.sink().limits == []
        del wish["phase_count"]
        result = await caller.result("EVSE.SetACCharging", **wish)
        assert result["error"] == "NoError"
        assert site.sink().limits[-1] == Limit(import_a=10.0, export_a=0.0, phase_count=3)
        power = {"charging_allowed": True, "max_power": 9_000}
        for index, error in ((1, "ErrorOperationNotSupported"), (2, "ErrorInvalidEVSEIndex")):
            # One is AC, and no limit reaches the other.
            named = power | {"evse_index": index}
            assert (await caller.result("EVSE.SetDCCharging", **named))["error"] == error


async def combined_plain(site: Site) -> None:
    async with site.plain() as caller:
        for method in ("EVSE.SetACCharging", "EVSE.SetDCCharging"):
            assert await code(caller, method, 1, True, 16) == -32601
        assert (await caller.result(CURRENT, 1, 10))["error"] == "NoError"


async def limits_ours(site: Site) -> None:
    async with site.ours("limits") as caller:
        await caller.result(CURRENT, evse_index=1, max_current=16, valid_for_s=600)
        limits = (await caller.result("EVSE.GetLimits", 1))["limits"]
        assert [(one["source"], one["value"], one["active"]) for one in limits] == [
            ("fuse", 32.0, False),
            ("hardware", 40.0, False),
            ("client", 16.0, True),
        ]
        assert [one["valid_until"] is None for one in limits] == [True, True, False]


async def limits_plain(site: Site) -> None:
    async with site.plain() as caller:
        assert await code(caller, "EVSE.GetLimits", 1) == -32601
        site.evse().limits_enforced(16.0, 3)
        assert (await site.status(caller))["ac_charge_param"]["evse_max_current"] == 16.0


async def subscribe_ours(site: Site) -> None:
    async with site.ours("subscribe") as caller:
        topics = {"topics": [STATUS_CHANGED], "evse_indexes": [1], "min_interval_ms": 10_000}
        assert (await caller.result("API.Subscribe", **topics))["error"] == "NoError"
        await lived_a_minute(site)
        assert await caller.told() == [STATUS_CHANGED] * 7


async def subscribe_plain(site: Site) -> None:
    async with site.plain() as caller:
        assert await code(caller, "API.Subscribe", [STATUS_CHANGED]) == -32601
        await lived_a_minute(site)
        assert sorted(await caller.told()) == [METER_CHANGED] * 60 + [STATUS_CHANGED] * 60


async def lived_a_minute(site: Site) -> None:
    for second in range(1, 61):
        site.evse().change(charging_duration_s=second)
        read_meter(site.evse(3), energy_Wh_import={"total": 1000.0 + second})
        await elapse(1.0)
    await elapse(10.0)


async def snapshot_ours(site: Site) -> None:
    async with site.ours("snapshot") as caller:
        whole = await caller.result("API.GetSnapshot")
        assert [one["evse_index"] for one in whole["evses"]] == [1, 2, 3]
        for one in whole["evses"]:
            assert one["status"] == await site.status(caller, one["evse_index"])
        assert whole["active_errors"] == (await caller.result("ChargePoint.GetActiveErrors"))["active_errors"]


async def snapshot_plain(site: Site) -> None:
    """It has to read for itself: nothing is sent behind the greeting."""
    async with site.plain() as caller:
        assert await code(caller, "API.GetSnapshot") == -32601
        assert await caller.told(5.0) == []
        assert (await caller.result(STATUS, 2))["error"] == "NoError"


async def remembered_seen(site: Site, caller: Caller) -> None:
    for index, current_a in ((1, 16.0), (3, 8.0)):
        await caller.result(ALLOWED, index, False)
        await caller.result(CURRENT, index, current_a)
    for index, current_a in ((1, 16.0), (3, 8.0)):
        await caller.result(ALLOWED, index, True)
        assert site.sink(index).limits[-1].import_a == current_a


async def expiring_seen(site: Site, caller: Caller) -> None:
    """A wish that is not repeated ends, also when its client has gone."""
    await caller.result(CURRENT, evse_index=1, max_current=10, valid_for_s=60)
    assert site.sink().limits[-1].import_a == 10.0
    await caller.raw.link.close()
    await elapse(61.0)
    assert (site.sink().limits[-1].import_a or 0.0) >= 32.0
