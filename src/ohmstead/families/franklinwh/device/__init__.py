"""The gateway as devices of the house. The only place that knows the vendor's words and ours."""

from __future__ import annotations

from ohmstead.families.franklinwh.device.opening import connect
from ohmstead.families.franklinwh.device.source import FranklinWHSource

__all__ = ["FranklinWHSource", "connect"]
