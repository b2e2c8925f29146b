"""The configuration image a DTU keeps: read whole, written whole, and not numbered alike in the two directions."""

from __future__ import annotations

from typing import Final

from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu, ConfigSetToDtu
from ohmstead.families.hoymiles.simulator.profiles import Profile

DTU_UTC_OFFSET_S: Final = 3600
WIFI: Final = 1
WIFI_QUALITY_PCT: Final = 62
UNCONNECTED_CLOUD: Final = ("dataeu.hoymiles.com", 10081)
"""What every unit has configured; the simulator never calls there."""

WRITTEN: Final = frozenset(field.name for field in ConfigSetToDtu.DESCRIPTOR.fields)
STORED: Final = tuple(
    field.name
    for field in ConfigGetFromDtu.DESCRIPTOR.fields
    if field.name in WRITTEN and field.name not in ("utc_offset", "time", "dtu_serial")
)
"""What a write replaces. Names are the same on both sides, numbers are not."""
NETWORK: Final = tuple(
    name
    for name in STORED
    if name.startswith(("net_mode", "wifi_", "dhcp", "ip_", "netmask_", "gateway_", "dns_", "apn_"))
)
"""Fields whose change takes the link down for a while."""


def factory_image(profile: Profile, dtu_serial: str) -> ConfigGetFromDtu:
    domain, port = UNCONNECTED_CLOUD
    image = ConfigGetFromDtu(
        utc_offset=DTU_UTC_OFFSET_S,
        net_mode=WIFI,
        server_send_time=profile.upload_min,
        wifi_quality=WIFI_QUALITY_PCT,
        server_port=port,
        apn_set="CMNET",
        wifi_ssid="SimulatedHome",
        wifi_password="not-a-real-key",  # noqa: S106 - a made-up one
        server_domain=domain,
        dtu_serial=dtu_serial,
        access_mode=WIFI,
        dhcp=1,
        apn_name="NONE",
        apn_password="NONE",  # noqa: S106 - as above
        ap_ssid=f"DTUBI-{dtu_serial}",
        ap_password="not-a-real-key",  # noqa: S106 - as above
    )
    for octet, value in enumerate((192, 0, 2, 7)):
        setattr(image, f"wifi_ip_{octet}", value)
    for octet, value in enumerate((0x02, 0x00, 0x5E, 0x10, 0x00, 0x01)):
        setattr(image, f"wifi_mac_{octet}", value)
    return image


def store(image: ConfigGetFromDtu, written: ConfigSetToDtu) -> bool:
    """Take over everything; what is absent becomes zero. Whether the network changed."""
    before = [getattr(image, name) for name in NETWORK]
    for name in STORED:
        setattr(image, name, getattr(written, name))
    return before != [getattr(image, name) for name in NETWORK]
