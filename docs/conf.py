"""Sphinx, with furo and MyST. `make docs` builds with warnings as errors."""

from __future__ import annotations

from importlib import metadata

project = "Ohmstead"
author = "the Ohmstead authors"
release = metadata.version("ohmstead")

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
suppress_warnings = ["myst.xref_missing"]  # links to files of the repository that are no pages

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"

html_theme = "furo"
html_title = "Ohmstead"
html_copy_source = False
html_show_sphinx = False
