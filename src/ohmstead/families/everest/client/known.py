"""What hardly ever changes of a charge point. Who still knows it asks only for what does.

Of references alone: a server of ours tells everything in one answer, and need not be remembered.

The greeting is asked for all the same, always first, and its answer is what tells another charge point: the interface drops
whoever sends anything else before `API.Hello`, and announces nothing to those who have not greeted. Nor does a reference
tell status and meter in one answer. So the first reading after a restart takes two requests of a server of ours, and one
and two for each EVSE of a reference, however much is remembered.
"""

from __future__ import annotations

import msgspec

from ohmstead.families.everest.client.mirror import EvseView, Mirror
from ohmstead.families.everest.schema.objects import EVSEInfoObj, HardwareCapabilitiesObj
from ohmstead.families.everest.schema.results import HelloResObj


class KnownEvse(msgspec.Struct, frozen=True, kw_only=True):
    info: EVSEInfoObj
    hardware_capabilities: HardwareCapabilitiesObj | None


class Known(msgspec.Struct, frozen=True, kw_only=True):
    hello: HelloResObj
    """One that answers with another is not the charge point this was learnt of, or not as it was."""
    evses: tuple[KnownEvse, ...]

    def written(self) -> str:
        return msgspec.json.encode(self).decode()

    def tell(self, mirror: Mirror) -> None:
        for evse in self.evses:
            mirror.evses[evse.info.index] = EvseView(
                info=evse.info, hardware_capabilities=evse.hardware_capabilities
            )


def read_known(text: str | None) -> Known | None:
    """None for nothing, and for what an earlier version wrote in a shape of its own."""
    try:
        return msgspec.json.decode(text or "null", type=Known | None)
    except msgspec.DecodeError:
        return None


def known_of(hello: object, mirror: Mirror) -> Known | None:
    """None where the server is no reference, or has not said yet which EVSEs there are."""
    evses = tuple(
        KnownEvse(info=view.info, hardware_capabilities=view.hardware_capabilities)
        for _, view in sorted(mirror.evses.items())
        if view.info is not None
    )
    return Known(hello=hello, evses=evses) if isinstance(hello, HelloResObj) and evses else None
