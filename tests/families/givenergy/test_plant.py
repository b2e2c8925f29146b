"""A plant put together from the registers of its devices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.capabilities import PlantCapabilities
from ohmstead.families.givenergy.compact import parse_compact, to_compact
from ohmstead.families.givenergy.models import Model
from ohmstead.families.givenergy.plant import Plant
from ohmstead.families.givenergy.serials import words_of
from ohmstead.families.givenergy.types import Bank, EmsInverterStatus
from ohmstead.families.givenergy.views import (
    EmsMeter,
    Meter,
    SinglePhaseInverter,
    ThreePhaseInverter,
    ThreePhaseMeter,
)
from ohmstead.families.givenergy.wire import Conversation, ReadReply
from ohmstead.model import ReplayedClock

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
CAPTURES = {capture["source"]: capture for capture in VECTORS["captures"]}
DETECTION = {entry["source"]: entry for entry in VECTORS["detection"]}
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def pages_of(source: str) -> Iterator[ReadReply]:
    conversation = Conversation()
    for _, direction, data in CAPTURES[source]["lines"]:
        for message in conversation.receive(bytes.fromhex(data)) if direction == "rx" else ():
            if isinstance(message, ReadReply):
                yield message


def caches_of(source: str) -> dict[int, RegisterCache]:
    caches: dict[int, RegisterCache] = {}
    for reply in pages_of(source):
        caches.setdefault(reply.device, RegisterCache()).store(reply.bank, reply.base, reply.words, NOON)
    for device, registers in DETECTION[source].get("supplement", {}).items():
        cache = caches.setdefault(int(device, 16), RegisterCache())
        for name, word in registers.items():
            cache.store(Bank(name[:2]), int(name[3:-1]), (word,))
    return caches


def plant_of(source: str) -> Plant:
    return Plant.from_caches(caches_of(source))


@pytest.mark.parametrize("source", DETECTION)
def test_saved_registers_make_the_plant_that_a_detection_finds(source: str) -> None:
    plant = plant_of(source)
    assert plant.capabilities is not None
    assert plant.capabilities.to_dict() == DETECTION[source]["expect"]


@pytest.mark.parametrize("source", DETECTION)
def test_a_redacted_dump_makes_the_same_plant(source: str) -> None:
    safe = plant_of(source).redact()
    again = Plant.from_caches(parse_compact(to_compact(safe.register_caches)))
    assert again.capabilities is not None
    assert again.capabilities.to_dict() == DETECTION[source]["expect"]


@pytest.mark.parametrize("source", DETECTION)
def test_there_is_one_root_and_it_alone_may_be_told_anything(source: str) -> None:
    rows = plant_of(source).devices
    assert [row.identity for row in rows if row.is_control_authority] == [rows[0].identity]
    assert [row.identity for row in rows if row.parent is None] == [rows[0].identity]
    identities = [row.identity for row in rows]
    assert len(set(identities)) == len(identities)
    assert {row.parent for row in rows[1:]} <= set(identities)


@pytest.mark.parametrize(
    ("source", "inverter", "meters"),
    [
        ("hybrid_gen1", SinglePhaseInverter, []),
        ("hybrid_gen2", SinglePhaseInverter, [Meter]),
        ("hybrid_hv_gen3", SinglePhaseInverter, [Meter]),
        ("hybrid_3ph", ThreePhaseInverter, [ThreePhaseMeter, ThreePhaseMeter]),
        ("ems", SinglePhaseInverter, [EmsMeter, EmsMeter]),
        ("gateway", SinglePhaseInverter, [Meter, Meter]),
    ],
)
def test_the_plant_decides_how_its_devices_are_read(source: str, inverter: type, meters: list[type]) -> None:
    plant = plant_of(source)
    assert type(plant.inverter) is inverter
    assert [type(meter) for meter in plant.meters.values()] == meters


def test_a_low_voltage_plant_has_its_packs() -> None:
    plant = plant_of("hybrid_gen1")
    assert plant.number_batteries == 2
    assert [pack.device_address for pack in plant.batteries] == [0x32, 0x33]
    assert [pack.is_valid for pack in plant.batteries] == [True, True]
    assert plant.remaining_battery_energy_wh == sum(
        pack.remaining_energy_nominal_wh or 0 for pack in plant.batteries
    )
    assert (plant.hv_stacks, plant.aio_battery_modules, plant.ems, plant.gateway) == ([], [], None, None)


def test_a_high_voltage_plant_has_stacks_of_modules() -> None:
    (stack,) = plant_of("hybrid_3ph").hv_stacks
    assert stack.device_address == 0x70
    assert [module.device_address for module in stack.bmus] == [0x50, 0x51, 0x52, 0x53, 0x54, 0x55]
    assert [module.bmu_index for module in stack.bmus] == [0, 1, 2, 3, 4, 5]
    assert len(stack.model_dump()["bmus"]) == 6  # type: ignore[arg-type]


def test_modules_are_counted_through_all_stacks() -> None:
    plant = Plant()
    plant.capabilities = PlantCapabilities(
        device_type=Model.HYBRID_3PH, bcu_stacks=((0, 2), (1, 1)), hv_bmu_addresses=(0x50, 0x51, 0x52)
    )
    assert [[module.device_address for module in stack.bmus] for stack in plant.hv_stacks] == [
        [0x50, 0x51],
        [0x52],
    ]


def test_an_all_in_one_has_modules_of_its_own() -> None:
    plant = plant_of("aio")
    assert [module.device_address for module in plant.aio_battery_modules] == [0x50, 0x51, 0x52, 0x53]
    assert len(plant.hv_stacks) == 1
    assert {module.serial_number for module in plant.aio_battery_modules} == {"HX0000G000"}


def test_before_a_detection_there_is_an_inverter_over_what_is_known() -> None:
    plant = Plant()
    assert plant.capabilities is None
    assert plant.inverter.p_battery is None
    assert (plant.batteries, plant.meters, plant.number_batteries) == ([], {}, 0)
    plant.cache(0x11).store(Bank.IR, 52, (360,), NOON)
    assert plant.inverter.p_battery == 360


def test_a_pack_that_was_not_read_yet_is_there_with_nothing_in_it() -> None:
    plant = Plant()
    plant.capabilities = PlantCapabilities(device_type=Model.HYBRID_GEN1, lv_battery_addresses=(0x32,))
    (pack,) = plant.batteries
    assert pack.soc is None
    assert pack.is_valid is False
    assert plant.remaining_battery_energy_wh is None


def test_only_the_inverter_names_the_inverter() -> None:
    plant = Plant()
    plant.note_serials(0x11, "SA2114G123", "WF2125G456")
    plant.note_serials(0x32, "DF2224G789", "WF2125G456")
    plant.note_serials(0x11, "SA21\x00\x00\x00\x00\x00\x00", "WF2125G456")
    assert plant.inverter_serial_number == "SA2114G123"
    assert plant.inverter_serial == "SA2114G123"
    assert plant.data_adapter_serial_number == "WF2125G456"
    plant.cache(0x11).store(Bank.HR, 13, words_of("SA2114G999"))
    assert plant.inverter_serial == "SA2114G999"


def test_a_prior_form_says_which_addresses_count() -> None:
    caches = caches_of("hybrid_gen1")
    prior = PlantCapabilities.from_dict(
        {"device_type": "HYBRID", "lv_battery_addresses": ["0x32"], "meter_addresses": []}
    )
    plant = Plant.from_caches(caches, prior)
    assert plant.capabilities is not None
    assert plant.capabilities.lv_battery_addresses == (0x32,)
    without_identity = {address: cache for address, cache in caches.items() if address != 0x11}
    assert Plant.from_caches(without_identity, prior).capabilities is prior


def test_managed_inverters_are_seen_through_their_controller() -> None:
    plant = plant_of("ems")
    facades = plant.inverters
    assert [facade.data_source for facade in facades] == ["ems_rollup", "ems_rollup"]
    assert all(facade.is_blinded for facade in facades)
    assert facades[0].status is EmsInverterStatus.ONLINE
    assert facades[0].p_inverter_out == plant.ems.managed_inverters[0].p_inverter_out  # type: ignore[union-attr]


def test_an_inverter_that_can_be_asked_itself_wins_over_what_is_said_of_it() -> None:
    plant = plant_of("ems")
    direct = caches_of("ac_coupled")
    plant.add_direct_source(direct)
    merged = plant.inverters[0]
    assert (merged.data_source, merged.serial_number) == ("merged", "CE2231G000")
    assert merged.direct is not None
    assert merged.battery_soc == merged.direct.battery_soc
    assert len(merged.batteries) == 1
    assert plant.serial_index["CE2231G000"] is not None


def test_a_plant_without_a_controller_is_one_inverter() -> None:
    (facade,) = plant_of("hybrid_gen1").inverters
    assert (facade.data_source, facade.is_blinded) == ("direct", False)
    assert facade.p_inverter_out == facade.direct.p_grid_out_ph1  # type: ignore[union-attr]
    assert len(facade.batteries) == 2


def test_views_are_kept_while_nothing_new_came_and_age_when_it_did() -> None:
    plant = plant_of("hybrid_gen1")
    first = plant.inverter
    assert plant.inverter is first
    cache = plant.cache(0x11)
    cache.store(Bank.IR, 0, cache.words(Bank.IR, 0, 60) or (), NOON + timedelta(seconds=15))
    again = plant.inverter
    assert again is not first
    assert again.value_of("p_battery").received_at == NOON + timedelta(seconds=15)
    assert first.value_of("p_battery").received_at == NOON
    assert again.model_dump() == first.model_dump()


def test_a_dump_follows_what_changes() -> None:
    plant = plant_of("hybrid_gen1")
    before = plant.model_dump()
    assert plant.model_dump() == before
    plant.cache(0x11).store(Bank.IR, 52, (777,), NOON)
    after = plant.model_dump()
    assert after["inverter"]["p_battery"] == 777  # type: ignore[index]
    assert after["batteries"] == before["batteries"]
    plant.register_caches[0x33] = RegisterCache()
    assert plant.model_dump()["batteries"][1]["soc"] is None  # type: ignore[index]
    assert json.loads(plant.model_dump_json()).keys() == plant.model_dump().keys()


def test_a_dump_and_the_views_say_the_same_in_whatever_order_they_are_asked() -> None:
    plant = plant_of("hybrid_gen1")
    first = plant.batteries[0]
    plant.model_dump()
    before = first.model_dump()
    plant.cache(0x32).store(Bank.IR, 100, (7,), NOON)
    assert plant.model_dump()["batteries"][0]["soc"] == 7  # type: ignore[index]
    assert first.model_dump() == before
    assert first.values["soc"] == before["soc"]
    assert plant.batteries[0].model_dump() == plant.model_dump()["batteries"][0]  # type: ignore[index]


def test_a_device_that_nothing_is_known_of_is_dumped_with_all_its_names() -> None:
    plant = plant_of("hybrid_gen1")
    del plant.register_caches[0x33]
    names = plant.batteries[0].model_dump().keys()
    assert plant.model_dump()["batteries"][1] == dict.fromkeys(names) | {"is_valid": False} | {  # type: ignore[index]
        name: plant.batteries[1].model_dump()[name] for name in ("cell_voltages", "cell_temperatures")
    }


def test_a_snapshot_is_the_same_object_until_something_changes() -> None:
    plant = plant_of("hybrid_gen1")
    before = plant.snapshot
    assert before["inverter"] == plant.model_dump()["inverter"]
    cache = plant.cache(0x11)
    cache.store(Bank.IR, 0, cache.words(Bank.IR, 0, 60) or (), NOON + timedelta(seconds=15))
    assert plant.snapshot is before
    cache.store(Bank.IR, 52, (777,), NOON)
    assert plant.snapshot["inverter"]["p_battery"] == 777  # type: ignore[index]
    plant.capabilities = None
    assert plant.snapshot["batteries"] == ()
    with pytest.raises(TypeError):
        plant.snapshot["inverter"]["p_battery"] = 5  # type: ignore[index]


def test_ages_tell_when_something_came_and_when_it_changed() -> None:
    clock = ReplayedClock(NOON + timedelta(seconds=60))
    plant = Plant(clock=clock)
    cache = plant.cache(0x11)
    cache.store(Bank.IR, 0, (1,) * 60, NOON)
    cache.store(Bank.IR, 0, (1,) * 60, NOON + timedelta(seconds=40))
    assert plant.block_age(0x11, Bank.IR, 0, 60) == 20.0
    assert plant.content_unchanged_seconds(0x11, Bank.IR, 0, 60) == 60.0
    assert plant.register_age(0x11, "IR(52)") == 20.0
    assert plant.block_present(0x11, Bank.IR, 0, 60) is True
    assert plant.last_updated_at == NOON + timedelta(seconds=40)


def test_what_never_came_has_no_age() -> None:
    plant = Plant()
    assert plant.block_age(0x11, Bank.IR, 0, 60) is None
    assert plant.content_unchanged_seconds(0x11, Bank.IR, 0, 60) is None
    assert plant.register_age(0x11, "IR(52)") is None
    assert plant.block_present(0x11, Bank.IR, 0, 60) is None
    assert plant.last_updated_at is None


def test_an_absent_block_is_absent_until_that_is_forgotten() -> None:
    plant = Plant()
    plant.mark_absent(0x11, Bank.HR, 240, 60)
    assert plant.block_present(0x11, Bank.HR, 240, 60) is False
    plant.invalidate_presence()
    assert plant.block_present(0x11, Bank.HR, 240, 60) is None


def test_a_redacted_plant_names_no_unit() -> None:
    plant = plant_of("hybrid_gen1")
    plant.cache(0x11).store(Bank.HR, 13, words_of("SA2114G987"))
    plant.note_serials(0x11, "SA2114G987", "dongle-987")
    safe = plant.redact()
    assert safe.inverter_serial == "SA2114G000"
    assert safe.data_adapter_serial_number == ""
    assert "987" not in str(safe.inverter.serial_number)
    assert plant.inverter.serial_number == "SA2114G987"
    assert safe.redact().register_caches == safe.register_caches


def test_what_is_worked_out_on_captures_is_what_the_units_say() -> None:
    values = plant_of("hybrid_gen1").inverter.values
    assert values["e_battery_charge_today"] == values["e_battery_charge_today_alt2"]
    assert values["e_battery_discharge_total"] == values["e_battery_discharge_total_alt1"]
