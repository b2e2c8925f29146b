"""Blueprint: an invented inverter, the smallest whole family. `ohmstead family new NAME` starts from this folder."""

from __future__ import annotations

from ohmstead.families._blueprint.client import Client
from ohmstead.families._blueprint.messages import Info, Live

__all__ = ["Client", "Info", "Live"]
