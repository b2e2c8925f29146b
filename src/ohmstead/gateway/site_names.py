"""The names of devices that `[site]` says beside the devices themselves: on which circuit they hang, whose meters count.

A name that no device has is valid, so that no removed device takes the file out of force; it is told in words instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from ohmstead.gateway.site_file import SiteFile
from ohmstead.gateway.site_keys import meant
from ohmstead.model import Circuit, DeviceConfig, Site


def unknown_names(site_file: SiteFile) -> tuple[str, ...]:
    """What to say of each name that no device has: where it stands, and what to do."""
    known = {config.name for config in site_file.devices}
    places: dict[str, list[str]] = {}
    for role, masters in site_file.site.masters.items():
        for name in masters:
            places.setdefault(name, []).append(f"under {role} of [site.masters]")
    for circuit in site_file.site.circuits:
        for name in circuit.sources:
            places.setdefault(name, []).append(f"on the circuit {circuit.name!r}")
    return tuple(_words(name, where, known) for name, where in places.items() if name not in known)


def _words(name: str, where: Sequence[str], known: set[str]) -> str:
    choice = meant(name, known) if known else "there is none yet."
    return (
        f"The site file names {name!r} {', '.join(where)}, and no device is called that; {choice} Put a device's name "
        "there, or take it out."
    )


def with_names_of(site: Site, before: Sequence[DeviceConfig], after: Sequence[DeviceConfig]) -> Site:
    """The site, where devices have been renamed or removed: no name of theirs stays behind. A role whose last master is
    removed is measured by all that are left.
    """
    kept = {config.name for config in after}
    by_url = {config.url: config.name for config in after}
    now = {config.name: by_url.get(config.url, "") for config in before if config.name not in kept}
    if not now:
        return site
    masters = {role: (names, _renamed(names, now)) for role, names in site.masters.items()}
    return msgspec.structs.replace(
        site,
        masters={role: left for role, (names, left) in masters.items() if left or not names},
        circuits=tuple(_circuit(circuit, now) for circuit in site.circuits),
    )


def _circuit(circuit: Circuit, now: Mapping[str, str]) -> Circuit:
    return msgspec.structs.replace(circuit, sources=_renamed(circuit.sources, now))


def _renamed(names: Sequence[str], now: Mapping[str, str]) -> tuple[str, ...]:
    called = (now.get(name, name) for name in names)
    return tuple(name for name in called if name)
