"""What a battery has taken and given in its life, from whoever counts it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.lifetime import lifetime_kwh
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.views import Battery, SinglePhaseInverter
from ohmstead.families.givenergy.wire import Conversation, ReadReply

VECTORS = Path(__file__).parent / "data" / "vectors.json"


@pytest.fixture(scope="module")
def captures() -> dict[str, dict[int, RegisterCache]]:
    found: dict[str, dict[int, RegisterCache]] = {}
    for capture in json.loads(VECTORS.read_text(encoding="utf-8"))["captures"]:
        caches = found[capture["source"]] = {}
        for _, direction, text in capture["lines"]:
            for message in Conversation().receive(bytes.fromhex(text)) if direction == "rx" else ():
                if isinstance(message, ReadReply):
                    cache = caches.setdefault(message.device, RegisterCache())
                    cache.store(message.bank, message.base, message.words)
    return found


@pytest.mark.parametrize(
    ("source", "charged_kwh", "discharged_kwh"),
    [
        ("hybrid_gen1", 1843.0, 1571.1),
        ("hybrid_gen2", 3653.2, 3744.5),
        ("ac_coupled", 3161.3, 2528.5),
        ("hybrid_hv_gen3", None, None),
    ],
)
def test_captured_units_say_it_themselves_or_through_their_packs(
    captures: dict[str, dict[int, RegisterCache]],
    source: str,
    charged_kwh: float | None,
    discharged_kwh: float | None,
) -> None:
    caches = captures[source]
    packs = [Battery(caches[at].pages()) for at in range(0x32, 0x38) if at in caches]
    assert lifetime_kwh(SinglePhaseInverter(caches[0x11].pages()), packs) == (charged_kwh, discharged_kwh)


def test_packs_that_do_not_make_the_throughput_are_not_believed(
    captures: dict[str, dict[int, RegisterCache]],
) -> None:
    inverter, pack = captures["hybrid_gen2"][0x11].copy(), captures["hybrid_gen2"][0x32].copy()
    throughput = inverter.words(Bank.IR, 6, 2)
    assert throughput is not None
    inverter.store(Bank.IR, 6, (throughput[0] + 1, throughput[1]))
    view = SinglePhaseInverter(inverter.pages())
    assert lifetime_kwh(view, [Battery(pack.pages())]) == (None, None)
    assert lifetime_kwh(view, []) == (None, None)
