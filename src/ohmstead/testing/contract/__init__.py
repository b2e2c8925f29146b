"""What every family promises, as one suite over its card; for families of this tree and of others.

    @pytest.mark.parametrize("promise", contract.promises(FAMILY), ids=str)
    def test_the_family_keeps_its_promises(promise: contract.Promise) -> None:
        promise.keep()

Each promise runs against the family's own simulator, on a real loopback socket, in a warped loop.
"""

from __future__ import annotations

from ohmstead.testing.contract.promise import Broken, Promise
from ohmstead.testing.contract.suite import promises

__all__ = ["Broken", "Promise", "promises"]
