"""What its owner should know of a site file that is in force: names that no device has, and what waits for the next start."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Final

from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.site_names import unknown_names
from ohmstead.model import Clock
from ohmstead.polling import Finding, Trouble

WAITS: Final = (
    "What has changed in [{table}] of the site file takes effect with the next start: start the gateway anew, or put back "
    "what was there."
)
log = logging.getLogger(__name__)


class SiteFindings:
    """Remembers with what the gateway began, and since when each finding stands."""

    def __init__(self, began_with: SiteFile, clock: Clock) -> None:
        self.findings: tuple[Finding, ...] = ()
        self._began_with = began_with
        self._clock = clock

    def follow(self, site_file: SiteFile) -> None:
        before = {found.words: found for found in self.findings}
        now = self._clock.now()
        self.findings = tuple(
            before.pop(words) if words in before else _told(Finding(trouble=trouble, words=words, since=now))
            for trouble, words in _troubles(self._began_with, site_file)
        )
        for words in before:
            log.info("this is settled: %s", words)


def _told(finding: Finding) -> Finding:
    log.warning("%s", finding.words)
    return finding


def _troubles(runs: SiteFile, says: SiteFile) -> Iterator[tuple[Trouble, str]]:
    for words in unknown_names(says):
        yield Trouble.UNKNOWN_NAME, words
    for name in _changed_tables(runs, says):
        yield Trouble.RESTART, WAITS.format(table=name)


def _changed_tables(runs: SiteFile, says: SiteFile) -> Iterator[str]:
    """Those of other faces and of the history, which read theirs when they begin."""
    for name in sorted({*runs.tables, *says.tables}):
        if runs.tables.get(name) != says.tables.get(name):
            yield name
    if runs.history != says.history:
        yield "history"
