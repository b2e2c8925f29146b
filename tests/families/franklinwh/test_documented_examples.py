"""What users of this cloud's documented surface write runs as it stands, with nothing changed but the import root."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from ohmstead.families.franklinwh import Client, NotSupported, PasswordAuth
from ohmstead.families.franklinwh.const import GENERATOR_STATE, V2L_RUN_STATE
from ohmstead.families.franklinwh.simulator.running import RunningCloud
from ohmstead.testing import elapse, warped


@pytest.fixture
def cloud(cloud: Any) -> Any:
    """Of the account that the examples use."""
    return partial(cloud, account="owner@example.com")


# --- set-up used by all ---


async def with_client(url: str, password: str, use: Callable[[Client], Awaitable[Any]]) -> Any:
    auth = PasswordAuth("owner@example.com", password)
    async with Client(auth, base_url=url) as client:
        return await use(client)


# --- generator ---


async def generator_record(client: Any) -> Any:
    found = await client.discover()
    if not found.accessories.has_generator:
        return None
    record = await client.get_generator_info()
    return {key: record[key] for key in ("status", "manuSw", "opt")}


async def to_manual_and_back(client: Any) -> Any:
    first = await client.set_generator_mode(2)  # manual
    second = await client.set_generator_mode(1)  # auto-schedule
    return first["manuSw"], second["manuSw"]


async def generator_line(client: Any) -> str:
    stats = await client.get_stats()
    now, today = stats.current, stats.totals
    word = GENERATOR_STATE[now.generator_status]
    return (
        f"{word}: {now.generator_production:.1f} kW, enabled {now.generator_enabled}, relay {now.generator_relay}; "
        f"today {today.generator:.1f} kWh, of it to loads {today.generator_load_kwh:.1f} kWh"
    )


@warped
async def test_the_generator_record_is_read_where_one_is_fitted(cloud: Any) -> None:
    async with cloud() as running:
        record = await with_client(running.url, "secret", generator_record)
        stats = await with_client(running.url, "secret", lambda client: client.get_stats())

    assert all(isinstance(value, int) for value in record.values())
    assert record["status"] == stats.current.generator_status


@warped
async def test_without_a_generator_there_is_no_record(cloud: Any) -> None:
    async with cloud("us_v1_circuits") as running:
        assert await with_client(running.url, "secret", generator_record) is None


@warped
async def test_the_generator_goes_to_manual_and_back(cloud: Any) -> None:
    async with cloud() as running:
        modes = await with_client(running.url, "secret", to_manual_and_back)
        serial = running.stations[0].serial
        written = [json.loads(seen.body) for seen in running.log if seen.path.endswith("updateIotGenerator")]

    assert modes == (2, 1)
    assert written == [{"gatewayId": serial, "manuSw": mode, "opt": 1} for mode in (2, 1)]


@warped
async def test_a_mode_that_does_not_exist_is_refused_before_anything_is_sent(cloud: Any) -> None:
    async def to_three(client: Client) -> None:
        with pytest.raises(ValueError, match="manual"):
            await client.set_generator_mode(3)

    async with cloud() as running:
        await with_client(running.url, "secret", to_three)

        assert list(running.log) == []


@warped
async def test_the_generator_is_told_in_one_line(cloud: Any) -> None:
    async with cloud(**{"soc": "10", "delay-scale": "0"}) as running:
        idle = await with_client(running.url, "secret", generator_line)
        await running.act("outage")
        await elapse(300)
        running_line = await with_client(running.url, "secret", generator_line)

    assert idle.startswith("Standby / OFF: 0.0 kW, enabled 1, relay 0; today 0.0 kWh")
    assert running_line.startswith("Running / ON: ")
    assert "relay 1" in running_line
    assert GENERATOR_STATE[9] == "Unknown (9)"


# --- accessory power ---


async def accessory_power(client: Any) -> Any:
    generator = (await client.get_accessories_power_info(option=3))["generator"]
    vehicle = (await client.get_accessories_power_info(option="2"))["v2l"]
    return generator, vehicle


@warped
async def test_accessories_tell_their_power(cloud: Any) -> None:
    async with cloud() as running:
        generator, vehicle = await with_client(running.url, "secret", accessory_power)

    assert set(generator) == {"power", "voltage", "current", "frequency"}
    assert set(vehicle) == {"current", "power", "imp_energy", "exp_energy"}
    assert all(isinstance(value, float) for value in (*generator.values(), *vehicle.values()))


# --- vehicle to load ---


async def vehicle_port(client: Any) -> Any:
    found = await client.discover()
    stats = await client.get_stats()
    now = stats.current
    assert (now.v2l_export, now.v2l_import) == (stats.totals.v2l_export, stats.totals.v2l_import)
    return (
        found.flags.v2l_eligible,
        found.flags.v2l_note,
        now.v2l_enabled,
        V2L_RUN_STATE[now.v2l_status],
        now.v2l_use,
        stats.totals.v2l_export,
    )


async def contactor(client: Any) -> Any:
    stats = await client.get_stats(include_electrical=True)
    return stats.current.v2l_relay  # 1 = shown OPEN = contactor pulled in, 0 = shown CLOSED


async def ready_for_v2l(client: Any) -> None:
    found = await client.discover()
    assert found.flags.v2l_eligible, found.flags.v2l_note
    stats = await client.get_stats()
    assert stats.current.v2l_enabled, "no V2L licence on this gateway"
    assert stats.current.grid_connection_state.value != "Connected", "V2L needs the grid relay open"


async def v2l_on_then_off(client: Any) -> Any:
    on = await client.set_v2l_mode(enable=True)
    off = await client.set_v2l_mode(enable=False)
    return on, off


@asynccontextmanager
async def off_grid(cloud: Any, **extras: str) -> AsyncIterator[RunningCloud]:
    """Off grid by request, with something plugged into the port."""
    async with cloud(**extras) as running:
        await running.act("plug_vehicle", power_w=2800, direction="out")
        await running.act("off_grid", on=True)
        await elapse(30)
        yield running


@warped
async def test_the_vehicle_port_is_told_while_it_supplies(cloud: Any) -> None:
    async with off_grid(cloud) as running:
        on = await with_client(running.url, "secret", lambda client: client.set_v2l_mode(enable=True))
        await elapse(60)
        told = await with_client(running.url, "secret", vehicle_port)
        relay = await with_client(running.url, "secret", contactor)

    assert on.confirmed is True
    eligible, note, enabled, state, use_kw, export_kwh = told
    assert (eligible, enabled, state, use_kw) == (
        True,
        1,
        "Discharging / Active",
        pytest.approx(2.8, abs=0.02),
    )
    assert note
    assert export_kwh > 0
    assert relay == 1


@warped
async def test_the_contactor_rests_otherwise_and_costs_one_more_read(cloud: Any) -> None:
    async with cloud() as running:
        assert await with_client(running.url, "secret", contactor) == 0
        with_relay = [
            json.loads(seen.body)["cmdType"] for seen in running.log if seen.path.endswith("sendMqtt")
        ]
        running.service.log.clear()
        await with_client(running.url, "secret", lambda client: client.get_stats())
        without = [json.loads(seen.body)["cmdType"] for seen in running.log if seen.path.endswith("sendMqtt")]

    assert (sorted(with_relay), without) == ([211, 353], [353])


@warped
async def test_no_module_of_australia_has_a_port(cloud: Any) -> None:
    async with cloud("au_v1") as running:
        eligible, note, *_ = await with_client(running.url, "secret", vehicle_port)

    assert eligible is False
    assert "region" in note


READINESS = [
    ("us_v1_circuits", {}, "generator module", "hardware"),
    ("us_v1_full", {"quirks": "v2l-unlicensed"}, "no V2L licence", "licence"),
    ("us_v1_full", {}, "grid relay open", "off_grid"),
]


@pytest.mark.parametrize(("model", "extras", "words", "check"), READINESS)
@warped
async def test_what_is_in_the_way_is_named(
    model: str, extras: dict[str, str], words: str, check: str, cloud: Any
) -> None:
    async with cloud(model, **extras) as running:
        if check != "off_grid":
            await running.act("off_grid", on=True)
            await elapse(30)
        with pytest.raises(AssertionError, match=words):
            await with_client(running.url, "secret", ready_for_v2l)
        failing = await with_client(running.url, "secret", lambda client: client.check_v2l_ready())

    assert check in [found.check.value for found in failing]


@warped
async def test_off_grid_with_port_and_licence_all_is_ready(cloud: Any) -> None:
    async with off_grid(cloud) as running:
        await with_client(running.url, "secret", ready_for_v2l)

        assert await with_client(running.url, "secret", lambda client: client.check_v2l_ready()) == ()


@warped
async def test_leaving_the_grid_outdates_what_was_known_of_it(cloud: Any) -> None:
    async def leave_and_switch(client: Client) -> Any:
        await client.get_stats()
        with pytest.raises(NotSupported, match="off grid"):
            await client.set_v2l_mode(True)
        await client.set_grid_status(1)
        return await client.set_v2l_mode(True)

    async with cloud() as running:
        on = await with_client(running.url, "secret", leave_and_switch)

    assert on.accepted is True


@warped
async def test_switching_the_port_warns_once_and_tells_the_truth(
    caplog: pytest.LogCaptureFixture, cloud: Any
) -> None:
    async with off_grid(cloud) as running:
        on, off = await with_client(running.url, "secret", v2l_on_then_off)
        sent = [json.loads(seen.body) for seen in running.log if seen.path.endswith("sendMqtt")]

    assert (on.confirmed, off.confirmed) == (True, True)
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert ["speculative" in record.getMessage() for record in warnings] == [True, True]
    assert all(record.name.startswith("ohmstead.families.franklinwh") for record in warnings)
    writes = [seen["dataArea"] for seen in sent if seen["cmdType"] == 311 and seen["dataArea"]["opt"] == 1]
    switches = [(write["Sw3Mode"], write["Sw3ProLoad"], write["Sw3MsgType"]) for write in writes]
    assert switches == [(1, 0, 1), (0, 1, 1)]
    assert all("modeChoose" not in write and "result" not in write for write in writes)


@warped
async def test_on_grid_the_gateway_refuses_and_the_result_says_so(cloud: Any) -> None:
    async with cloud() as running:
        on, off = await with_client(running.url, "secret", v2l_on_then_off)

    assert (on["result"], on.accepted, on.confirmed) == (1, False, False)
    assert off.confirmed is True
