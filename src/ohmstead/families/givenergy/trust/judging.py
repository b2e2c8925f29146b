"""One judge for all devices of a plant. Pure but for what it remembers; time comes with each page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import msgspec

from ohmstead.families.givenergy.trust import pages, physics
from ohmstead.families.givenergy.trust.battery import Pack, Patience
from ohmstead.families.givenergy.trust.physics import Thresholds
from ohmstead.families.givenergy.trust.verdict import STORE, Action, Reason, Verdict
from ohmstead.families.givenergy.types import Bank
from ohmstead.kit.wire.tables import Words

log = logging.getLogger(__name__)

SILENT: Final = frozenset({Reason.FOREIGN, Reason.COLD_START})
"""Common on healthy plants: the answers of empty places, and every start."""
QUIET: Final = timedelta(seconds=300)
"""A noisy bus is reported this often."""


class Counters(msgspec.Struct):
    """What happened to the pages of one device."""

    crc_failure_count: int = 0
    splice_reject_count: int = 0
    splice_held_count: int = 0
    retry_count: int = 0
    cold_start_held_count: int = 0


class Trust:
    """Judges the pages of every device of a plant.

    `splice_heal_seconds`: how long a changed number of cells, or firmware, has to persist before it is believed.
    `splice_reject_heal_seconds`: the same for several voltages or capacities that jumped at once; None: never.
    """

    def __init__(
        self,
        *,
        splice_heal_seconds: float = 900.0,
        splice_reject_heal_seconds: float | None = None,
        thresholds: Thresholds | None = None,
    ) -> None:
        self._thresholds = thresholds or Thresholds()
        self._patience = Patience(constants_s=splice_heal_seconds, jumps_s=splice_reject_heal_seconds)
        self._packs: dict[int, Pack] = {}
        self._counters: dict[int, Counters] = {}
        self._warned_at: dict[int, datetime] = {}

    def judge(self, reply: pages.Reply, cache: Words, at: datetime) -> Verdict:
        """Whether a read reply with a valid CRC may be stored. `cache`: what is known of its device."""
        is_pack = pages.is_battery_page(reply)
        doubt = _doubt(reply, cache, is_pack=is_pack)
        if doubt is not None:
            verdict = Verdict(Action.DROP, doubt)
        elif is_pack:
            known = cache.words(Bank.IR, pages.BATTERY_BASE, pages.FULL)
            verdict = self._pack(reply.device).judge(reply.words, known, at)
        else:
            return STORE
        if verdict is not STORE:
            self._note(reply.device, verdict, at)
        return verdict

    def counters(self, device: int) -> Counters:
        return self._counters.setdefault(device, Counters())

    def all_counters(self) -> Mapping[int, Counters]:
        return self._counters

    def held(self, device: int) -> tuple[int, ...] | None:
        """The battery page that waits to be believed."""
        pack = self._packs.get(device)
        return None if pack is None else pack.held

    def forget(self, device: int) -> None:
        """Start afresh with a device: it was taken away, or another stands in its place."""
        self._packs.pop(device, None)

    def seen_again(self, device: int, at: datetime) -> None:
        """The page that is known came once more, byte for byte: there is nothing to judge."""
        pack = self._packs.get(device)
        if pack is not None:
            pack.believe(at)

    def _pack(self, device: int) -> Pack:
        pack = self._packs.get(device)
        if pack is None:
            pack = self._packs[device] = Pack(self._thresholds, self._patience)
        return pack

    def _note(self, device: int, verdict: Verdict, at: datetime) -> None:
        counters = self.counters(device)
        if verdict.reason is Reason.COLD_START:
            counters.cold_start_held_count += 1
        elif verdict.action is Action.HOLD:
            counters.splice_held_count += 1
        elif verdict.reason in SPLICED:
            counters.splice_reject_count += 1
        if verdict.reason in SILENT:
            return
        warned_at = self._warned_at.get(device)
        is_new = warned_at is None or at - warned_at >= QUIET
        if is_new:
            self._warned_at[device] = at
        level = logging.WARNING if is_new else logging.DEBUG
        log.log(level, "a page of device 0x%02x was not believed: %s", device, verdict.reason)


SPLICED: Final = frozenset(
    {Reason.CELLS_ZERO, Reason.TEMPERATURES_ZERO, Reason.OTHER_SERIAL, Reason.JUMPS, Reason.NETWORK_BYTES}
)


def _doubt(reply: pages.Reply, cache: Words, *, is_pack: bool) -> Reason | None:
    """What speaks against a page whatever came before it, in the order of the rules."""
    if pages.holds_network_bytes(reply):
        return Reason.NETWORK_BYTES
    if pages.is_zeroed(reply, cache):
        return Reason.ZEROS
    if is_pack and physics.is_impossible(reply.words):
        return Reason.CELLS_ZERO
    if pages.is_foreign(reply):
        return Reason.FOREIGN
    if reply.device in pages.BATTERIES and reply.bank is Bank.IR:
        return Reason.TEMPERATURES_ZERO if physics.has_cold_cells(reply.base, reply.words) else None
    return None
