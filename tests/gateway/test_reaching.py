"""A device that somebody tries from outside is looked for in the home network, and at its vendor's."""

from __future__ import annotations

import pytest

from ohmstead.gateway import staying_reachable
from ohmstead.kit.link import tcp
from ohmstead.model import Unreachable
from ohmstead.testing import warped


@warped
async def test_while_it_is_opened_nothing_is_dialled_that_leads_out_of_the_home() -> None:
    with staying_reachable("hoymiles://charger.example"):
        for host in ("203.0.113.9", "charger.example", "energy.franklinwh.com"):
            with pytest.raises(Unreachable, match=rf"'{host}' is no address in the home network"):
                async with tcp(host, 80)():
                    pass


@warped
async def test_its_vendors_cloud_is_no_place_to_stay_away_from() -> None:
    with staying_reachable("franklinwh://user%40example.com@"):
        with pytest.raises(
            Unreachable, match=r"no address is known for 'energy.franklinwh.com'"
        ):  # not on this loop
            async with tcp("energy.franklinwh.com", 443)():
                pass
        with pytest.raises(Unreachable, match=r"'cloud.example' is no address in the home network"):
            async with tcp("cloud.example", 443)():
                pass
