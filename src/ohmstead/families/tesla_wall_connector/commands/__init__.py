"""`ohmstead tesla-wall-connector …`: what only this family can do from the command line."""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.commands import decoding, meter_port, reading, setting, window
from ohmstead.families.tesla_wall_connector.commands.group import tesla_wall_connector

__all__ = ["decoding", "meter_port", "reading", "setting", "tesla_wall_connector", "window"]
