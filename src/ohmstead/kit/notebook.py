"""What makes the next start quicker, written down where that is possible."""

from __future__ import annotations

import logging

from ohmstead.model import OhmsteadError, Services

log = logging.getLogger(__name__)


class Notebook:
    """Of one source. A disk that takes nothing makes its next start slower, and stops nothing."""

    def __init__(self, services: Services, about: str) -> None:
        """`about`: what is written down, in words for the log."""
        self._services = services
        self._about = about
        self._is_told = False

    async def note(self, key: str, text: str) -> bool:
        """Whether it is remembered. That it is not is logged once, until it is again."""
        try:
            await self._services.remember(key, text)
        except OhmsteadError as error:
            if not self._is_told:
                log.warning("%s could not be remembered: %s", self._about, error)
            self._is_told = True
            return False
        self._is_told = False
        return True
