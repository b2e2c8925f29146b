"""The options that only this family's simulator has; card and simulator read them here."""

from __future__ import annotations

from typing import Final

from ohmstead.model import Extra

QUIRKS: Final = {
    "legacy-ids": "programme ids of the first accounts, 9322 to 9324",
    "strict-crc": "a tunnel request with a wrong length or checksum is not answered",
    "strict-partial": "the circuits' record is refused when a part of it is missing",
    "strict-permissions": "circuits are refused where none is fitted",
    "strict-wire": "the generator's record has no status, as in captures",
    "circuits-v2": "the newer commands for circuits",
    "v2l-unsigned": "the vehicle port's power without its sign",
    "v2l-unlicensed": "the vehicle port's licence is off",
    "v2l-feeds-in": "a vehicle supplies the house",
    "v2l-acknowledged": "a vehicle port that may not close says yes all the same",
    "three-circuits": "without a vehicle port the third circuit is one like the others",
    "momentary": "the generator's manuSw is a push button and reads 0",
    "threshold-only": "an outage alone does not start the generator, a low charge does",
    "off-grid-codes": "run status 5 to 7 off grid",
    "token-10009": "an old token is answered with 10009",
    "no-lock": "wrong passwords do not lock the account",
    "no-control": "no control interface on the cloud's own port",
}
"""What firmware or cloud may do, on which sources disagree."""

EXTRAS: Final = (
    Extra(name="plain", help="HTTP without TLS.", flag=True),
    Extra(
        name="latency",
        help="How slow the cloud is: 1 as measured, 0 not at all.",
        default="1",
    ),
    Extra(name="account", help="E-mail of the account.", default="user@example.com"),
    Extra(name="password", help="Its made-up password.", default="secret"),
    Extra(name="token-days", help="How long a token lives.", default="7"),
    Extra(name="soc", help="Per cent in the packs.", default="60"),
    Extra(name="solar", help="Nominal W of the panels.", default="8000"),
    Extra(name="mode", help="The operating mode.", choices=("self", "tou", "backup"), default="self"),
    Extra(
        name="household",
        help="Whose load the gateway sees: one it brings along, or what the simulated home has.",
        choices=("own", "world"),
        default="own",
    ),
    Extra(
        name="v2l-control",
        help="What switches the vehicle port.",
        choices=("both", "circuit3", "generator"),
        default="both",
    ),
    Extra(name="delay-scale", help="Of the generator's start delay; 0: it starts at once.", default="1"),
    Extra(name="zone", help="IANA name of the gateway's time zone; its country's if not given."),
    Extra(
        name="circuit",
        help="The street connection of the simulated home on which the first gateway hangs.",
        default="main",
    ),
    Extra(name="outage", help="When its street is dark every day: HH:MM-HH:MM in the gateway's zone."),
    Extra(name="noise", help="W by which the polled powers are blurred.", default="0"),
    Extra(name="quirks", help=f"Any of {', '.join(QUIRKS)}, with commas between."),
)
