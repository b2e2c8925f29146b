"""The way to a gateway leads through its owner's account in the cloud: nothing in the home network answers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

from ohmstead.families.franklinwh.config import SCHEME
from ohmstead.model import Found, Services

WAY = Found(
    family=SCHEME,
    url=f"{SCHEME}://{{account}}@/",
    title="A gateway in your FranklinWH account (it is not looked for: the app's e-mail address and password open it)",
    needs=("account", "password"),
)


async def discover(
    network: str,  # noqa: ARG001 - the card's shape
    services: Services,  # noqa: ARG001 - as above
    spared: Collection[str] = (),
) -> AsyncIterator[Found]:
    """Asks nobody. A home whose gateway is known is not offered another one."""
    if not any(place.endswith("@") or "@" in place for place in spared):
        yield WAY
