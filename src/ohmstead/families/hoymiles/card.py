"""The card: what the house knows of this family without loading it."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra, Family

FAMILY: Final = Family(
    name="hoymiles",
    title="Hoymiles micro-inverters",
    vendor="Hoymiles",
    schemes=("hoymiles",),
    config="ohmstead.families.hoymiles.config:HoymilesConfig",
    connect="ohmstead.families.hoymiles.device:connect",
    simulate="ohmstead.families.hoymiles.simulator:simulate",
    capture="ohmstead.families.hoymiles.capture:HoymilesCodec",
    commands="ohmstead.families.hoymiles.commands:hoymiles",
    console="ohmstead.families.hoymiles.console:console",
    discover="ohmstead.families.hoymiles.discovery:discover",
    models=(
        "hmsw-mid",
        "hmsw-old",
        "hmsw-enc",
        "dtu-pro-s",
        "dtu-wlite-s",
        "dtu-old",
        "dtu-hmt",
        "storage-gw",
    ),
    extras=(
        Extra(name="meter", help="Fit a meter at the house connection.", flag=True),
        Extra(
            name="clock",
            help="Whether a cloud has ever told the DTU the time.",
            choices=("unset", "set"),
            default="unset",
        ),
        Extra(
            name="night",
            help="In the dark a real built-in DTU leaves the network.",
            choices=("stay", "leave"),
            default="stay",
        ),
        Extra(name="needs-poll-all", help="Serve old data unless action 33 came just before.", flag=True),
        Extra(
            name="role",
            help="Be a DTU, or the cloud that DTUs report to.",
            choices=("dtu", "cloud"),
            default="dtu",
        ),
        Extra(name="cloud", help="HOST:PORT of a server that the DTU reports to."),
        Extra(name="allow-vendor-cloud", help="Let that server be one of the vendor's.", flag=True),
        Extra(name="inverters", help="How many inverters hang on the DTU; as the model has it if not given."),
        Extra(
            name="outages",
            help="Without a cloud, look for one every three minutes and refuse local clients meanwhile, as real ones do.",
            flag=True,
        ),
        Extra(name="relay", help="As a cloud: pass everything on to the server at HOST:PORT."),
        Extra(name="utc-offset", help="As a cloud: seconds DTUs are told; 3600 if not given, 99999 is none."),
        Extra(name="acknowledge-alike", help="As a cloud: one shape for every acknowledgement.", flag=True),
        Extra(
            name="misnumber-reports", help="As a cloud: a wrong number on 230E, as the vendor's.", flag=True
        ),
    ),
    hardware=(
        "HMS-…W micro-inverters with built-in DTU, firmware V00.01.11 and newer, encrypted or not",
        "HM, HMS and HMT micro-inverters behind a DTU that listens on port 10081",
        "Meters DDSU666 and DTSU666 behind such a DTU",
        "Storage gateways with HYT hybrid inverters, read only",
    ),
)
