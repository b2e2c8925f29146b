"""The served homes of the API's tests, for those who come with bad intentions."""

from __future__ import annotations

from tests.api.conftest import opened, roof, scripted_family_is_installed  # they put their toys on the path

__all__ = ["opened", "roof", "scripted_family_is_installed"]
