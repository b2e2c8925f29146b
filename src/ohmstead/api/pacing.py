"""How often one address may ask: enough for a page and a few scripts, too little to wear the house out."""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from typing import Final

import msgspec

from ohmstead.api.problems import Declined

BURST: Final = 600
PER_SECOND: Final = 100
ADDRESSES: Final = 4096


class _Bucket(msgspec.Struct):
    tokens: float
    at_s: float


class Pace:
    """One bucket for each address, filled steadily up to a burst."""

    def __init__(self, *, burst: int = BURST, per_second: int = PER_SECOND) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str, now_s: float) -> None:
        """Count one request. Raises `Declined` when there were too many."""
        bucket = self._buckets.setdefault(address, _Bucket(self._burst, now_s))
        self._buckets.move_to_end(address)
        while len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        bucket.tokens = min(self._burst, bucket.tokens + (now_s - bucket.at_s) * self._per_second)
        bucket.at_s = now_s
        if bucket.tokens < 1:
            raise Declined(
                HTTPStatus.TOO_MANY_REQUESTS,
                f"More than {self._per_second} requests a second; ask less often, or listen to /api/v1/live.",
                retry_after_s=1,
            )
        bucket.tokens -= 1
