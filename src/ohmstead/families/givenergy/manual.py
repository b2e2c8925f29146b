"""What the manual takes from the tables: every command with its surfaces, what it writes, and on which models.

A command is called with samples that are recognised again in its requests, so the page says what the code does.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from typing import Any, Final

from ohmstead.families.givenergy import commands, gates
from ohmstead.families.givenergy.slots import SINGLE
from ohmstead.families.givenergy.types import BatteryPauseMode, ExportPriority, TimeSlot
from ohmstead.families.givenergy.views import Ems, SinglePhaseInverter, ThreePhaseInverter
from ohmstead.families.givenergy.wire import TransparentRequest, WriteRequest

Command = Callable[..., list[TransparentRequest]]

START, END, NUMBER, SMALL = time(1, 11), time(2, 22), 55, 44
SAMPLES: Final[Mapping[str, object]] = {
    "idx": 1,
    "timeslot": TimeSlot(START, END),
    "slot": TimeSlot(START, END),
    "discharge_slot_1": TimeSlot(START, END),
    "t": START,
    "slot_map": SINGLE,
    "enabled": True,
    "priority": ExportPriority.BATTERY_FIRST,
    "dt": datetime(2031, 5, 4, 12, 13, 14),  # noqa: DTZ001 - an inverter knows no zone
    "setting": "v_ac_low_limit_trip",
    "confirm": True,
}
TIMES: Final = {111: "start", 222: "end"}
CLOCK: Final = {35: "year − 2000", 36: "month", 37: "day", 38: "hour", 39: "minute", 40: "second"}
SHORTER: Final = (
    ("it exists on ", ""),
    ("it is for installers, on ", "*installer*: "),
    ("with allow_gated, ", "*gated*: "),
    (
        "HYBRID_GEN1, HYBRID_GEN2, HYBRID_GEN3, POLAR, AC, GATEWAY, ALL_IN_ONE, HYBRID_HV_GEN3, HYBRID_GEN4",
        "all single-phase",
    ),
    ("HYBRID_3PH, AIO_COMMERCIAL, AC_3PH, ALL_IN_ONE_HYBRID", "all three-phase"),
    (" and, ", ", "),
    (" and ", ", "),
)
SURFACES: Final = (
    (SinglePhaseInverter, "single-phase"),
    (ThreePhaseInverter, "three-phase"),
    (Ems, "EMS"),
)


def pages() -> Mapping[str, tuple[str, Iterator[str]]]:
    """File name in the reference: title and lines."""
    return {"givenergy-commands.md": ("GivEnergy commands", lines())}


def lines() -> Iterator[str]:
    yield from (
        "Each command is a function of `ohmstead.families.givenergy.commands` that returns its requests. Most are also methods",
        "of what they command: of `SinglePhaseInverter`, `ThreePhaseInverter` or `Ems`. A method needs no slot map, and writes the",
        "registers of its type where they differ. Whether a plant takes a command is judged where it is sent; *gated* needs",
        "`allow_gated=True`, *installer* goes through `installer_command`. See [the chapter on GivEnergy](../givenergy.md).",
        "",
        "| function | methods of | writes | what it does | models |",
        "|---|---|---|---|---|",
    )
    for name in commands.__all__:
        yield row(name, getattr(commands, name))


def row(name: str, command: Command) -> str:
    writes, registers = written(command)
    three = method(ThreePhaseInverter, name)
    other, others = written(three) if three is not None else (writes, registers)
    if others != registers:
        writes += f"<br>three-phase: {other}"
    where = ", ".join(dict.fromkeys(filter(None, (models(registers), models(others)))))
    surfaces = ", ".join(title for kind, title in SURFACES if method(kind, name) is not None)
    about = " ".join((inspect.getdoc(command) or "").split("\n\n")[0].split()) or name.replace("_", " ")
    cells = (f"`{name}({parameters(command)})`", surfaces or "–", writes, about, where)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def method(kind: type[object], name: str) -> Command | None:
    """Bound to nothing: what a method writes follows from its type alone."""
    found = getattr(kind, name, None)
    if found is None:
        return None
    bare: Any = object.__new__(kind)  # Any: a view without pages
    bare._pages = {}  # noqa: SLF001 - as above
    command: Command = getattr(bare, name)
    return command


def parameters(command: Command) -> str:
    return ", ".join(inspect.signature(command).parameters)


def written(command: Command) -> tuple[str, tuple[int, ...]]:
    """The writes in words, and their registers."""
    names = inspect.signature(command).parameters
    requests = sampled(command, names)
    writes = [request for request in requests if isinstance(request, WriteRequest)]
    shown = (f"{write.register} = {value(write, names)}" for write in writes)
    return ", ".join(shown), tuple(write.register for write in writes)


def sampled(command: Command, names: Mapping[str, inspect.Parameter]) -> list[TransparentRequest]:
    for number in (NUMBER, SMALL, 1):
        given = {name: sample(parameter, number) for name, parameter in names.items() if takes(parameter)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            try:
                return command(**given)
            except ValueError:
                continue
    raise ValueError(f"no sample fits {command}")


def takes(parameter: inspect.Parameter) -> bool:
    """Options keep their defaults, but for a first slot, which is then seen in what is written."""
    return parameter.default is inspect.Parameter.empty or parameter.name in (
        "discharge_slot_1",
        "confirm",
        "val",
    )


def sample(parameter: inspect.Parameter, number: int) -> object:
    if "BatteryPauseMode" in str(parameter.annotation):
        return BatteryPauseMode.PAUSE_BOTH
    return SAMPLES.get(parameter.name, number)


def value(write: WriteRequest, names: Mapping[str, inspect.Parameter]) -> str:
    """A sample by the name of its parameter, anything else as it is."""
    if "dt" in names:
        return CLOCK[write.register]
    if write.value in TIMES:
        return "t" if "t" in names else TIMES[write.value]
    if "priority" in names or "enabled" in names:
        return next(name for name in names if name in ("priority", "enabled"))
    if write.value in (NUMBER, SMALL, 3) and (number := next(reversed(numbers(names)), "")):
        return number
    if "setting" in names:
        return "value, scaled"
    return "val" if "val" in names else str(write.value)


def numbers(names: Mapping[str, inspect.Parameter]) -> list[str]:
    return [name for name in names if name not in SAMPLES and name != "beyond_documented"]


def models(registers: tuple[int, ...]) -> str:
    """Of the register that the fewest models have, in few words."""
    found = {gates.who_has_it(register) for register in registers}
    return shortened(min(found, key=len, default=""))


def shortened(models_: str) -> str:
    for long, short in SHORTER:
        models_ = models_.replace(long, short)
    return models_
