"""Meters, controllers, gateways, and what holds for all views."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from ohmstead.families.givenergy import views
from ohmstead.families.givenergy.cache import RegisterCache
from ohmstead.families.givenergy.types import Bank, EmsInverterStatus, Status, TimeSlot, WorkMode
from ohmstead.families.givenergy.views import (
    Ems,
    EmsMeter,
    Gateway,
    ManagedInverter,
    Meter,
    SinglePhaseInverter,
    ThreePhaseMeter,
    View,
)
from ohmstead.kit.wire.tables import Block
from ohmstead.model import Quality

Fill = Callable[..., RegisterCache]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
KINDS = [
    kind
    for name in views.__all__
    if isinstance(kind := getattr(views, name), type) and issubclass(kind, View)
]


@pytest.mark.parametrize(
    ("kind", "current_a", "apparent_va", "power_factor"),
    [(Meter, 2.14, 525, 0.5), (ThreePhaseMeter, 21.4, 525, 0.5), (EmsMeter, 21.4, 52.5, 0.5)],
)
def test_a_meters_page_is_scaled_by_the_plant_it_is_in(
    filled: Fill, kind: type[Meter], current_a: float, apparent_va: float, power_factor: float
) -> None:
    meter = kind({"IR(60)": RegisterCache({"IR(63)": 214, "IR(76)": 525, "IR(80)": 5000}).pages()["IR(60)"]})
    assert (meter.i_phase_1, meter.p_apparent_phase_1, meter.pf_phase_1) == (
        current_a,
        apparent_va,
        power_factor,
    )


def test_a_power_factor_of_zero_was_never_filled_in(filled: Fill) -> None:
    assert Meter(filled("meter").pages()).pf_total is None


def test_a_meter_checks_its_own_scaling(filled: Fill) -> None:
    values = {"v_phase_1": 244.6, "i_phase_1": 2.14}
    assert Meter(filled("meter", **values, p_apparent_phase_1=525).pages()).is_scaling_plausible is True
    assert Meter(filled("meter", **values, p_apparent_phase_1=5250).pages()).is_scaling_plausible is False
    assert Meter(filled("meter", **values, p_apparent_phase_1=52).pages()).is_scaling_plausible is None


def test_a_controller_reports_the_inverters_that_have_a_serial(filled: Fill) -> None:
    ems = Ems(
        filled(
            "ems",
            plant_status=1,
            inverter_2_serial_number="CE2231G123",
            inverter_2_power=-450,
            inverter_2_soc=81,
            inverter_2_temp=27.5,
            inverter_2_suspected_status=EmsInverterStatus.ONLINE,
        ).pages()
    )
    assert ems.plant_enabled is True
    assert ems.managed_inverters == (
        ManagedInverter(
            serial_number="CE2231G123",
            status=EmsInverterStatus.ONLINE,
            p_inverter_out=-450,
            battery_soc=81,
            t_inverter_heatsink=27.5,
        ),
    )


def test_a_controllers_slots_are_its_own(filled: Fill) -> None:
    slot = TimeSlot(time(16, 30), time(19))
    ems = Ems(filled("ems", charge_slot_1=slot).pages())
    assert ems.charge_slot_1 == slot
    assert Ems.charge_slot_1.address == 2053


def test_a_gateway_counts_discharge_as_positive_and_the_high_word_first(filled: Fill) -> None:
    cache = filled("gateway", work_mode=WorkMode.ON_GRID, e_pv_total=6553.8)
    cache.store(Bank.IR, Gateway.p_liberty.address, (1200,))
    gateway = Gateway(cache.pages())
    assert gateway.p_liberty == -1200
    assert gateway.e_pv_total == 6553.8
    assert cache.words(Bank.IR, Gateway.e_pv_total.address, 2) == (1, 2)


def test_an_unknown_work_mode_is_said_to_be_starting(filled: Fill) -> None:
    cache = filled("gateway")
    cache.store(Bank.IR, Gateway.work_mode.address, (77,))
    assert Gateway(cache.pages()).work_mode is WorkMode.INITIALISING


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_line_has_the_name_of_something_else(kind: type[View]) -> None:
    taken = {name for base in (View, Block) for name in vars(base)} - {"__doc__"}
    assert not taken & set(kind.lines)
    assert not set(kind.derived) & set(kind.lines)
    others = {
        name
        for base in kind.__mro__
        for name, member in vars(base).items()
        if name in kind.lines and member is not base.__dict__.get("_own", {}).get(name)
    }
    assert others == set()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_view_dumps_as_plain_values_and_as_json(kind: type[View]) -> None:
    view = kind({})
    assert json.loads(view.model_dump_json()).keys() == view.model_dump().keys()
    assert set(view.model_dump()) == {*kind.lines, *kind.derived}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_attribute_is_what_the_whole_says(kind: type[View]) -> None:
    pages = {
        page: RegisterCache({f"{page[:2]}({int(page[3:-1]) + n})": 7 * n % 4001 for n in range(60)}).pages()[
            page
        ]
        for page in kind.plan().pages
    }
    view = kind(pages)
    values = kind(pages).values
    assert {name: getattr(view, name) for name in (*kind.lines, *kind.derived)} == dict(values)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_a_derived_value_is_made_of_is_there(kind: type[View]) -> None:
    view = kind({})
    assert [name for line in kind.derived.values() for name in line.inputs if not hasattr(view, name)] == []


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_later_view_says_what_a_new_one_says_whichever_register_changed(kind: type[View]) -> None:
    cache = RegisterCache(
        {f"{page[:2]}({int(page[3:-1]) + n})": 7 * n % 4001 for page in kind.plan().pages for n in range(60)}
    )
    view = kind(cache.pages())
    for line in list(kind.lines.values())[::3]:
        cache.store(Bank(line.bank), line.address, ((cache.raw(line.bank, line.address) or 0) ^ 1,))
        assert view.values  # what the next view begins with
        view = view.later(cache.pages(), {})
        assert view.values == kind(cache.pages()).values
        assert view.model_dump() == kind(cache.pages()).model_dump()


def test_enumerations_are_integers_or_names_and_times_are_iso_text(filled: Fill) -> None:
    unit = SinglePhaseInverter(
        filled(
            "inverter_single_phase",
            device_type_code="2001",
            status=Status.WARNING,
            charge_slot_1=TimeSlot(time(0, 30), time(4, 30)),
            system_time=datetime(2026, 2, 3, 4, 5, 6),  # noqa: DTZ001
        ).pages()
    )
    dump = unit.model_dump()
    assert dump["status"] == 2
    assert dump["model"] == "HYBRID_GEN1"
    assert dump["charge_slot_1"] == {"start": "00:30:00", "end": "04:30:00"}
    assert dump["system_time"] == "2026-02-03T04:05:06"
    assert unit.model_dump(enum_names=True)["status"] == "WARNING"


def test_a_dump_belongs_to_whoever_asked_for_it(filled: Fill) -> None:
    unit = SinglePhaseInverter(filled("inverter_single_phase", p_pv1=117).pages())
    unit.model_dump()["p_pv1"] = 5
    assert unit.model_dump()["p_pv1"] == 117


def test_a_value_knows_where_it_comes_from_and_how_old_it_is() -> None:
    cache = RegisterCache()
    cache.store(Bank.IR, 0, (52,) * 60, NOON)
    unit = SinglePhaseInverter(cache.pages(), times=cache.page_times())
    value = unit.value_of("p_battery", now=NOON + timedelta(seconds=60))
    assert (value.value, value.unit, value.registers) == (52, "W", ("IR(52)",))
    assert (value.received_at, value.quality, value.evidence) == (NOON, Quality.GOOD, "model")
    assert unit.value_of("p_battery", now=NOON + timedelta(seconds=301)).quality is Quality.STALE
    assert unit.value_of("grid_import_power").quality is Quality.ESTIMATED
    assert unit.value_of("chip_1_software_version").received_at is None
    assert unit.age_s(NOON + timedelta(seconds=5)) == 5.0
    with pytest.raises(LookupError, match="nonsense"):
        unit.value_of("nonsense")


def test_a_view_after_another_takes_over_what_did_not_change() -> None:
    cache = RegisterCache({"HR(0)": 0x2001, "HR(21)": 449})
    cache.store(Bank.IR, 0, (52,) * 60, NOON)
    before = SinglePhaseInverter(cache.pages())
    assert before.values["p_battery"] == 52
    cache.store(Bank.IR, 52, (60,), NOON)
    after = before.later(cache.pages(), cache.page_times())
    assert after.model_dump() == SinglePhaseInverter(cache.pages()).model_dump()
    assert after.values["battery_discharge_power"] == 60
