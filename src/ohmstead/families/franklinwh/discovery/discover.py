"""Gathers what there is to know of a gateway, in tiers: each call is guarded, and one that fails leaves defaults.

Three sentences of a snapshot matter to everything else: whether a generator stands in the list of accessories, whether
the vehicle port is eligible, and which circuits there are. So the list of accessories is part of the first tier.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.discovery.building import built, entries, records
from ohmstead.families.franklinwh.discovery.snapshot import DeviceSnapshot
from ohmstead.families.franklinwh.facts import commands, endpoints
from ohmstead.families.franklinwh.facts.codes import AccessoryKind
from ohmstead.families.franklinwh.facts.commands import Command
from ohmstead.families.franklinwh.facts.endpoints import Endpoint
from ohmstead.model import AuthFailed, BadAnswer, DeviceError

log = logging.getLogger(__name__)

TIERS: Final = (1, 2, 3)

Answer = Any
"""JSON of the vendor's."""

LIVE: Final = {"refreshFlag": 1}
PAGE: Final = {"pageNum": 1, "pageSize": 20}
ENROLMENT: Final = next(endpoint for endpoint in endpoints.ENDPOINTS if endpoint.name == "selectProgramFlag")

CALLS: Final[tuple[tuple[int, str, Endpoint, Mapping[str, Any]], ...]] = (
    (1, "gateways", endpoints.GATEWAY_LIST, {}),
    (1, "location", endpoints.LOCATION, {}),
    (1, "entrance", endpoints.ENTRANCE_INFO, {}),
    (1, "device", endpoints.DEVICE_INFO, {}),
    (1, "composite", endpoints.COMPOSITE_INFO, LIVE),
    (1, "off_grid", endpoints.OFF_GRID, {"type": 0}),
    (1, "profiles", endpoints.GRID_PROFILES, {}),
    (1, "sites", endpoints.SITES, PAGE),
    (1, "accessories", endpoints.ACCESSORIES, {}),
    (1, "modes", endpoints.PROGRAMMES, {"showType": 1}),
    (1, "agate", endpoints.AGATE_INFO, {}),
    (2, "packs", endpoints.PACKS, {}),
    (2, "programmes", ENROLMENT, {}),
    (2, "warranty", endpoints.WARRANTY, {}),
    (2, "power_control", endpoints.POWER_CONTROL, {}),
    (3, "tariff", endpoints.TOU_DISPATCH, {}),
)
"""From which tier on, the answer's name, the call, and its query."""
DECISIVE: Final[Mapping[str, type]] = {"accessories": list, "device": Mapping}
"""Answers without which nobody knows what is fitted, and their shape also where nothing is: anything else, as the empty
body of a busy cloud, says nothing.
"""
TUNNEL: Final[tuple[tuple[int, str, Command], ...]] = (
    (2, "electrical", commands.POWER),
    (3, "interfaces", commands.INTERFACES),
    (3, "reachability", commands.REACHABILITY),
    (3, "switches", commands.SWITCHES),
)


async def discover(line: Line, tier: int = 1) -> DeviceSnapshot:
    """Tiers are cumulative: 1 what is fitted, 2 packs, warranty and electrical values, 3 generator, tariff and network.

    What failed stands in `errors`. Raises `ValueError` for another tier, and the cloud's error when it does not let us in
    or does not answer at all.
    """
    if isinstance(tier, bool) or tier not in TIERS:
        raise ValueError(f"a tier of discovery is 1, 2 or 3, not {tier!r}")
    gathering = Gathering()
    for since, name, endpoint, query in CALLS:
        if tier >= since:
            await gathering.add(name, partial(_called, line, endpoint, query))
    for since, name, command in TUNNEL:
        if tier >= since:
            await gathering.add(name, partial(line.tunnel, command))
    answers = gathering.answers
    kinds = {entry.get("accessoryType") for entry in entries(answers.get("accessories"))}
    if AccessoryKind.CIRCUITS in kinds:
        await gathering.add("circuits", partial(line.tunnel, commands.CIRCUITS))
    if tier >= 3 and AccessoryKind.GENERATOR in kinds:
        await gathering.add("generator", partial(_called, line, endpoints.GENERATOR, {}))
    answers["gateway"] = _own(answers.get("gateways"), "id", line.serial)
    answers["site"] = _own_site(answers.get("sites"), line.serial)
    now = line.clock.now()
    snapshot = built(answers, serial=line.serial, tier=tier, at=now, errors=gathering.errors)
    line.state.snapshot, line.state.snapshot_at = snapshot, now
    return snapshot


class Gathering:
    """Answers by name, and why others are missing.

    Credentials that are not accepted, and two failures before anything has answered, are not one call's: they raise.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.errors: dict[str, str] = {}

    async def add(self, name: str, asked: Callable[[], Awaitable[Answer]]) -> None:
        try:
            answer = await asked()
            if not isinstance(answer, DECISIVE.get(name, object)):
                raise BadAnswer(f"the cloud's answer ({type(answer).__name__}) does not say what is fitted")
            self.answers[name] = answer
        except AuthFailed:
            raise
        except DeviceError as error:
            if not self.answers and self.errors:
                raise
            log.warning("discovery goes on without %s: %s", name, error)
            self.errors[name] = str(error)


async def _called(line: Line, endpoint: Endpoint, query: Mapping[str, Any]) -> Answer:
    return (await line.call(endpoint, query=query)).result


def _own(listed: object, key: str, serial: str) -> Mapping[str, Any]:
    """The entry of our gateway: an account may have several."""
    return next((entry for entry in entries(listed) if entry.get(key) == serial), {})


def _own_site(sites: object, serial: str) -> Mapping[str, Any]:
    for site in entries(sites):
        if _own(site.get("basicDeviceInfoVOList"), "gatewayId", serial):
            return records(site)
    return {}
