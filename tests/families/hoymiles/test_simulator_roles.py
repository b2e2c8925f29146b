"""How simulators are started: roles, addresses, numbers of inverters, recordings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ohmstead.cli.simulate import simulate as simulate_command
from ohmstead.families.hoymiles.capture import HoymilesCodec
from ohmstead.families.hoymiles.card import FAMILY
from ohmstead.families.hoymiles.client import Client
from ohmstead.families.hoymiles.simulator import PROFILES, simulate
from ohmstead.families.hoymiles.simulator.addresses import is_vendor, server
from ohmstead.kit.link import CaptureHeader, CaptureWriter, tcp
from ohmstead.kit.world import World
from ohmstead.model import ConfigError, ScaledClock, SimulatorOptions, Unreachable
from ohmstead.testing import elapse, warped

NOON = datetime(2026, 6, 21, 11, 20, tzinfo=UTC)


def home() -> World:
    world = World(ScaledClock(NOON))
    world.weather.set_clear_sky()
    return world


@pytest.mark.parametrize("model", list(PROFILES))
@warped
async def test_every_model_starts_and_says_its_role(model: str) -> None:
    async with simulate(SimulatorOptions(model=model), home()) as simulator:
        assert simulator.ready == {"role": "dtu", "cloud": None}
        assert set(simulator.endpoints) == {"dtu"}
        assert simulator.state()["profile"] == model


@warped
async def test_a_dtu_and_a_cloud_are_joined_by_their_options() -> None:
    world = home()
    async with simulate(SimulatorOptions(extras={"role": "cloud"}), world) as cloud:
        assert cloud.ready == {"role": "cloud"}
        port = cloud.endpoints["cloud"]
        options = SimulatorOptions(extras={"cloud": f"127.0.0.1:{port}"})
        async with simulate(options, world) as dtu:
            assert dtu.ready == {"role": "dtu", "cloud": f"127.0.0.1:{port}"}
            await elapse(360)
            state = cloud.state()
            serial = dtu.state()["dtu"]
            assert state["connected"] == [serial]
            shown = state["dtus"][serial]
            assert (shown["heartbeats"] >= 6, shown["data_sets"], shown["repeated_packets"]) == (True, 2, 0)
            assert dtu.state()["cloud"]["state"] == "connected"
            said = await cloud.act("command", serial=serial, number=8, text="A:500,B:0,C:0\r")
            assert said["answer"]["action"] == 8
            await elapse(10)
            assert dtu.state()["inverters"][0]["limit_pct"] == 50.0
            inverter = dtu.state()["inverters"][0]["serial"]
            fetched = await cloud.act("fetch", serial=serial, device=inverter)
            assert fetched["answer"]["device_serial"] == inverter
            put = await cloud.act("put", serial=serial, device=inverter, data="00" * 112)
            assert "status" not in put["answer"]
            await cloud.act("fault", name="cloud-silent", times=1)
            await cloud.act("clear_faults")
            await cloud.act("drop", serial=serial)
            await elapse(1)
            assert cloud.state()["connected"] == []
            with pytest.raises(ConfigError):
                await cloud.act("dance")
            with pytest.raises(Unreachable):
                await cloud.act("command", serial="4143A0000000", number=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (SimulatorOptions(model="hmsw-mid", extras={"role": "cloud"}), "--model"),
        (SimulatorOptions(extras={"role": "cloud", "cloud": "127.0.0.1:1"}), "--cloud"),
        (SimulatorOptions(capture="x", extras={"role": "cloud"}), "--from"),
        (SimulatorOptions(extras={"role": "sun"}), "role"),
        (SimulatorOptions(extras={"cloud": "dataeu.hoymiles.com:10081"}), "vendor"),
        (SimulatorOptions(extras={"cloud": "DATANA.HOYMILES.COM."}), "vendor"),
        (SimulatorOptions(extras={"role": "cloud", "relay": "dataeu.hoymiles.com"}), "vendor"),
        (SimulatorOptions(extras={"cloud": "host:port"}), "--cloud"),
        (SimulatorOptions(extras={"cloud": "/etc/passwd"}), "--cloud"),
        (SimulatorOptions(extras={"role": "cloud", "utc-offset": "noon"}), "--utc-offset"),
        (SimulatorOptions(extras={"inverters": "none"}), "--inverters"),
        (SimulatorOptions(extras={"inverters": "100"}), "--inverters"),
        (SimulatorOptions(capture="there-is-no-such-file"), "there-is-no-such-file"),
    ],
)
@warped
async def test_wrong_use_is_said(options: SimulatorOptions, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        async with simulate(options, home()):
            pass


def test_the_vendors_servers_need_to_be_insisted_on() -> None:
    assert server("dataeu.hoymiles.com", "--cloud", allow_vendor=True) == ("dataeu.hoymiles.com", 10081)
    assert server("[::1]:7", "--cloud", allow_vendor=False) == ("::1", 7)
    assert not is_vendor("hoymiles.com.example")
    assert is_vendor("hoymiles.com")


@warped
async def test_without_a_cloud_a_dtu_may_look_for_one_and_refuse_local_clients_meanwhile() -> None:
    async with simulate(SimulatorOptions(extras={"outages": "true"}), home()) as simulator:
        dial, refused = tcp("127.0.0.1", simulator.endpoints["dtu"]), 0
        for _ in range(120):
            await elapse(5)
            try:
                async with dial():
                    pass
            except Unreachable:
                refused += 1
        assert 6 <= refused <= 12


@warped
async def test_a_cloud_may_pass_everything_on() -> None:
    world = home()
    async with simulate(SimulatorOptions(extras={"role": "cloud"}), world) as real:
        relayed = SimulatorOptions(extras={"role": "cloud", "relay": f"127.0.0.1:{real.endpoints['cloud']}"})
        async with simulate(relayed, world) as cloud:
            options = SimulatorOptions(extras={"cloud": f"127.0.0.1:{cloud.endpoints['cloud']}"})
            async with simulate(options, world) as dtu:
                await elapse(120)
                assert real.state()["connected"] == [dtu.state()["dtu"]]
                assert set(cloud.state()["relayed_bytes"]) == {"<", ">"}
                assert cloud.state()["dtus"] == {}


@warped
async def test_many_inverters_may_hang_on_one_dtu() -> None:
    world = home()
    options = SimulatorOptions(model="dtu-wlite-s", extras={"inverters": "14"})
    async with simulate(options, world) as simulator:
        found = await Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock).live()
        assert len(found.single_phase) == 14


@warped
async def test_a_recording_starts_a_dtu_that_looks_like_it(tmp_path: Path) -> None:
    world, path = home(), tmp_path / "dtu.jsonl"
    header = CaptureHeader(
        device="here",
        family="hoymiles",
        firmware="V01.00.08",
        recorded_by="a test",
        started_at=NOON,
        redaction="serials",
    )
    async with simulate(SimulatorOptions(model="dtu-pro-s", extras={"clock": "set"}), world) as simulator:
        writer = CaptureWriter(path, header, HoymilesCodec(), world.clock)
        dial = tcp("127.0.0.1", simulator.endpoints["dtu"], tap=writer.tap)
        before = await Client(dial, clock=world.clock).live()
        writer.close()
    async with simulate(SimulatorOptions(capture=str(path)), home()) as simulator:
        state = simulator.state()
        assert state["profile"] == "dtu-pro-s"
        client = Client(tcp("127.0.0.1", simulator.endpoints["dtu"]), clock=world.clock)
        after = await client.live(poll_all=False)
        assert [p.energy_total_wh for p in after.ports] == [p.energy_total_wh for p in before.ports]
        assert [i.active_power_w for i in after.single_phase] == [
            i.active_power_w for i in before.single_phase
        ]
        assert [i.serial[:4] for i in after.single_phase] == [i.serial[:4] for i in before.single_phase]
        assert {i.serial for i in after.single_phase}.isdisjoint(i.serial for i in before.single_phase)
        assert (await client.known()).dtu.software_version == 1792
        await elapse(70)
        assert (await client.live(at_once=True)).data_time_s != after.data_time_s


@warped
async def test_a_recording_without_an_inventory_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    header = CaptureHeader(
        device="here",
        family="hoymiles",
        firmware="",
        recorded_by="a test",
        started_at=NOON,
        redaction="serials",
    )
    CaptureWriter(path, header, HoymilesCodec(), home().clock).close()
    with pytest.raises(ConfigError, match="no inventory"):
        async with simulate(SimulatorOptions(capture=str(path)), home()):
            pass


@pytest.mark.parametrize(
    "arguments",
    [
        ("--role", "cloud", "--model", "hmsw-mid"),
        ("--role", "cloud", "--cloud", "127.0.0.1:10081"),
        ("--cloud", "dataeu.hoymiles.com:10081"),
        ("--role", "moon"),
        ("--model", "dtu-9000"),
    ],
)
def test_wrong_use_on_the_command_line_ends_with_2(arguments: tuple[str, ...]) -> None:
    assert CliRunner().invoke(simulate_command, ["hoymiles", *arguments]).exit_code == 2


def test_the_models_are_listed_with_the_default_first() -> None:
    listed = CliRunner().invoke(simulate_command, ["hoymiles", "--list-models"]).output.split()
    assert listed == list(PROFILES)


def test_the_card_has_the_options_of_the_roles() -> None:
    extras = {extra.name: extra for extra in FAMILY.extras}
    assert extras["role"].choices == ("dtu", "cloud")
    assert {"cloud", "allow-vendor-cloud", "relay"} <= set(extras)
