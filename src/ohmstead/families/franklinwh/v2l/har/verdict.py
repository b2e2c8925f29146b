"""What a capture proves: exactly one way of switching V2L, or that it does not decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ohmstead.families.franklinwh.facts import commands
from ohmstead.families.franklinwh.v2l.har.effects import Effect, effects, follows
from ohmstead.families.franklinwh.v2l.har.entries import Entry
from ohmstead.families.franklinwh.v2l.har.evidence import Evidence, Speaks, quoted, writes
from ohmstead.families.franklinwh.v2l.har.redacting import Redactor

UNDECIDED: Final = "undecided"


class ModeChoose(msgspec.Struct, frozen=True, kw_only=True):
    """`modeChoose` of a circuits record: 3 is expected with V2L, 14 was seen without a module. Decides nothing."""

    entry: int
    where: str
    """"request" or "answer"."""
    value: int | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    verdict: str
    """A `Speaks`, or "undecided"."""
    confirmed: bool
    """An effect was seen soon after a write of that kind."""
    evidence: tuple[Evidence, ...]
    mode_choose: tuple[ModeChoose, ...]


def judged(entries: Sequence[Entry], redactor: Redactor) -> Verdict:
    """Pure; everything in the verdict is fit to be shown."""
    found = tuple(writes(entries, redactor))
    seen = tuple(effects(entries))
    deciding = [evidence for evidence in found if evidence.speaks_for is not None]
    followed = {
        evidence.speaks_for
        for evidence in deciding
        for effect in seen
        if follows(effect, evidence.entry, evidence.at_s)
    }
    kinds = {evidence.speaks_for for evidence in deciding}
    decisive = kinds if len(kinds) == 1 else followed
    winner = next(iter(decisive)) if len(decisive) == 1 else None
    shown = (quoted(effect.entry, effect.fields, _cause(effect, deciding), redactor) for effect in seen)
    return Verdict(
        verdict=winner.value if winner else UNDECIDED,
        confirmed=winner in followed,
        evidence=tuple(sorted((*found, *shown), key=lambda evidence: evidence.entry)),
        mode_choose=tuple(_mode_choose(entries)),
    )


def _cause(effect: Effect, deciding: Iterable[Evidence]) -> Speaks | None:
    """What an effect speaks for: the kind of the writes it follows, if it is one."""
    kinds = {e.speaks_for for e in deciding if follows(effect, e.entry, e.at_s)}
    return next(iter(kinds)) if len(kinds) == 1 else None


def _mode_choose(entries: Iterable[Entry]) -> Iterable[ModeChoose]:
    for entry in entries:
        if entry.command != commands.CIRCUITS.number:
            continue
        for where, fields in (("request", entry.written), ("answer", entry.told)):
            if "modeChoose" in fields:
                value = fields["modeChoose"]
                yield ModeChoose(
                    entry=entry.number, where=where, value=value if isinstance(value, int) else None
                )
