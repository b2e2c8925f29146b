"""Every family keeps every promise, each on its own simulator. One family: `pytest tests/contract -k acme`."""

from __future__ import annotations

import pytest

from ohmstead.families._blueprint.card import FAMILY as BLUEPRINT
from ohmstead.kit.registry import families
from ohmstead.testing import contract

pytestmark = pytest.mark.long

ALL = [promise for card in (*families().values(), BLUEPRINT) for promise in contract.promises(card)]


@pytest.mark.parametrize("promise", ALL, ids=str)
def test_a_family_keeps_its_promise(promise: contract.Promise) -> None:
    promise.keep()
