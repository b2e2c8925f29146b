"""How newer firmware seals its payloads: AES-128-GCM under a key from a seed that the DTU draws anew at every start.

Id and sequence of the frame are in the nonce, so a request and its answer never share one; a number that comes again
within one start would repeat a nonce, which is why a client's numbers go on over connections. Source: two published
clients that agree, owners' reports.
"""

from __future__ import annotations

from struct import Struct
from typing import Final, Protocol

from ohmstead.kit.libraries import brought_by

ENCRYPTION_FLAG: Final = 1 << 25
"""Of a DTU's feature flags."""
SEED_BYTES: Final = 16
TAG_BYTES: Final = 16
KEY_BYTES: Final = 16
NONCE_BYTES: Final = 12

_IDENTITY: Final = Struct("<HH")
"""Little-endian here, though the header is big-endian."""


class Seeded(Protocol):
    """What the inventory says of a DTU."""

    feature_flags: int
    encryption_seed: bytes


def cipher_of(dtu: Seeded) -> Cipher | None:
    """The cipher a DTU asks for; `None` for one that speaks clear text, or has no whole seed to speak otherwise."""
    if dtu.feature_flags & ENCRYPTION_FLAG and len(dtu.encryption_seed) == SEED_BYTES:
        return Cipher(dtu.encryption_seed)
    return None


def key_of(seed: bytes) -> bytes:
    return _digest(seed)[:KEY_BYTES]


def nonce_of(seed: bytes, command_id: int, sequence: int) -> bytes:
    return _digest(associated_data(command_id, sequence) + seed)[-NONCE_BYTES:]


def associated_data(command_id: int, sequence: int) -> bytes:
    """What the tag vouches for besides the payload."""
    return _IDENTITY.pack(command_id, sequence)


class Cipher:
    """Seals and opens the payloads of one start of a DTU."""

    def __init__(self, seed: bytes) -> None:
        """Raises `ValueError` for a seed that is not of 16 bytes, and `ConfigError` without the extra `encryption`."""
        if len(seed) != SEED_BYTES:
            raise ValueError(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
        with brought_by("encryption", "A DTU that encrypts"):
            # The library is big, and most DTUs need none of it.
            from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        self._seed = seed
        self._box = AESGCM(key_of(seed))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cipher) and other._seed == self._seed

    def __hash__(self) -> int:
        return hash(self._seed)

    def seal(self, command_id: int, sequence: int, payload: bytes) -> bytes:
        """The ciphertext, of the payload's length, and the tag behind it."""
        nonce = nonce_of(self._seed, command_id, sequence)
        return self._box.encrypt(nonce, payload, associated_data(command_id, sequence))

    def open(self, command_id: int, sequence: int, sealed: bytes) -> bytes | None:
        """The payload of ciphertext and tag; `None` when the tag does not vouch for it."""
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above

        nonce = nonce_of(self._seed, command_id, sequence)
        try:
            return self._box.decrypt(nonce, sealed, associated_data(command_id, sequence))
        except InvalidTag:
            return None


def _digest(data: bytes) -> bytes:
    from hashlib import sha256  # noqa: PLC0415 - as above

    for _ in range(3):
        data = sha256(data).digest()
    return data
