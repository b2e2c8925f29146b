"""Turns the DTU's words into ours. The only room that knows both."""

from __future__ import annotations

from ohmstead.families.hoymiles.device.opening import connect
from ohmstead.families.hoymiles.device.source import CONTRACT, HoymilesSource
from ohmstead.families.hoymiles.device.storage import StorageSource

__all__ = ["CONTRACT", "HoymilesSource", "StorageSource", "connect"]
