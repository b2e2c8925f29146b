"""The bridge at a real broker, in real time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from listener import Listener, listening
from mosquitto import Mosquitto
from toy_family import TOYS, Toy, ToyConfig

from ohmstead.bridges import BridgeSettings, Discovery, MqttSettings, bridged
from ohmstead.gateway import Gateway, Order, SiteFile, open_gateway
from ohmstead.model import DeviceConfig, DeviceId, ScaledClock, Site

pytestmark = pytest.mark.process

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
ROOF = "ohmstead/device/roof_1"
ROOF_CONFIG = "homeassistant/device/ohmstead/roof_1/config"
SOLAR_LIMIT = "homeassistant/number/ohmstead/roof_1__limits_solar/config"
SPEED = 30.0
"""A toy's poll comes every second."""

Serve = Callable[..., AbstractAsyncContextManager[Gateway]]
Eventually = Callable[[Callable[[], object]], Awaitable[object]]


@pytest.fixture
def roof() -> Toy:
    toy = TOYS.setdefault("roof", Toy())
    toy.energy_wh = 5000.0
    return toy


@pytest.fixture
def serve(tmp_path: Path, broker: Mosquitto, roof: Toy) -> Serve:
    @asynccontextmanager
    async def serve_it(
        *, control: bool = True, sources: tuple[str, ...] = ("roof",), **settings: Any
    ) -> AsyncIterator[Gateway]:
        site_file = _site(tmp_path, control=control, sources=sources)
        mqtt = MqttSettings(host="127.0.0.1", port=broker.port, **settings)
        clock = ScaledClock(NOON, SPEED)
        async with (
            open_gateway(site_file, directory=tmp_path, clock=clock) as gateway,
            bridged(gateway, BridgeSettings(mqtt=mqtt), lambda _: "wrong"),
        ):
            yield gateway

    return serve_it


def _site(folder: Path, *, control: bool, sources: tuple[str, ...]) -> SiteFile:
    devices: tuple[DeviceConfig, ...] = tuple(
        ToyConfig(url=f"toy://{name}", name=name, control=control) for name in sources
    )
    return SiteFile(path=folder / "site.toml", site=Site(name="Linden Street 4"), devices=devices)


def test_what_a_device_says_is_on_the_broker(serve: Serve, broker: Mosquitto, roof: Toy) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve():
            assert await ear.json(f"{ROOF}/state") == {
                "solar": {"power_w": 100.0, "losses_w": None, "energy_wh": 5000.0}
            }
            assert await ear.json(f"{ROOF}/details") == {"limit": 100.0}
            assert await ear.json("ohmstead/home/state", lambda told: told["solar_w"] == 100.0)
            await ear.heard(lambda: ear.newest.get(f"{ROOF}/availability") == b"online")
            assert ear.newest["ohmstead/status"] == b"online"
            roof.power_w = 250.0
            await ear.json(f"{ROOF}/state", lambda told: told["solar"]["power_w"] == 250.0)

    asyncio.run(live())


def test_a_device_that_is_away_is_offline_and_says_why(serve: Serve, broker: Mosquitto, roof: Toy) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve():
            await ear.heard(lambda: ear.newest.get(f"{ROOF}/availability") == b"online")
            roof.is_away = True
            await ear.heard(lambda: ear.newest.get(f"{ROOF}/availability") == b"offline")
            told = await ear.json(f"{ROOF}/health", lambda told: told["state"] == "unreachable")
            assert told["reason"] == "nobody answers at roof"

    asyncio.run(live())


def test_a_command_ends_in_a_receipt_and_in_what_is_in_force(
    serve: Serve, broker: Mosquitto, roof: Toy
) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve() as gateway:
            await ear.json(f"{ROOF}/settings", lambda told: told == {"limits_solar": None})
            await ear.say(f"{ROOF}/set/limits_solar", "40")
            receipt = await ear.json(f"{ROOF}/receipt/limits_solar")
            assert (receipt["outcome"], receipt["asked"], receipt["read_back"]) == ("confirmed", 40.0, 40.0)
            await ear.json(f"{ROOF}/settings", lambda told: told == {"limits_solar": 40.0})
            (entry,) = await gateway.commands.ledger()
            assert (entry.origin, entry.asked) == ("mqtt", 40.0)
        async with listening(broker.port) as ear, serve():  # remembered over a restart
            await ear.json(f"{ROOF}/settings", lambda told: told == {"limits_solar": 40.0})

    asyncio.run(live())
    assert roof.writes == [40.0]


@pytest.mark.parametrize(
    ("leaf", "text"),
    [
        ("limits_solar", b""),
        ("limits_solar", b"rubbish"),
        ("limits_solar", b"\xff\xfe\x00"),
        ("limits_solar", b"nan"),
        ("limits_solar", b"inf"),
        ("limits_solar", b"1e999"),
        ("limits_solar", b"101"),
        ("limits_solar", b"-5"),
        ("limits_solar", b"true"),
        ("limits_solar", b'{"value": 40}'),
        ("limits_solar", b"4" * 100_000),
    ],
)
def test_rubbish_is_refused_with_a_receipt_and_reaches_no_device(
    serve: Serve, broker: Mosquitto, roof: Toy, leaf: str, text: bytes
) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve():
            await ear.json(f"{ROOF}/settings")
            await ear.say(f"{ROOF}/set/{leaf}", text)
            receipt = await ear.json(f"{ROOF}/receipt/limits_solar")
            assert receipt["outcome"] == "refused"
            assert receipt["reason"]
            await ear.say(f"{ROOF}/set/{leaf}", "50")  # and the bridge still lives
            await ear.json(f"{ROOF}/receipt/limits_solar", lambda told: told["outcome"] == "confirmed")

    asyncio.run(live())
    assert roof.writes == [50.0]


@pytest.mark.parametrize(
    "topic",
    [
        f"{ROOF}/set/restarts",
        f"{ROOF}/set/no_ability",
        "ohmstead/device/nobody_1/set/limits_solar",
        "ohmstead/device/x/set/" + "y" * 5000,
        "ohmstead/device/../set/%s%n",
    ],
)
def test_topics_that_mean_nothing_are_passed_over(
    serve: Serve, broker: Mosquitto, roof: Toy, topic: str
) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve() as gateway:
            await ear.json(f"{ROOF}/settings")
            await ear.say(topic, "40")
            await ear.say(f"{ROOF}/set/limits_solar", "60")
            await ear.json(f"{ROOF}/receipt/limits_solar")
            assert [entry.asked for entry in await gateway.commands.ledger()] == [60.0]

    asyncio.run(live())
    assert roof.writes == [60.0]


def test_a_command_to_nobody_from_elsewhere_leaves_no_trace(serve: Serve, broker: Mosquitto) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve() as gateway:
            await ear.json(f"{ROOF}/settings")
            ability = "limits_solar"
            for device in ("nobody/1", "roof/1"):
                order = Order(device=DeviceId(device), ability=ability, value=40.0, origin="api")
                await gateway.commands.execute(order)
            await ear.json(f"{ROOF}/receipt/limits_solar")
            assert [topic for topic in ear.newest if "nobody" in topic] == []

    asyncio.run(live())


def test_a_retained_command_is_refused_and_removed(serve: Serve, broker: Mosquitto, roof: Toy) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear:
            await ear.say(f"{ROOF}/set/limits_solar", "30", retain=True)
            async with serve():
                await ear.json(f"{ROOF}/state")
                await ear.heard(lambda: f"{ROOF}/set/limits_solar" not in ear.newest)

    asyncio.run(live())
    assert roof.writes == []


def test_without_its_owners_consent_a_device_is_not_written_to(
    serve: Serve, broker: Mosquitto, roof: Toy
) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve(control=False):
            told = await ear.json(ROOF_CONFIG)
            assert "limits_solar" not in told["components"]
            await ear.json(f"{ROOF}/settings")
            await ear.say(f"{ROOF}/set/limits_solar", "40")
            receipt = await ear.json(f"{ROOF}/receipt/limits_solar")
            assert receipt["outcome"] == "refused"
            assert "control of roof is off" in receipt["reason"]

    asyncio.run(live())
    assert roof.writes == []


def test_a_broker_that_comes_back_empty_is_told_everything_anew(
    serve: Serve, broker: Mosquitto, roof: Toy, eventually: Eventually
) -> None:
    async def live() -> None:
        async with serve():
            async with listening(broker.port) as ear:
                before = set(
                    await ear.heard(lambda: ear.newest if "ohmstead/home/state" in ear.newest else None)
                )
            broker.kill()
            roof.power_w, asked = 777.0, roof.asked
            await eventually(lambda: roof.asked > asked + 1)
            broker.start()
            async with listening(broker.port) as ear:
                await ear.json(f"{ROOF}/state", lambda told: told["solar"]["power_w"] == 777.0)
                await ear.heard(lambda: set(ear.newest) >= before)
                await ear.say(f"{ROOF}/set/limits_solar", "70")
                await ear.json(f"{ROOF}/receipt/limits_solar")

    asyncio.run(live())
    assert roof.writes == [70.0]


def test_a_bridge_that_ends_says_so_and_leaves_its_devices(serve: Serve, broker: Mosquitto) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear:
            async with serve():
                await ear.json(f"{ROOF}/state")
            await ear.heard(lambda: ear.newest.get("ohmstead/status") == b"offline")
            assert ROOF_CONFIG in ear.newest

    asyncio.run(live())


def test_home_assistants_birth_is_answered_with_everything(
    serve: Serve, broker: Mosquitto, roof: Toy, eventually: Eventually
) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear, serve():
            await ear.heard(lambda: {ROOF_CONFIG, f"{ROOF}/state", f"{ROOF}/settings"} <= set(ear.newest))
            asked = roof.asked
            await eventually(lambda: roof.asked > asked + 1)  # what is announced once has been
            ear.all.clear()
            await ear.say("homeassistant/status", "online")
            await ear.heard(lambda: {ROOF_CONFIG, f"{ROOF}/state"} <= {topic for topic, _ in ear.all})

    asyncio.run(live())


def test_a_device_that_leaves_the_site_leaves_the_broker(
    serve: Serve, broker: Mosquitto, tmp_path: Path
) -> None:
    TOYS["barn"] = Toy()

    async def live() -> None:
        async with listening(broker.port) as ear, serve(sources=("roof", "barn")) as gateway:
            await ear.json("ohmstead/device/barn_1/state")
            await ear.json(f"{ROOF}/state")
            await gateway.follow(_site(tmp_path, control=True, sources=("roof",)))
            await ear.heard(lambda: not _of(ear, "barn_1"))
            assert _of(ear, "roof_1")

    asyncio.run(live())


@pytest.mark.parametrize("way", [Discovery.DEVICE, Discovery.COMPONENTS])
def test_what_left_while_nobody_ran_is_removed_at_the_next_start(
    serve: Serve, broker: Mosquitto, way: Discovery
) -> None:
    TOYS["barn"] = Toy()

    async def live() -> None:
        async with listening(broker.port) as ear:
            async with serve(sources=("roof", "barn"), discovery=way):
                await ear.json("ohmstead/device/barn_1/state")
                await ear.json(f"{ROOF}/state")
            await ear.say("ohmstead-of-others/x", "stays", retain=True)
            async with serve(discovery=way):
                await ear.heard(lambda: not _of(ear, "barn_1"))
                assert _of(ear, "roof_1")
                assert ear.newest["ohmstead-of-others/x"] == b"stays"

    asyncio.run(live())


def test_a_control_that_its_owner_took_away_is_removed(serve: Serve, broker: Mosquitto) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear:
            async with serve():
                told = await ear.json(ROOF_CONFIG, lambda told: "limits_solar" in told["components"])
                assert told["components"]["limits_solar"]["platform"] == "number"
            async with serve(control=False):
                await ear.json(
                    ROOF_CONFIG,
                    lambda told: told["components"].get("limits_solar") == {"platform": "number"},
                )

    asyncio.run(live())


def test_another_way_of_announcing_moves_the_entities(serve: Serve, broker: Mosquitto) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear:
            async with serve(discovery=Discovery.COMPONENTS):
                single = await ear.json(SOLAR_LIMIT)
            ear.all.clear()
            async with serve(discovery=Discovery.DEVICE):
                told = await ear.json(ROOF_CONFIG, lambda told: "limits_solar" in told["components"])
                await ear.heard(lambda: SOLAR_LIMIT not in ear.newest)
            assert told["components"]["limits_solar"]["unique_id"] == single["unique_id"]
            moves = [text for topic, text in ear.all if topic == SOLAR_LIMIT]
            assert [json.loads(text) if text else None for text in moves] == [
                {"migrate_discovery": True},
                None,
            ]

    asyncio.run(live())


def test_a_bridge_that_is_switched_off_leaves_nothing(serve: Serve, broker: Mosquitto) -> None:
    async def live() -> None:
        async with listening(broker.port) as ear:
            async with serve():
                await ear.json(f"{ROOF}/state")
            async with serve(enabled=False):
                await ear.heard(lambda: set(ear.newest) == {"ohmstead/mark"})  # which is not retained
        async with listening(broker.port) as ear:
            await ear.say("the/end", "now")
            await ear.heard(lambda: ear.newest)
            assert set(ear.newest) == {"the/end"}

    asyncio.run(live())


def test_a_broker_that_does_not_accept_us_is_no_end_of_the_site(
    tmp_path: Path, roof: Toy, caplog: pytest.LogCaptureFixture, mosquitto: str, eventually: Eventually
) -> None:
    (tmp_path / "passwords").write_text("")
    closed = Mosquitto(mosquitto, tmp_path, "allow_anonymous false", f"password_file {tmp_path}/passwords")

    async def live() -> None:
        mqtt = MqttSettings(host="127.0.0.1", port=closed.port, username="us")
        site_file = _site(tmp_path, control=True, sources=("roof",))
        async with (
            open_gateway(site_file, directory=tmp_path, clock=ScaledClock(NOON, SPEED)) as gateway,
            bridged(gateway, BridgeSettings(mqtt=mqtt), lambda _: "s3cret-word"),
        ):
            await eventually(lambda: "the broker does not accept us" in caplog.text)
            asked = roof.asked
            await eventually(lambda: roof.asked > asked)

    with closed:
        asyncio.run(live())
    assert "s3cret-word" not in caplog.text


def _of(ear: Listener, name: str) -> list[str]:
    return [topic for topic in ear.newest if f"/{name}/" in topic or f"/{name}__" in topic]


def test_a_broker_that_does_not_answer_is_told_until_it_does(
    serve: Serve, broker: Mosquitto, caplog: pytest.LogCaptureFixture, eventually: Eventually
) -> None:
    broker.kill()
    words = (
        f"The MQTT broker at 127.0.0.1, port {broker.port} cannot be told: the broker is away: Connection refused. "
        "It is tried again."
    )

    async def live() -> None:
        async with serve() as gateway:
            await eventually(lambda: [found.words for found in gateway.findings()] == [words])
            broker.start()
            await eventually(lambda: gateway.findings() == ())
        assert caplog.messages.count(words) == 1

    asyncio.run(live())
