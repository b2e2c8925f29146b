"""The composition root: what a user starts, put together from every other room."""

from __future__ import annotations
