"""Asks a unit: on the home network, and over its own access point."""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.client.rest import Client, open_client
from ohmstead.families.tesla_wall_connector.client.tedapi import Configurator, open_configurator
from ohmstead.families.tesla_wall_connector.client.window import Window, WindowState

__all__ = ["Client", "Configurator", "Window", "WindowState", "open_client", "open_configurator"]
