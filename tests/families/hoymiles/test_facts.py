"""The table itself: what every `.proto` field must say, and that what was made from it is not stale."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from google.protobuf.message import Message

from ohmstead.families.hoymiles.decoders import decoder
from ohmstead.families.hoymiles.facts import encoder, facts, text
from ohmstead.families.hoymiles.messages import EXCHANGES, WITHOUT_LAYOUT, messages_by_id
from ohmstead.families.hoymiles.messages.exchange import TOWARDS_DTU, Exchange, Role
from ohmstead.families.hoymiles.protos import facts_pb2
from ohmstead.families.hoymiles.protos.facts_pb2 import Secrecy
from ohmstead.families.hoymiles.protos.live_pb2 import MeterData, SinglePhaseData
from ohmstead.families.hoymiles.results import MeterPhases, SinglePhase

ROOT = Path(__file__).parents[3]
UNITS = {
    *("", "W", "Wh", "kWh", "V", "A", "mA", "mV", "Hz", "var", "kOhm"),
    *("°C", "%", "dBm", "s", "unix s", "min", "ct"),
}
ALL = sorted({*messages_by_id().values()}, key=lambda message: message.DESCRIPTOR.name)


def every_message() -> list[type[Message]]:
    """Those that travel, and those within them."""
    found: dict[str, type[Message]] = {}

    def visit(message: type[Message]) -> None:
        name = message.DESCRIPTOR.full_name
        if name not in found:
            found[name] = message
            for field in message.DESCRIPTOR.fields:
                if field.message_type is not None:
                    visit(field.message_type._concrete_class)

    for message in ALL:
        visit(message)
    return list(found.values())


def test_what_was_generated_is_not_stale() -> None:
    check = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "protos.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize("message", every_message(), ids=lambda message: message.DESCRIPTOR.name)
def test_every_field_states_facts_that_make_sense(message: type[Message]) -> None:
    for fact in facts(message).values():
        assert fact.unit in UNITS
        assert fact.per == 1 or fact.times == 1
        assert re.fullmatch(r"[a-z][a-z0-9_]*", fact.field)
        assert not fact.positive or fact.unit == "W"


@pytest.mark.parametrize("message", ALL, ids=lambda message: message.DESCRIPTOR.name)
def test_every_message_names_its_source(message: type[Message]) -> None:
    assert message.DESCRIPTOR.GetOptions().Extensions[facts_pb2.source]


def test_passwords_are_secret_wherever_they_stand() -> None:
    for message in every_message():
        for fact in facts(message).values():
            if re.search(r"password|ssid|imei|seed", fact.field):
                assert fact.secrecy == Secrecy.SECRET, (message.DESCRIPTOR.name, fact.field)


def test_every_scaled_field_survives_the_way_to_the_wire_and_back() -> None:
    for message in every_message():
        for fact in facts(message).values():
            if fact.per != 1 or fact.times != 1:
                assert [fact.raw(fact.value(raw)) for raw in (0, 1, 57, -60, 12345)] == [0, 1, 57, -60, 12345]


def test_a_scale_is_a_divisor_so_that_57_hundredths_are_057() -> None:
    decode = decoder(lambda: SinglePhaseData, SinglePhase)
    found = decode(SinglePhaseData(serial=0x1412A0334455, current=57, voltage=2312, temperature=-401))
    assert (found.current_a, found.voltage_v, found.temperature_c) == (0.57, 231.2, -40.1)


def test_a_limit_of_zero_is_one_the_device_does_not_say() -> None:
    assert decoder(lambda: SinglePhaseData, SinglePhase)(SinglePhaseData(serial=1)).power_limit_pct is None


def test_a_meter_counts_in_tens() -> None:
    entry = MeterData(serial=1)
    encoder(MeterData)(entry, power_total_w=-2614.0, voltage_a_v=231.704)
    assert (entry.power_total, entry.voltage_a) == (-261, 23170)
    assert decoder(lambda: MeterData, MeterPhases)(entry).power_total_w == -2610


def test_what_is_no_finite_number_never_reaches_the_wire() -> None:
    with pytest.raises(ValueError, match="power_total_w is nan"):
        encoder(MeterData)(MeterData(), power_total_w=float("nan"))


def test_a_text_that_is_no_utf8_is_read_with_replacement() -> None:
    assert text(b"2.3.0\xff") == "2.3.0\ufffd"
    assert text("1,A:1000\r\x00") == "1,A:1000"


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda e: f"{e.role.value}-{e.name}")
def test_ids_and_directions_agree(exchange: Exchange[Message, Message]) -> None:
    towards = exchange.started_by.value != "dtu"
    assert bool(exchange.request_id & TOWARDS_DTU) == towards
    assert exchange.answer_id == exchange.request_id ^ TOWARDS_DTU
    assert exchange.request.DESCRIPTOR.name.endswith("ToDtu" if towards else "FromDtu")
    assert exchange.answer.DESCRIPTOR.name.endswith("FromDtu" if towards else "ToDtu")


def test_no_link_has_two_exchanges_of_one_name_or_id() -> None:
    for role in Role:
        ours = [exchange for exchange in EXCHANGES if exchange.role is role]
        assert len({exchange.name for exchange in ours}) == len(ours)
        assert len({exchange.request_id for exchange in ours}) == len(ours)
    assert not set(WITHOUT_LAYOUT.values()) & set(messages_by_id())
    assert len(EXCHANGES) + len(WITHOUT_LAYOUT) == 44
