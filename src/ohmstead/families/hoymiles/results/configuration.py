"""The configuration image, whose text never shows a secret."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from ohmstead.families.hoymiles import protos
from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.results.instants import instant


class _Settings(msgspec.Struct, frozen=True):
    dtu_serial: str
    utc_offset_s: int
    time_unix_s: int
    power_limit_pct: float | None
    server_send_time_min: int
    server_domain: str
    server_port: int
    net_mode: int
    access_mode: int
    wifi_quality_pct: int
    meter_kind: str
    meter_interface: str


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The settings most people ask for. `image` is all of it, passwords in clear: this struct's text blanks them."""

    settings: _Settings
    received_at: datetime
    image: protos.config.ConfigGetFromDtu

    @property
    def dtu_serial(self) -> str:
        return self.settings.dtu_serial

    @property
    def power_limit_pct(self) -> float | None:
        """Of the whole DTU; `None` where the firmware does not say."""
        return self.settings.power_limit_pct

    @property
    def clock(self) -> datetime | None:
        return instant(self.settings.time_unix_s)

    def shown(self) -> dict[str, str | int | float]:
        """Every field that is set, by name, scaled, secrets blanked."""
        from ohmstead.families.hoymiles.facts import facts  # noqa: PLC0415 - brings protobuf along

        found: dict[str, str | int | float] = {}
        for field, raw in self.image.ListFields():
            fact = facts(protos.config.ConfigGetFromDtu)[field.name]
            blanked = fact.secrecy in (protos.facts.Secrecy.SECRET, protos.facts.Secrecy.SERIAL)
            found[fact.name] = "***" if blanked else raw if isinstance(raw, str) else fact.value(raw)
        return found

    def __repr__(self) -> str:
        return f"Config({self.shown()})"


_decode_settings: Final = decoder(lambda: protos.config.ConfigGetFromDtu, _Settings)


def config(message: protos.config.ConfigGetFromDtu, received_at: datetime) -> Config:
    return Config(settings=_decode_settings(message), received_at=received_at, image=message)
