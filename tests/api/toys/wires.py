"""A client's socket, as far as the live stream knows it."""

from __future__ import annotations

import json

from ohmstead.kit.wire.websocket import FrameReader, Message


class ScriptedWire:
    """Takes what is written at once while it `reads`, and holds it otherwise."""

    def __init__(self) -> None:
        self.reads = True
        self.is_cut = False
        self.frames: list[bytes] = []
        self.held_bytes = 0

    def write(self, data: bytes) -> None:
        assert not self.is_cut
        self.frames.append(data)
        if not self.reads:
            self.held_bytes += len(data)

    def get_write_buffer_size(self) -> int:
        return 0 if self.reads else self.held_bytes

    def is_closing(self) -> bool:
        return self.is_cut

    def abort(self) -> None:
        self.is_cut = True

    def read(self) -> None:
        """Take all that is held, and everything from now on."""
        self.reads, self.held_bytes = True, 0

    def heard(self) -> list[dict[str, object]]:
        reader = FrameReader(is_server=False, limit_bytes=1 << 30)
        found = [message for frame in self.frames for message in reader.receive(frame)]
        assert all(isinstance(message, Message) and message.is_text for message in found)
        return [json.loads(message.data) for message in found if isinstance(message, Message)]
