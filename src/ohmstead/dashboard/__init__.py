"""The page a person looks at: static files, served by whoever is handed `pages()`. No build step, no other host."""

from __future__ import annotations

from ohmstead.dashboard.manifest import StaticFile, pages

__all__ = ["StaticFile", "pages"]
