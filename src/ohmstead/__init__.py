"""Ohmstead runs a home's energy.

Importing this package loads nothing heavy. A family is a library of its own
(`from ohmstead.families.hoymiles import Client`); `connect` opens any device by its URL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from ohmstead.model import Services, Source

__version__ = "0.1.0"
__all__ = ["__version__", "connect"]


def connect(url: str, services: Services | None = None) -> AbstractAsyncContextManager[Source]:
    """Open the device behind a URL such as `hoymiles://192.0.2.7`, for `async with`.

    Without `services` it runs on the real clock, keeps budgets in memory and captures nothing.
    Raises `ConfigError` for a URL no family knows; the device's own errors come from entering the context.
    """
    from ohmstead.kit.registry import connect as open_source  # noqa: PLC0415 - keeps `import ohmstead` light

    return open_source(url, services)
