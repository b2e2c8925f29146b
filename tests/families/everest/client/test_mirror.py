"""What is kept of what a server says."""

from __future__ import annotations

from ohmstead.families.everest.client.mirror import MOST_PLACES, Mirror
from ohmstead.families.everest.schema.enums import EVSEStateEnum
from ohmstead.families.everest.schema.extensions import ConnectorStatusObj, EVSEConnectorStatusChangedObj
from ohmstead.families.everest.schema.objects import MeterDataObj, PhaseEnergies
from ohmstead.families.everest.schema.results import EVSEMeterDataChangedObj


def plug(evse: int, index: int, *, connected: bool = False) -> EVSEConnectorStatusChangedObj:
    status = ConnectorStatusObj(
        index=index,
        available=True,
        connected=connected,
        active=False,
        state=EVSEStateEnum.UNPLUGGED,
        error_present=False,
    )
    return EVSEConnectorStatusChangedObj(evse_index=evse, connector_index=index, connector_status=status)


def test_a_server_that_makes_up_ever_new_places_is_not_stored() -> None:
    mirror = Mirror()
    for number in range(3 * MOST_PLACES):
        mirror.announced(plug(1, number))
        mirror.announced(plug(number, 1))
    mirror.announced(plug(1, 1, connected=True))

    assert len(mirror.evses) == MOST_PLACES
    assert len(mirror.evses[1].connectors) == MOST_PLACES
    assert mirror.evses[1].connectors[1].connected


def test_no_stamp_is_kept_of_an_evse_that_is_not_kept() -> None:
    mirror = Mirror()
    meter = MeterDataObj(energy_Wh_import=PhaseEnergies(total=1.0), timestamp="2026-06-21T08:00:00.000Z")
    for number in range(3 * MOST_PLACES):
        mirror.announced(EVSEMeterDataChangedObj(evse_index=number, meter_data=meter))

    assert len(mirror._announced_at) == len(mirror.evses) == MOST_PLACES
