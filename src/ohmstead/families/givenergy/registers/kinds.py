"""The kinds of value that only this protocol has: slots, clocks, serials, versions, fault words, power factors."""

from __future__ import annotations

from datetime import datetime, time
from functools import lru_cache
from typing import Final, Unpack

from ohmstead.families.givenergy import faults
from ohmstead.families.givenergy.models import FAMILIES, Model, resolve
from ohmstead.families.givenergy.types import UNSET, TimeSlot, hhmm
from ohmstead.kit.wire.tables import Codec, Field, through
from ohmstead.kit.wire.tables.codec import WIDE, Words
from ohmstead.kit.wire.tables.quantities import Said, custom, quantity, reading

LOW_BYTE: Final = 0xFF

percent_of_c: Final = quantity("% of C")
"""Hundredths of the current that empties the battery in an hour."""


SAME_AGAIN: Final = 512
"""Slots, serials and versions hardly ever change: so many are kept, which is a large plant's worth."""


def text(words: Words) -> str:
    """Two characters a register, latin-1, without NULs."""
    raw = b"".join(word.to_bytes(2, "big") for word in words)
    return raw.replace(b"\0", b"").decode("latin-1").upper()


@lru_cache(SAME_AGAIN)
def text_of(*words: int) -> str:
    return text(words)


def text_words(value: str, count: int) -> Words:
    raw = value.encode("latin-1")
    if len(raw) > 2 * count:
        raise ValueError(f"{value!r} is longer than {2 * count} characters")
    raw = raw.ljust(2 * count, b"\0")
    return tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2))


def string(address: int, count: int, **said: Unpack[Said]) -> Field[str]:
    codec: Codec[str] = through(count, text_of, lambda value: text_words(value, count), label="text")
    return custom(address, codec, **said)


def serial(address: int, **said: Unpack[Said]) -> Field[str]:
    """Ten characters that name a device; secret."""
    said["secret"] = True
    return string(address, SERIAL_WORDS, **said)


SERIAL_WORDS: Final = 5


def _time_of(raw: int) -> time | None:
    hour, minute = divmod(raw, 100)
    return time(hour, minute) if hour < 24 and minute < 60 else None


@lru_cache(SAME_AGAIN)
def slot_of(start: int, end: int) -> TimeSlot | None:
    if UNSET in (start, end):
        return None
    first, last = _time_of(start), _time_of(end)
    return None if first is None or last is None else TimeSlot(first, last)


def slot_parts(slot: TimeSlot) -> dict[str, str]:
    return {"start": slot.start.isoformat(), "end": slot.end.isoformat()}


def time_slot(address: int, **said: Unpack[Said]) -> Field[TimeSlot]:
    return custom(address, SLOT, **said)


SLOT: Final[Codec[TimeSlot]] = through(
    2,
    slot_of,
    lambda slot: (hhmm(slot.start), hhmm(slot.end)),
    plain=slot_parts,
)


def clock_of(*words: int) -> datetime | None:
    year, month, day, hour, minute, second = words
    try:
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - the inverter knows no zone
    except ValueError:
        return None


def clock_words(at: datetime) -> Words:
    if not 2000 <= at.year <= 2099:
        raise ValueError(f"the clock runs from 2000 to 2099, not {at.year}")
    return (at.year - 2000, at.month, at.day, at.hour, at.minute, at.second)


CLOCK: Final[Codec[datetime]] = through(6, clock_of, clock_words, plain=datetime.isoformat)


def clock(address: int, **said: Unpack[Said]) -> Field[datetime]:
    """The inverter's own time of day, without a zone."""
    return custom(address, CLOCK, **said)


def hex_word(address: int, **said: Unpack[Said]) -> Field[str]:
    """Four hex digits."""
    return custom(
        address, through(1, lambda raw: f"{raw:04x}", lambda digits: (int(digits, 16),), label="hex4"), **said
    )


def hex_words(address: int, **said: Unpack[Said]) -> Field[str]:
    """Eight hex digits."""
    codec: Codec[str] = through(
        2,
        lambda high, low: f"{high:04x}{low:04x}",
        lambda digits: (int(digits[:4], 16), int(digits[4:], 16)),
        label="hex8",
    )
    return custom(address, codec, **said)


def two_decimals(address: int, **said: Unpack[Said]) -> Field[str]:
    """A version such as "1.40"."""
    codec: Codec[str] = through(
        1, lambda raw: f"{raw / 100:.2f}", lambda value: (round(float(value) * 100),), label="two_decimals"
    )
    return custom(address, codec, per=100, **said)


def firmware_pair(address: int, **said: Unpack[Said]) -> Field[str]:
    """DSP and ARM firmware as the vendor writes them; the register between them is another field."""

    def encode(value: str, before: Words) -> Words:
        dsp, _, arm = value.removeprefix("D0.").partition("-A0.")
        return (int(dsp), before[1], int(arm))

    return custom(address, Codec(count=3, expression="'D0.%d-A0.%d' % ({0}, {2})", encode=encode), **said)


@lru_cache(SAME_AGAIN)
def model_of(code: int, arm_firmware: int | None) -> Model | None:
    return resolve(f"{code:04x}", arm_firmware)


def model_name(model: Model) -> str:
    return model.name


def resolved_model(address: int, firmware: int, **said: Unpack[Said]) -> Field[Model]:
    """The specific model. `firmware`: the register of the ARM firmware number; while it is not known it counts as 0."""

    def encode(_value: Model) -> Words:
        return ()

    return custom(
        address,
        reading(through(1, model_of, encode, extras=(firmware - address,), label="model", plain=model_name)),
        **said,
    )


def coarse_model(address: int, **said: Unpack[Said]) -> Field[Model]:
    codec: Codec[Model] = through(
        1, lambda code: FAMILIES.get(f"{code:04x}"[0]), lambda _value: (), label="family"
    )
    return custom(address, reading(codec), **said)


def gateway_version_of(*words: int) -> str:
    letters, numbers = text(words[:2]), words[2:]
    return letters + "".join(f"{word >> 8}{word & LOW_BYTE}" for word in numbers)


def gateway_version(address: int, **said: Unpack[Said]) -> Field[str]:
    """Letters, then four bytes each in decimal: "GAAA0014"."""

    def encode(value: str) -> Words:
        # Each digit of the text is a byte; a byte above 9 would be two digits, which no version has had.
        letters, digits = value[:-4], bytes(int(digit) for digit in value[-4:])
        return (*text_words(letters, 2), *(int.from_bytes(digits[at : at + 2], "big") for at in (0, 2)))

    return custom(address, through(4, gateway_version_of, encode), **said)


TEN_THOUSANDTHS: Final = 10000


def power_factor(address: int, **said: Unpack[Said]) -> Field[float]:
    """Raw / 10000 - 1; a raw 0 was never filled in."""

    def of(raw: int) -> float | None:
        return None if not raw or raw > 2 * TEN_THOUSANDTHS else round(raw / TEN_THOUSANDTHS - 1, 4)

    codec: Codec[float] = through(
        1, of, lambda value: (round((value + 1) * TEN_THOUSANDTHS),), label="pf_offset"
    )
    return custom(address, codec, per=TEN_THOUSANDTHS, **said)


def meter_power_factor(address: int, **said: Unpack[Said]) -> Field[float]:
    """1 - raw / 10000; a raw 0 was never filled in."""

    def of(raw: int) -> float | None:
        return None if not raw or raw > 2 * TEN_THOUSANDTHS else round(1 - raw / TEN_THOUSANDTHS, 4)

    codec: Codec[float] = through(
        1, of, lambda value: (round((1 - value) * TEN_THOUSANDTHS),), label="pf_meter"
    )
    return custom(address, codec, per=TEN_THOUSANDTHS, **said)


def fault_bits(
    address: int, table: str, *, wide: bool = False, **said: Unpack[Said]
) -> Field[tuple[str, ...]]:
    """The faults that a word, or two, report by name."""
    read = faults.reader(table)
    codec: Codec[tuple[str, ...]] = Codec(
        count=2 if wide else 1,
        plain=list,
        expression=f"faults_{table}({WIDE.expression if wide else '{0}'})",
        names={f"faults_{table}": read},
        encode=lambda value, before: (
            WIDE.encode(faults.word(table, value), before) if wide else (faults.word(table, value),)
        ),
    )
    return custom(address, codec, **said)


def nominal(address: int, unit: str, values: tuple[float, ...], **said: Unpack[Said]) -> Field[float]:
    """One of a few nominal values, by number."""

    def of(raw: int) -> float | None:
        return values[raw] if raw < len(values) else None

    codec: Codec[float] = through(
        1, of, lambda value: (values.index(value),), label=f"nominal_{unit.lower()}"
    )
    return custom(address, codec, unit=unit, **said)
