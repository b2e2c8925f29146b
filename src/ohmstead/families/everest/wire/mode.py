"""The two ways in which a server of ours can behave."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    REFERENCE = "reference"
    """As the charge-point software's own module, odd corners included: for testing clients."""
    IMPROVED = "improved"
    """Exact about numbers and parameters, and never silent about what it could not read."""
