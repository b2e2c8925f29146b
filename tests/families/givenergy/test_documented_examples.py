"""The examples of the user guide, as they stand there, against simulated plants on real ports."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ohmstead.families.givenergy import (
    Client,
    Model,
    PlantCapabilities,
    PlantTopologyMismatch,
    RefreshError,
    RefreshFailed,
    RefreshPartiallySucceeded,
    RegisterCache,
    ThreePhaseInverter,
    TimeSlot,
    commands,
    parse_compact,
    to_compact,
)
from ohmstead.families.givenergy.simulator import RunningPlant, simulate
from ohmstead.kit.world import World
from ohmstead.model import ScaledClock, SimulatorOptions
from ohmstead.testing import elapse, warped

HOST = "127.0.0.1"
MORNING = datetime(2026, 6, 21, 8, 0, tzinfo=UTC)

# The examples, word for word.
# fmt: off
# ruff: noqa: ANN001, ANN201, ANN202, T201, ASYNC230, ASYNC240, PTH123, SIM105
# mypy: ignore-errors


async def first_contact(host, port=8899):
    client = Client(host=host, port=port)
    await client.connect()
    try:
        await client.detect()
        plant = await client.load_config()
        night = TimeSlot.from_components(1, 15, 5, 45)
        for batch in (
            commands.set_charge_target_enabled(90),
            commands.set_charge_slot(1, night, plant.inverter.slot_map),
            commands.set_mode_dynamic(),
        ):
            await client.one_shot_command(batch)
        plant = await client.load_config()
        unit = plant.inverter
        assert unit.model == Model.HYBRID and unit.model_family is Model.HYBRID
        assert unit.enable_charge_target and unit.charge_slot_1 == night
        print(plant.inverter_serial_number, unit.slot_map)
        plant = await client.refresh()
        if plant.batteries:
            print(plant.batteries[0].serial_number, plant.batteries[0].soc)
    finally:
        await client.close()


async def poll(client, rounds, pause=15.0):
    misses = 0
    for _ in range(rounds):
        try:
            plant = await client.refresh(timeout=2.0, retries=1, retry_delay=0.5)
        except RefreshPartiallySucceeded as gap:
            plant, misses = gap.plant, misses + len(gap.failures)
            for lost in gap.failures:
                print(hex(lost.device_address), lost.request_type, lost.base_register)
        except RefreshFailed:
            plant = None
        if plant is not None:
            unit = plant.inverter
            print([pack.soc for pack in plant.batteries],
                  unit.grid_import_power, unit.grid_export_power,
                  unit.battery_charge_power, unit.battery_discharge_power)
        await asyncio.sleep(pause)
    return misses


async def slots(client):
    unit = client.plant.inverter
    noon = TimeSlot.from_components(11, 30, 13, 0)
    await client.one_shot_command(unit.set_charge_slot(1, noon))
    await client.one_shot_command(unit.set_charge_slot(5, timeslot=noon))
    await client.one_shot_command(unit.set_charge_slot_end(5, t=None))
    await client.one_shot_command(unit.reset_charge_slot(idx=3))
    assert unit.set_charge_slot(1, noon) == commands.set_charge_slot(1, noon, unit.slot_map)
    try:
        commands.set_charge_slot(1, noon)
    except TypeError:
        pass                                  # slot_map has no default


async def settings(client):
    unit = client.plant.inverter
    await client.one_shot_command(unit.set_charge_target_enabled(soc=85))
    await client.one_shot_command(unit.set_enable_discharge(enabled=True))
    await client.one_shot_command(unit.set_battery_soc_reserve(val=10))
    if isinstance(unit, ThreePhaseInverter):
        await client.one_shot_command(unit.set_force_charge(True))
    else:
        assert not hasattr(unit, "set_force_charge")
    assert not hasattr(unit, "set_battery_pause_mode")


async def controller(client):
    ems = client.plant.ems
    if ems is None:
        return                                # not an EMS plant
    evening = TimeSlot.from_components(16, 30, 19, 0)
    await client.one_shot_command(ems.set_ems_plant(enabled=True))
    await client.one_shot_command(ems.set_ems_charge_slot(idx=1, timeslot=evening))
    await client.one_shot_command(ems.set_ems_charge_target_soc(idx=1, soc=80))
    await client.one_shot_command(ems.set_export_slot(idx=1, slot=evening))
    await client.one_shot_command(ems.set_export_slot(2, None))
    await client.one_shot_command(ems.set_ems_export_power_limit(watts=5000))


def serialise(plant):
    assert json.loads(plant.inverter.model_dump_json()).keys() == plant.inverter.model_dump().keys()
    pack = plant.register_caches[0x32]
    assert RegisterCache.from_json(pack.json()) == pack
    text = to_compact(plant.register_caches)
    assert to_compact(parse_compact(text)) == text
    assert parse_compact(to_compact({0x32: pack}))[0x32] == pack


def shareable(plant, path):
    safe = plant.redact()
    Path(path).write_text(to_compact(safe.register_caches))
    return plant.register_caches[0x11].redact_serials().json()


async def record(host, path, seconds=60):
    with open(path, "w") as out:
        def write_line(direction, frame):
            out.write(f"{datetime.now(UTC).isoformat()} {direction} {frame.hex()}\n")

        async with Client(host, 8899) as client:
            await client.detect()

            async def poll_until(end):
                while asyncio.get_running_loop().time() < end:
                    try:
                        await client.refresh()
                    except RefreshError:
                        pass
                    await elapse(5)

            end = asyncio.get_running_loop().time() + seconds
            await asyncio.gather(poll_until(end), client.capture_frames(write_line, duration=seconds))


async def start(client, store):
    path = Path(store)
    caps = None
    if path.exists():
        prior = PlantCapabilities.from_dict(json.loads(path.read_text()))
        try:
            caps = await client.detect(prior=prior)
        except PlantTopologyMismatch as changed:
            print("was", changed.prior.device_type, "is", changed.actual.device_type)
            assert client.plant.capabilities is None and client.connected
    if caps is None:
        caps = await client.detect()          # same connection
    path.write_text(json.dumps(caps.to_dict()))
    return caps

# fmt: on


@asynccontextmanager
async def simulated(model: str, port: int = 0, **extras: str) -> AsyncIterator[tuple[RunningPlant, int]]:
    world = World(ScaledClock(MORNING), seed=1)
    told = {"cloud": "off", "latency": "none"} | extras
    options = SimulatorOptions(model=model, host=HOST, port=port, seed=1, extras=told)
    async with simulate(options, world) as plant:
        yield plant, plant.endpoints["adapter"]


@asynccontextmanager
async def detected(model: str) -> AsyncIterator[tuple[RunningPlant, Client]]:
    async with simulated(model) as (plant, port), Client(HOST, port) as client:
        await client.detect()
        await client.load_config()
        yield plant, client


@warped
async def test_first_contact(capsys: pytest.CaptureFixture[str]) -> None:
    async with simulated("hybrid-gen1") as (plant, port):
        await first_contact(HOST, port)
        shown = capsys.readouterr().out
        assert plant.plant.envelope(0x11) in shown
        assert "single" in shown


@warped
async def test_poll(capsys: pytest.CaptureFixture[str]) -> None:
    async with detected("hybrid-gen1") as (_, client):
        assert await poll(client, 3) == 0
        assert len(capsys.readouterr().out.splitlines()) == 3


@warped
async def test_poll_with_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    async with detected("hybrid-gen1") as (plant, client):
        await plant.act("fault", name="error-burst", device=0x33)
        assert await poll(client, 2) == 2
        assert "0x33 read_input 60" in capsys.readouterr().out
        await plant.act("kick")
        assert await poll(client, 1) == 0


@warped
async def test_slots() -> None:
    async with detected("all-in-one") as (_, client):
        await slots(client)
        unit = (await client.load_config()).inverter
        assert unit.charge_slot_1 == TimeSlot.from_components(11, 30, 13, 0)
        assert len(unit.slot_map.charge) == 10


@pytest.mark.parametrize("model", ["hybrid-gen1", "hybrid-3ph"])
def test_settings(model: str) -> None:
    @warped
    async def run() -> None:
        async with detected(model) as (_, client):
            await settings(client)
            unit = (await client.load_config()).inverter
            assert (unit.battery_soc_reserve, unit.charge_target_soc) == (10, 85)

    run()


@pytest.mark.parametrize("model", ["ems", "ac"])
def test_controller(model: str) -> None:
    @warped
    async def run() -> None:
        async with detected(model) as (_, client):
            await controller(client)
            ems = (await client.load_config()).ems
            assert (ems is None) is (model == "ac")
            if ems is not None:
                assert ems.charge_slot_1 == TimeSlot.from_components(16, 30, 19, 0)
                assert ems.export_power_limit == 5000

    run()


@warped
async def test_serialise() -> None:
    async with detected("hybrid-gen1") as (_, client):
        serialise(await client.refresh())


@warped
async def test_shareable(tmp_path: Path) -> None:
    async with detected("hybrid-gen1") as (_, client):
        plant = await client.refresh()
        text = shareable(plant, tmp_path / "plant.txt")
        for serial in (plant.inverter_serial_number, *(pack.serial_number for pack in plant.batteries)):
            assert serial not in (tmp_path / "plant.txt").read_text()
            assert serial not in text or serial.endswith("000")


@warped
async def test_record(tmp_path: Path) -> None:
    async with simulated("hybrid-gen1", port=8899):
        await record(HOST, tmp_path / "capture.txt", seconds=20)
    lines = (tmp_path / "capture.txt").read_text().splitlines()
    assert len(lines) > 10
    assert {line.split()[1] for line in lines} == {"rx", "tx"}


@warped
async def test_record_while_polling_goes_on() -> None:
    async with detected("hybrid-gen1") as (_, client):
        lines: list[tuple[str, bytes]] = []

        def write_line(direction: str, frame: bytes) -> None:
            lines.append((direction, frame))

        async def poll_for_ever() -> None:
            while True:
                await client.refresh()
                await elapse(5)

        both = asyncio.gather(poll_for_ever(), client.capture_frames(write_line, duration=60))
        await elapse(1)
        with pytest.raises(RuntimeError, match="one capture"):
            await client.capture_frames(write_line)
        await elapse(60)
        recorded = len(lines)
        await elapse(20)
        assert len(lines) == recorded > 20
        both.cancel()
        with pytest.raises(asyncio.CancelledError):
            await both


@warped
async def test_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "topology.json"
    async with simulated("hybrid-gen1") as (plant, port), Client(HOST, port) as client:
        first = await start(client, store)
        assert await start(client, store) == first
        assert capsys.readouterr().out == ""
        await plant.act("remove", device=0x33)
        assert (await start(client, store)).lv_battery_addresses == (0x32,)
        assert "was Model.HYBRID_GEN1 is Model.HYBRID_GEN1" in capsys.readouterr().out
