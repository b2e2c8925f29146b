"""Which gateway is meant when none is named."""

from __future__ import annotations

from ohmstead.families.franklinwh.client.session import Session
from ohmstead.families.franklinwh.errors import GatewaySelectionError
from ohmstead.families.franklinwh.facts.endpoints import GATEWAY_LIST


async def choose(session: Session) -> str:
    """The only gateway of the account. Raises `GatewaySelectionError` with what there is to choose from."""
    serials = await gateways(session)
    match serials:
        case (only,):
            return only
        case ():
            raise GatewaySelectionError("the account has no gateway.", ())
        case _:
            raise GatewaySelectionError(
                f"the account has {len(serials)} gateways; name one of them by its serial, as `gateways` of this error "
                f"lists them: {', '.join('…' + serial[-4:] for serial in serials)}.",
                serials,
            )


async def gateways(session: Session) -> tuple[str, ...]:
    """The serials of the account's gateways."""
    serials = (item.get("id") for item in (await session.call(GATEWAY_LIST)).records)
    return tuple(serial for serial in serials if isinstance(serial, str) and serial)
