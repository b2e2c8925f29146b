"""From the packets of a read to one data set."""

from __future__ import annotations

from datetime import UTC, datetime

from ohmstead.families.hoymiles.protos.live_old_pb2 import RealDataFromDtu
from ohmstead.families.hoymiles.protos.live_pb2 import (
    PortData,
    RapidShutdownData,
    RealDataNewFromDtu,
    RepeaterData,
    SinglePhaseData,
    ThreePhaseData,
)
from ohmstead.families.hoymiles.results import (
    Port,
    RapidShutdown,
    RepeaterState,
    SinglePhase,
    live,
    old_live,
)

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)
FIRST, SECOND = 0x1412A0334455, 0x1382A0112233


def test_packets_become_one_data_set_with_the_totals_of_the_first() -> None:
    found = live(
        (
            RealDataNewFromDtu(
                dtu_serial="4143A0112233",
                time=1_718_000_000,
                dtu_power=3120,
                dtu_energy_today=1183,
                single_phase=[SinglePhaseData(serial=FIRST, link_status=1, voltage=2312, temperature=-15)],
            ),
            RealDataNewFromDtu(
                time=1_718_000_000,
                three_phase=[ThreePhaseData(serial=SECOND, link_status=1, voltage_ab=4002)],
                ports=[PortData(serial=SECOND, port=6, power=1643, energy_total=294912)],
            ),
        ),
        NOON,
        expected_inverters=3,
    )
    assert (found.dtu_serial, found.data_time_s) == ("4143A0112233", 1_718_000_000)
    assert (found.dtu_power_w, found.dtu_energy_today_wh) == (312.0, 1183)
    assert [(i.serial, i.voltage_v, i.temperature_c) for i in found.single_phase] == [
        ("1412A0334455", 231.2, -1.5)
    ]
    assert [(i.serial, i.voltage_ab_v) for i in found.three_phase] == [("1382A0112233", 400.2)]
    assert found.ports == (Port("1382A0112233", 6, 0.0, 0.0, 164.3, 294912, 0, 0),)
    assert (found.received_at, found.is_stale, found.is_cached) == (NOON, False, False)
    assert found.is_partial
    assert len(found.packets) == 2


def test_an_inverter_without_a_link_says_only_who_it_is_and_its_ports_what_they_have_made() -> None:
    packet = RealDataNewFromDtu(
        single_phase=[SinglePhaseData(serial=FIRST, voltage=2312, link_quality=0x110000)],
        ports=[PortData(serial=FIRST, port=1, voltage=334, energy_total=65382)],
    )
    found = live((packet,), NOON)
    assert found.single_phase == (SinglePhase("1412A0334455", link_quality=0x110000),)
    assert found.ports == (Port("1412A0334455", 1, energy_total_wh=65382),)


def test_repeaters_and_rapid_shutdown_are_found_in_every_packet() -> None:
    first = RealDataNewFromDtu(
        repeaters=[RepeaterData(serial=1, signal=60, channel=3, pv_port_count=4, link_status=1)]
    )
    second = RealDataNewFromDtu(
        repeaters=[RepeaterData(serial=2)],
        rapid_shutdown=[RapidShutdownData(serial=3, voltage=334, power=1643, temperature=-15)],
    )
    found = live((first, second), NOON)
    assert found.repeaters == (
        RepeaterState("000000000001", signal=60, channel=3, pv_port_count=4, link_status=1),
        RepeaterState("000000000002", signal=0, channel=0, pv_port_count=0, link_status=0),
    )
    assert found.rapid_shutdown == (RapidShutdown("000000000003", 0, 33.4, 164.3, -1.5, 0, 0, 0),)


def test_the_first_firmware_knows_neither() -> None:
    found = old_live((RealDataFromDtu(dtu_serial="4143A0112233"),), NOON)
    assert (found.repeaters, found.rapid_shutdown) == ((), ())
