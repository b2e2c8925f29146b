"""Finds families and loads what their cards name: the one sanctioned dynamic import."""

from __future__ import annotations

from ohmstead.kit.registry.families import families, family, family_of_url, served_tables
from ohmstead.kit.registry.loading import load
from ohmstead.kit.registry.opening import config_from_table, connect
from ohmstead.kit.registry.services import LocalServices

__all__ = [
    "LocalServices",
    "config_from_table",
    "connect",
    "families",
    "family",
    "family_of_url",
    "load",
    "served_tables",
]
