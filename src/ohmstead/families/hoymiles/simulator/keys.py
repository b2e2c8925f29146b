"""What a simulated DTU seals its frames with."""

from __future__ import annotations

from random import Random

from ohmstead.families.hoymiles.crypto import SEED_BYTES, Cipher


class Keys:
    """Drawn anew at each start. The seed is told to whoever asks."""

    def __init__(self, random: Random, *, encrypts: bool) -> None:
        self.seed = b""
        self.cipher: Cipher | None = None
        """`None` where the firmware does not encrypt."""
        self._random = random
        self._encrypts = encrypts
        self.draw()

    def draw(self) -> None:
        self.seed = self._random.randbytes(SEED_BYTES)
        self.cipher = Cipher(self.seed) if self._encrypts else None
