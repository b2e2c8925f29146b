"""Reading and writing the generator over a line. Every write is read back: an acknowledgement proves nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from ohmstead.families.franklinwh.circuits.schedule import Times
from ohmstead.families.franklinwh.client.accessories import get_accessories_power_info
from ohmstead.families.franklinwh.client.line import Line
from ohmstead.families.franklinwh.client.results import WriteResult
from ohmstead.families.franklinwh.client.writing import write_and_confirm
from ohmstead.families.franklinwh.facts.codes import AccessoryKind
from ohmstead.families.franklinwh.facts.endpoints import ACCESSORIES, GENERATOR, UPDATE_GENERATOR
from ohmstead.families.franklinwh.generator import editing
from ohmstead.families.franklinwh.generator.editing import Body
from ohmstead.families.franklinwh.generator.record import GeneratorDetail, generator_detail

MOMENTARY_NOTE: Final = (
    "neither manuSw nor mode shows what was asked for: this gateway takes manuSw as a momentary order, which stops a "
    "running generator; set_generator_operating_mode writes the selector of the newer app instead"
)


async def get_generator_info(line: Line, *, fresh: bool = False) -> dict[str, Any]:
    """The record as it came, with a `status` where there is none. A gateway without a generator answers one too.

    Any: JSON of the vendor's.
    """
    said = (await line.call(GENERATOR, fresh=fresh)).result
    record = dict(said) if isinstance(said, Mapping) else {}
    if "status" not in record and "genStat" in record:
        record["status"] = record["genStat"]
    return record


async def get_generator_detail(line: Line, *, fresh: bool = False) -> GeneratorDetail:
    """The record typed, with what the gateway meters at its generator input."""
    record = await get_generator_info(line, fresh=fresh)
    metered = await get_accessories_power_info(line, 3)
    return generator_detail(record, present=await _is_present(line, record), electrical=metered["generator"])


async def set_generator_mode(line: Line, mode: int) -> WriteResult:
    """1 auto-schedule, 2 manual; anything else raises `ValueError` before a byte is sent.

    The result is also the answered record. `confirmed` is True when `manuSw` or `mode` shows the mode afterwards.
    """
    body = editing.mode_body(line.serial, mode)
    result = await _written(line, body, lambda r: () if editing.shows_mode(r, mode) else ("manuSw", "mode"))
    return replace(result, note=MOMENTARY_NOTE) if result.confirmed is False else result


async def set_generator_operating_mode(line: Line, mode: int) -> WriteResult:
    """The same modes, through the selector of the newer app."""
    body = editing.operating_mode_body(line.serial, mode)
    return await _compared(line, body)


async def set_generator_enabled(line: Line, *, enable: bool) -> WriteResult:
    """Switch the feature on or off."""
    return await _compared(line, editing.enabled_body(line.serial, enable=enable))


async def set_generator_charge_schedule(line: Line, windows: Times, *, confirm: bool) -> WriteResult:
    """Replace the operating windows, up to three of `("HH:MM", "HH:MM")` in the gateway's zone; none clears them."""
    return await _compared(line, editing.windows_body(line.serial, windows, confirm=confirm))


async def set_generator_settings(
    line: Line, changes: Mapping[str, int], *, experimental: bool = False
) -> WriteResult:
    """Thresholds and the exercise run, by the names of `editing.UNPROVEN`. Nobody has proved that the cloud stores them."""
    if not experimental:
        editing.settings_body(line.serial, {}, changes, experimental=False)
    present = await get_generator_info(line, fresh=True)
    return await _compared(
        line, editing.settings_body(line.serial, present, changes, experimental=experimental)
    )


async def _compared(line: Line, body: Body) -> WriteResult:
    return await _written(line, body, lambda record: tuple(editing.differing(record, body)))


async def _written(
    line: Line, body: Body, mismatches: Callable[[Mapping[str, Any]], tuple[str, ...]]
) -> WriteResult:
    return await write_and_confirm(
        lambda: line.call(UPDATE_GENERATOR, body=body),
        lambda: get_generator_info(line, fresh=True),
        {},
        limits=line.limits,
        mismatches=mismatches,
    )


async def _is_present(line: Line, record: Mapping[str, Any]) -> bool:
    """In the list of accessories, or switched on."""
    listed = (await line.call(ACCESSORIES)).result or []
    is_listed = any(
        isinstance(entry, Mapping) and entry.get("accessoryType") == AccessoryKind.GENERATOR
        for entry in listed
    )
    return is_listed or record.get("genEn") == 1
