"""The gateway as HTTP and WebSocket: one contract table, from which routes, checks and the OpenAPI document come."""

from __future__ import annotations

from ohmstead.api.contract import Route
from ohmstead.api.feeds import Feed
from ohmstead.api.openapi import document
from ohmstead.api.pages import Page
from ohmstead.api.problems import Problem
from ohmstead.api.routes import LIVE, ROUTES
from ohmstead.api.server import Served, serve
from ohmstead.api.settings import ApiSettings

__all__ = [
    "LIVE",
    "ROUTES",
    "ApiSettings",
    "Feed",
    "Page",
    "Problem",
    "Route",
    "Served",
    "document",
    "serve",
]
