"""What the bus answers to a request: a page, an echo, a refusal, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from ohmstead.families.givenergy.registers.single_phase import SinglePhaseTable
from ohmstead.families.givenergy.simulator.life import Life
from ohmstead.families.givenergy.simulator.plant import CLOCK_BASE, CLOCK_LIMITS, SLOT_END, Plant
from ohmstead.families.givenergy.simulator.profiles import INVERTER, Absence
from ohmstead.families.givenergy.types import Bank
from ohmstead.families.givenergy.wire import (
    MOST_WORDS,
    ErrorReply,
    Function,
    ReadReply,
    ReadRequest,
    Reply,
    Request,
    WriteReply,
    WriteRequest,
)

REBOOT: Final = SinglePhaseTable.inverter_reboot.address
CALIBRATION: Final = SinglePhaseTable.battery_calibration_stage.address
RESET_TOTALS: Final = SinglePhaseTable.reset_energy_totals.address
CLOCK: Final = range(CLOCK_BASE, CLOCK_BASE + len(CLOCK_LIMITS))
UNSET_TIME: Final = 60
"""The hardware's own mark of an empty slot."""


class Answering:
    def __init__(self, plant: Plant, life: Life | None, on_reboot: Callable[[], None]) -> None:
        self.plant = plant
        self.life = life
        self._on_reboot = on_reboot
        self._clock: dict[int, int] = {}
        """Registers of the clock that were written since it was last set."""
        self.writes = 0

    def reply(self, request: Request) -> Reply | None:
        """None: silence."""
        if isinstance(request, WriteRequest):
            return self.write(request)
        if self.life is not None:
            self.life.show()
        return self._read(request)

    def _read(self, request: ReadRequest) -> Reply | None:
        plant, device = self.plant, request.device
        if not 1 <= request.count <= MOST_WORDS:
            return self.refusal(request) if plant.has(device) else None
        words = plant.words(device, request.bank, request.base, request.count)
        if words is None:
            if plant.store.has(device):
                # A meter that exists has a product page or no idea what one is.
                return None if request.bank is Bank.MR else self.refusal(request)
            if request.bank is Bank.MR or plant.absence(device) is Absence.SILENCE:
                return self.refusal(request) if plant.has(device) else None
            words = (0,) * request.count
        return ReadReply(
            device, request.bank, request.base, words, plant.envelope(device), plant.adapter_serial
        )

    def write(self, request: WriteRequest) -> Reply | None:
        plant, register, value = self.plant, request.register, request.value
        if request.device not in plant.profile.writable_at:
            return self.refusal(request) if plant.has(request.device) else None
        rule = plant.writable.get(register)
        if rule is None or plant.store.get(INVERTER, Bank.HR, register) is None:
            return self.refusal(request)
        if rule.is_time and value != UNSET_TIME and (value > SLOT_END or value % 100 > 59):
            return self.echo(request) if plant.profile.ignores_bad_times else self.refusal(request)
        if not rule.write.allows(value):
            return self.refusal(request)
        self._apply(register, value)
        return self.echo(request)

    def echo(self, request: WriteRequest) -> WriteReply:
        envelope = self.plant.envelope(request.device)
        if self.plant.profile.damages_write_echoes:
            envelope = f"{envelope[:4]}\0\0{envelope[6:]}"
        return WriteReply(
            request.device, request.register, request.value, envelope, self.plant.adapter_serial
        )

    def refusal(self, request: Request, *, echoes_count: bool | None = None) -> ErrorReply:
        echoes = self.plant.profile.errors_echo_count if echoes_count is None else echoes_count
        is_write = request.function is Function.WRITE
        return ErrorReply(
            request.device,
            request.function,
            request.register,
            request.value if is_write or echoes else 0,
            self.plant.envelope(request.device),
            self.plant.adapter_serial,
        )

    def _apply(self, register: int, value: int) -> None:
        self.writes += 1
        if register == REBOOT:
            self._on_reboot()
        elif self.life is None:
            self.plant.put(register, value)
        elif register in CLOCK:
            self._set_clock(self.life, register, value)
        elif register == CALIBRATION:
            self.life.calibrate(value)
        elif register == RESET_TOTALS:
            self.life.clear_totals()
        else:
            self.plant.put(register, value)

    def _set_clock(self, life: Life, register: int, value: int) -> None:
        """Assembled from six writes when the last one comes; what was not written stays as it is."""
        self._clock[register] = value
        if register != CLOCK[-1]:
            return
        shown = life.body.clock.shows(life.world.at)
        parts = [shown.year - 2000, shown.month, shown.day, shown.hour, shown.minute, shown.second]
        for address, part in self._clock.items():
            parts[address - CLOCK_BASE] = part
        self._clock.clear()
        try:
            year, month, day, hour, minute, second = parts
            wanted = datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001 - it knows no zone
        except ValueError:
            return  # the 31st of February is acknowledged, and not taken
        life.set_clock(wanted)
