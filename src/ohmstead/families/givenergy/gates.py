"""Three gates between a request and the wire. What does not pass all of them is never sent, nor is the rest of its batch.

The tables of registers are the law: which device has a register, which models are known to have it, who may write it
and which values the hardware takes. Nothing else knows a tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final

import msgspec

from ohmstead.families.givenergy.capabilities import INVERTER, MIRROR, THREE_PHASE, PlantCapabilities
from ohmstead.families.givenergy.errors import InvalidPduState
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.registers import TABLES
from ohmstead.families.givenergy.registers.availability import Availability, Tier, availability
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import MOST_WORDS, ReadRequest, TransparentRequest, WriteRequest
from ohmstead.kit.wire.tables import Field, Write

AC_BLOCK: Final = range(300, 360)
GRID_PROTECTION: Final = range(63, 84)
LIMITS: Final = (111, 112)
DOCUMENTED_LIMIT: Final = 50
BEYOND_DOCUMENTED: Final = ("HYBRID_GEN1", "ALL_IN_ONE")
"""Models whose units were seen to accept, and to clamp, limits above the documented 50."""
THREE_PHASE_CALIBRATION: Final = range(101, 105)
"""Settings on a single-phase unit, calibration words under the same numbers on a three-phase one."""
WRITABLE_KINDS: Final = ("inverter_single_phase", "inverter_three_phase", "gateway", "ems")


class Line(msgspec.Struct, frozen=True):
    """One writable line of a table."""

    kind: str
    name: str
    write: Write
    models: Availability

    @property
    def is_unconfirmed(self) -> bool:
        """Nobody has seen which models have it."""
        return not self.models.every and not self.models.entries


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller has opted into."""

    tiers: frozenset[Tier] = frozenset({Tier.USER})
    confirm: bool = False


USER: Final = Gate()
USER_GATED: Final = Gate(tiers=frozenset({Tier.USER, Tier.USER_GATED}))


def installer(*, confirm: bool) -> Gate:
    return Gate(tiers=frozenset(Tier), confirm=confirm)


def check_any(requests: Sequence[TransparentRequest], capabilities: PlantCapabilities | None) -> None:
    """What `execute` may send: any read, and any write of a register that owners may write somewhere.

    Raises `InvalidPduState`.
    """
    for request in requests:
        if isinstance(request, WriteRequest):
            _check_absolute(request, capabilities)
            if not {Tier.USER, Tier.USER_GATED} & {line.write.tier for line in _lines(request.register)}:
                raise InvalidPduState(f"{_called(request)} is only written by installer_command", request)
        else:
            _check_read(request)


def check_writes(
    requests: Sequence[TransparentRequest], capabilities: PlantCapabilities | None, gate: Gate
) -> None:
    """What a command may send to this plant. Raises `InvalidPduState`, naming what has the register and what to opt into."""
    for request in requests:
        if not isinstance(request, WriteRequest):
            raise InvalidPduState(f"a command only writes; {request} goes through execute", _known(request))
        _check_absolute(request, capabilities)
        _check_model(request, capabilities, gate)


def _check_read(request: TransparentRequest) -> None:
    if not isinstance(request, ReadRequest):
        raise InvalidPduState(f"{request!r} is no request", _known(request))
    if request.bank not in set(Bank):
        raise InvalidPduState(f"{request.bank!r} is no bank; there are HR, IR and MR", request)
    if not _is_within(request.device, 0, 0xFF):
        raise InvalidPduState(f"{request.device!r} is no device address; they are 0x00 to 0xff", request)
    if not _is_within(request.count, 1, MOST_WORDS):
        raise InvalidPduState(
            f"a read asks for 1 to {MOST_WORDS} registers, not for {request.count!r}", request
        )
    if not _is_within(request.base, 0, 0x10000 - request.count):
        raise InvalidPduState(f"no {request.count} registers begin at {request.base!r}", request)


def _check_absolute(request: WriteRequest, capabilities: PlantCapabilities | None) -> None:
    if request.device not in (INVERTER, MIRROR):
        raise InvalidPduState(f"writes go to device 0x{INVERTER:02x}, not to {request.device!r}", request)
    if not _is_within(request.value, 0, 0xFFFF):
        raise InvalidPduState(f"a register holds 0 to 65535, not {request.value!r}", request)
    is_three_phase = capabilities is not None and capabilities.is_three_phase
    is_calibration = is_three_phase and request.register in THREE_PHASE_CALIBRATION
    if is_calibration or not _lines(request.register):
        raise InvalidPduState(f"register HR({request.register}) is never written", request)


def _check_model(request: WriteRequest, capabilities: PlantCapabilities | None, gate: Gate) -> None:
    line, tier = _line_for(request, capabilities)
    called = _called(request)
    if line is None or tier is None:
        where = (
            "before detect() has found the model" if capabilities is None else f"on {_model(capabilities)}"
        )
        raise InvalidPduState(f"{called} is not available {where}; {who_has_it(request.register)}", request)
    if tier not in gate.tiers:
        opt_in = "allow_gated=True" if tier is Tier.USER_GATED else "installer_command"
        raise InvalidPduState(
            f"{called} is not proven on {_model(capabilities)}; it takes {opt_in}; {who_has_it(request.register)}",
            request,
        )
    needs_confirmation = tier is Tier.DESTRUCTIVE or request.register in GRID_PROTECTION
    if needs_confirmation and not gate.confirm:
        raise InvalidPduState(
            f"{called} takes confirm=True: it cannot be taken back, or protects the grid", request
        )
    _check_value(request, line, capabilities)


def _check_value(request: WriteRequest, line: Line, capabilities: PlantCapabilities | None) -> None:
    write = line.write
    if not write.allows(request.value):
        raise InvalidPduState(
            f"{_called(request)} is {request.value}; the hardware takes {write.low} to {write.high}", request
        )
    model = None if capabilities is None else capabilities.device_type.name
    beyond = request.register in LIMITS and request.value > DOCUMENTED_LIMIT
    if beyond and model not in BEYOND_DOCUMENTED:
        raise InvalidPduState(
            f"{_called(request)} above {DOCUMENTED_LIMIT} is only taken by {' and '.join(BEYOND_DOCUMENTED)},"
            f" not by {_model(capabilities)}",
            request,
        )


def _line_for(
    request: WriteRequest, capabilities: PlantCapabilities | None
) -> tuple[Line | None, Tier | None]:
    """The line of this plant's own table, and the tier it has there."""
    kinds = _kinds(capabilities)
    for line in _lines(request.register):
        if line.kind not in kinds:
            continue
        tier = Tier(line.write.tier)
        if capabilities is None:
            if tier is not Tier.USER or request.register not in AC_BLOCK:
                return line, tier
            continue
        entry = line.models.entry(capabilities.device_type, capabilities.arm_firmware_version)
        if entry is not None:
            return line, Tier.USER_GATED if entry.opt_in and tier is Tier.USER else tier
        if line.is_unconfirmed and tier is not Tier.USER:
            return line, tier
    return None, None


def _kinds(capabilities: PlantCapabilities | None) -> tuple[str, ...]:
    if capabilities is None:
        return ("inverter_single_phase",)
    if capabilities.is_ems:
        return ("ems",)
    if capabilities.is_gateway:
        return ("inverter_single_phase", "gateway")
    return ("inverter_three_phase",) if capabilities.is_three_phase else ("inverter_single_phase",)


@cache
def _lines(register: int) -> tuple[Line, ...]:
    """Every writable line of a register, whatever device it is on."""
    return tuple(_found(register))


def _found(register: int) -> Iterator[Line]:
    for kind in WRITABLE_KINDS:
        field: Field[Any]  # Any: lines of every kind of value
        for field in TABLES[kind].lines.values():
            if field.bank == Bank.HR and field.write is not None and register in field.registers:
                yield Line(kind, field.name, field.write, availability(field.facts.models))


def _called(request: WriteRequest) -> str:
    return f"{_lines(request.register)[0].name.replace('_', ' ')} (HR {request.register})"


def _model(capabilities: PlantCapabilities | None) -> str:
    return "an undetected plant" if capabilities is None else capabilities.device_type.name


def who_has_it(register: int) -> str:
    plain: list[str] = []
    gated: list[str] = []
    for line in _lines(register):
        for model in _models_of(line.kind):
            entry = line.models.entry(model, HIGHEST_FIRMWARE)
            if entry is not None:
                is_plain = line.write.tier == Tier.USER and not entry.opt_in
                firmware = f" (firmware {entry.firmware_from} or newer)" if entry.firmware_from else ""
                (plain if is_plain else gated).append(model.name + firmware)
    if _is_only_for_installers(register):
        return f"it is for installers, on {', '.join(plain + gated) or 'models not confirmed yet'}"
    with_opt_in = f"with allow_gated, {' and '.join(gated)}" if gated else ""
    known = " and, ".join(filter(None, (", ".join(plain), with_opt_in)))
    return f"it exists on {known}" if known else "no model is confirmed to have it"


HIGHEST_FIRMWARE: Final = 0xFFFF


def _is_only_for_installers(register: int) -> bool:
    return not {Tier.USER, Tier.USER_GATED} & {line.write.tier for line in _lines(register)}


def _models_of(kind: str) -> Iterator[Model]:
    """The models that have a table of this kind."""
    for model in Model:
        is_ems, is_gateway = model.name.startswith("EMS"), model is Model.GATEWAY
        is_three_phase = model.name in THREE_PHASE
        match kind:
            case "ems":
                belongs = is_ems
            case "gateway":
                belongs = is_gateway
            case "inverter_three_phase":
                belongs = is_three_phase
            case _:
                belongs = not (is_ems or is_three_phase)
        if belongs and model is not Model.HYBRID:
            yield model


def _is_within(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _known(request: object) -> TransparentRequest | None:
    return request if isinstance(request, TransparentRequest) else None
