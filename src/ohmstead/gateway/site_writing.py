"""Writes a site file so that a power cut leaves the old file or the new one."""

from __future__ import annotations

from ohmstead.gateway.site_file import SiteFile, parse_site_file
from ohmstead.kit.files import replace_file
from ohmstead.kit.libraries import brought_by


def write_site_file(site_file: SiteFile) -> None:
    """Bring the file to what the value says; keys at their defaults are not added. Raises `ConfigError`, and writes
    nothing, if the result could not be read again.
    """
    with brought_by("site", "A change of the site file"):
        from ohmstead.gateway.site_document import changed_to  # noqa: PLC0415 - its library serves editing alone

    path = site_file.path
    text = changed_to(path.read_text() if path.exists() else "", site_file)
    parse_site_file(path, text.encode(), faces=site_file.faces)
    replace_file(path, text.encode())
