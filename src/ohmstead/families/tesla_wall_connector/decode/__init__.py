"""Opens saved traffic of the configuration channel, whatever shape it was saved in."""

from __future__ import annotations

from ohmstead.families.tesla_wall_connector.decode.inputs import Given, given
from ohmstead.families.tesla_wall_connector.decode.participants import Participants, participants
from ohmstead.families.tesla_wall_connector.decode.schema import message_names
from ohmstead.families.tesla_wall_connector.decode.tree import Decoded, Node, decoded

__all__ = [
    "Decoded",
    "Given",
    "Node",
    "Participants",
    "decoded",
    "given",
    "message_names",
    "participants",
]
