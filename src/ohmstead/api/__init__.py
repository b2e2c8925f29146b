"""The gateway as HTTP and WebSocket: one contract table, from which routes, checks and the OpenAPI document come."""

from __future__ import annotations

from ohmstead.api.contract import Route, Scope
from ohmstead.api.openapi import document
from ohmstead.api.pages import Page
from ohmstead.api.problems import Problem
from ohmstead.api.routes import LIVE, ROUTES
from ohmstead.api.server import Served, serve

__all__ = ["LIVE", "ROUTES", "Page", "Problem", "Route", "Scope", "Served", "document", "serve"]
