"""Each feature that the reference lacks, row by row of the manual's table: as a client sees it that has opted in, and as
one that knows nothing of us and holds every frame against the makers' description.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ohmstead.families.everest.server import RpcSettings
from ohmstead.testing import run
from tests.families.everest.bench import EVERYTHING, Caller
from tests.families.everest.features import doors, telling, wishes
from tests.families.everest.features.site import Site, opened
from tests.families.everest.test_manual import rows

View = Callable[[Site], Awaitable[None]]
Look = Callable[[Site, Caller], Awaitable[None]]

LOCKED = RpcSettings(authentication=True)
MIXED = RpcSettings(
    authentication=True,
    anonymous_scope=("read",),
    method_scopes={
        "EVSE.EnableConnector": "control",
        "ChargePoint.GetActiveErrors": "none",
        "EVSE.SetACChargingPhaseCount": "admin",
    },
)


class Feature(msgspec.Struct, frozen=True):
    """By what is to be seen of it."""

    ours: View
    plain: View
    settings: RpcSettings = RpcSettings()


def alike(look: Look) -> Feature:
    """Of which both see the same: nothing has to be asked for."""

    async def ours(site: Site) -> None:
        async with site.ours(*EVERYTHING) as caller:
            await look(site, caller)

    async def plain(site: Site) -> None:
        async with site.plain() as caller:
            await look(site, caller)

    return Feature(ours, plain)


FEATURES: Mapping[str, Feature] = {
    "TLS": Feature(doors.tls_ours, doors.tls_plain),
    "authentication": Feature(doors.authentication_ours, doors.authentication_plain, LOCKED),
    "guessing": Feature(doors.guessing_ours, doors.guessing_plain, LOCKED),
    "tokens made and taken back": Feature(doors.tokens_ours, doors.tokens_plain, LOCKED),
    "what needs a token, and which": Feature(doors.settings_ours, doors.settings_plain, MIXED),
    "permission scopes": Feature(doors.scopes_ours, doors.scopes_plain),
    "web pages": Feature(
        doors.origin_ours, doors.origin_plain, RpcSettings(origins=("https://panel.example",))
    ),
    "AC parameters": alike(telling.ac_seen),
    "DC parameters and status": alike(telling.dc_seen),
    "display parameters": alike(telling.display_seen),
    "version, meter's serial number, neutral current, sub-type of errors": alike(telling.identity_seen),
    "vendor's id of an error, `applied` with `limited_by`": Feature(
        telling.details_ours, telling.details_plain
    ),
    "too much": Feature(wishes.strict_ours, wishes.strict_plain),
    "a limit for a while": alike(wishes.expiring_seen),
    "remembered limits": alike(wishes.remembered_seen),
    "current, phases and allowance at once": Feature(wishes.combined_ours, wishes.combined_plain),
    "who limits": Feature(wishes.limits_ours, wishes.limits_plain),
    "several connectors": Feature(wishes.connectors_ours, wishes.connectors_plain),
    "announcements for slow clients": Feature(wishes.subscribe_ours, wishes.subscribe_plain),
    "everything at once": Feature(wishes.snapshot_ours, wishes.snapshot_plain),
    "an index by its old name": alike(wishes.alias_seen),
    "malformed JSON": alike(telling.json_seen),
    "requests of more than 4 kB, or in several frames": alike(telling.big_seen),
    "batches of more than 100 requests": alike(telling.batches_seen),
    "closing": alike(telling.closing_seen),
    "kind of frames": Feature(telling.frames_ours, telling.frames_plain),
}


def test_every_row_of_the_manuals_table_is_looked_at_and_no_other() -> None:
    assert [row[0] for row in rows("feature")] == list(FEATURES)


Visit = Callable[[View, RpcSettings], None]


@pytest.fixture
def visit(
    vectors: Mapping[str, Any],
    interface: Mapping[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Visit:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    async def looked_at(look: View, settings: RpcSettings) -> None:
        async with opened(vectors["fixture"], interface, tmp_path, settings) as site:
            await look(site)

    return lambda look, settings: run(looked_at(look, settings))


@pytest.mark.parametrize("name", FEATURES)
def test_a_client_that_has_opted_in_has_each_feature(name: str, visit: Visit) -> None:
    visit(FEATURES[name].ours, FEATURES[name].settings)


@pytest.mark.parametrize("name", FEATURES)
def test_a_plain_client_sees_of_each_feature_what_the_interface_allows(name: str, visit: Visit) -> None:
    visit(FEATURES[name].plain, FEATURES[name].settings)
