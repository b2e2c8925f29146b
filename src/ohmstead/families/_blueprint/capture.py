"""How this family's traffic is recorded: whole frames only, the serial number blanked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ohmstead.families._blueprint.codec import words
from ohmstead.families._blueprint.messages import Message
from ohmstead.families._blueprint.wire import Conversation, Tagged, decode, encode
from ohmstead.kit.wire import Damage


class BlueprintCodec:
    def __init__(self) -> None:
        self._conversations = {"<": Conversation(), ">": Conversation()}

    def frames(self, direction: str, data: bytes) -> Sequence[bytes]:
        found = self._conversations[direction].receive(data)
        return [encode(_blanked(item)) for item in found if not isinstance(item, Damage)]

    def describe(self, direction: str, frame: bytes) -> Mapping[str, Any]:  # Any: JSON
        tagged = decode(frame)
        return {"message": type(tagged.message).__name__, **msgspec.to_builtins(tagged.message)}


def _blanked(tagged: Tagged) -> Tagged:
    message: Message = tagged.message
    secrets = {name: "*" * 8 for name, word in words(type(message)).items() if word.secret}
    return Tagged(tagged.tag, msgspec.structs.replace(message, **secrets))
