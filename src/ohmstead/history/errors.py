"""What can go wrong with the memory of the house."""

from __future__ import annotations

from ohmstead.model import OhmsteadError


class HistoryError(OhmsteadError):
    """The history cannot answer, or cannot be opened; the message says what to try."""


class FullDisk(HistoryError):
    """There is no room for what was to be written."""


class NewerHistory(HistoryError):
    """The file was written by a later version of this program and is left untouched."""


class NotStored(HistoryError):
    """Samples that were waited for did not reach the disk: the buffer was full, or the history was closed."""


class DamagedBlob(HistoryError):
    """Stored bytes fail their checksum. Callers skip the blob and go on."""
