"""What our client sends is what the vendor's app and published clients send, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any, Final

import pytest
from google.protobuf.message import Message

from ohmstead.families.hoymiles import modes, requests
from ohmstead.families.hoymiles.actions import (
    VIA_CLOUD_ID,
    Action,
    limit_text,
    power_factor_text,
    reactive_text,
    temporary_limit_text,
)
from ohmstead.families.hoymiles.client import settings
from ohmstead.families.hoymiles.crypto import Cipher
from ohmstead.families.hoymiles.modes import Period, StorageMode
from ohmstead.families.hoymiles.protos.alarms_legacy_pb2 import AlarmsLegacyToDtu
from ohmstead.families.hoymiles.protos.config_pb2 import ConfigGetFromDtu
from ohmstead.families.hoymiles.wire import Conversation, Extension, Frame
from ohmstead.model import Unsafe

VECTORS = json.loads((Path(__file__).parent / "data" / "vectors.json").read_text(encoding="utf-8"))
BY_ID = {vector["id"]: vector for vector in VECTORS["frames"]}
REQUESTS = [vector for vector in VECTORS["frames"] if vector["direction"] == "app->dtu"]
SUMMER = timezone(timedelta(hours=2))
NOW = datetime.fromtimestamp(1_718_000_000, SUMMER)
CAPTURED = datetime.fromtimestamp(1_695_657_656, UTC)
COMMANDED = datetime.fromtimestamp(1_695_572_446, UTC)
INVERTER = "1412A0334455"
STORAGE = 20000000054321


class FixedClock:
    speed = 1.0

    def now(self) -> datetime:
        return NOW

    async def sleep_until(self, at: datetime) -> None:
        raise AssertionError("nobody sleeps here")


def new_wifi() -> Message:
    """The image that was read, with another network in it."""
    present = ConfigGetFromDtu.FromString(bytes.fromhex(BY_ID["res-config"]["payload_hex"]))
    return settings.image(present, settings.wifi("NewNet", "new-not-real"), FixedClock())


def storage(settings_of: Message) -> Message:
    return requests.storage_settings(NOW, settings_of, [STORAGE])  # type: ignore[arg-type]


OURS: Final[Mapping[str, Callable[[], Message]]] = {
    "req-alarms": lambda: requests.alarms(NOW),
    # Never sent by us; a DTU takes it all the same.
    "req-alarms-legacy": lambda: AlarmsLegacyToDtu(
        time_text=NOW.strftime("%Y-%m-%d %H:%M:%S"),
        utc_offset=28800,
        time=1_718_000_000,
    ),
    "req-auto-search": lambda: requests.auto_search(NOW),
    "req-alarm-prepare": lambda: requests.command(Action.ALARMS_ALL, NOW),
    "req-command-provision": lambda: requests.provision(NOW, [INVERTER, "1412A0334456"]),
    "req-dtu-reboot": lambda: requests.command(Action.DTU_REBOOT, NOW),
    "req-inverter-on": lambda: requests.command(Action.INVERTER_ON, NOW, inverters=[INVERTER]),
    "req-power-limit-80": lambda: requests.command(Action.POWER_LIMIT, NOW, text=limit_text(80)),
    "req-temp-limit-300W": lambda: requests.command(
        Action.POWER_LIMIT_TEMPORARY, NOW, text=temporary_limit_text(300)
    ),
    "req-command-status-captured": lambda: requests.command_status(Action.POWER_LIMIT, COMMANDED),
    "req-config-get": lambda: requests.config(NOW),
    "req-set-wifi-1": lambda: requests.config(NOW),
    "req-set-wifi-2": new_wifi,
    "req-dev-config-fetch": lambda: requests.grid_profile(NOW, INVERTER),
    "req-dev-info": lambda: requests.dev_info(NOW),
    "req-heartbeat": lambda: requests.heartbeat(NOW),
    "req-hist-energy": lambda: requests.energy_history(NOW),
    "capture-hist-power-request": lambda: requests.power_history(CAPTURED),
    "enc-req-hist-power": lambda: requests.power_history(NOW),
    "req-network-info": lambda: requests.network(NOW),
    "req-real-data": lambda: requests.old_live(NOW),
    "req-real-data-new": lambda: requests.live(NOW),
    "enc-req-real-data-new": lambda: requests.live(NOW),
    "req-gateway-info": lambda: requests.gateway_info(NOW),
    "enc-req-gateway-info": lambda: requests.gateway_info(NOW),
    "req-gateway-network": lambda: requests.gateway_network(NOW),
    "req-storage-registry": lambda: requests.storage_registry(NOW),
    "req-storage-data": lambda: requests.storage_data(NOW, STORAGE),
    "req-storage-mode-backup": lambda: storage(modes.reserving(StorageMode.BACKUP, 90)),
    "req-storage-mode-charge": lambda: storage(modes.forced(StorageMode.FORCED_CHARGE, 10, 75)),
    "req-storage-mode-tou": lambda: storage(
        modes.time_of_use(
            10,
            [
                Period(
                    charge_from=time(6),
                    charge_until=time(8),
                    charge_power_pct=50,
                    discharge_from=time(18),
                    discharge_until=time(20),
                    discharge_power_pct=40,
                    min_soc_pct=20,
                    max_soc_pct=90,
                )
            ],
        )
    ),
}
EMPTY = "req-dev-info-empty"
"""Legal, and never sent by us: with the time in it an owner's log says more."""


def test_every_request_of_the_vectors_is_one_of_ours() -> None:
    assert {vector["id"] for vector in REQUESTS} == {*OURS, EMPTY}


@pytest.mark.parametrize("name", OURS)
def test_our_request_is_the_known_one_byte_for_byte(name: str) -> None:
    vector = BY_ID[name]
    seed, extended = vector.get("encryption_seed"), vector.get("extended")
    frame = Frame(
        int(vector["frame"]["command_id"], 16),
        vector["frame"]["sequence"],
        OURS[name]().SerializeToString(),
        Extension(extended["serial"], extended["channel"]) if extended else None,
    )
    conversation = Conversation(Cipher(bytes.fromhex(seed)) if seed else None)
    assert conversation.send(frame).hex() == vector["hex"]


def test_commands_go_under_the_id_that_published_clients_use() -> None:
    for vector in REQUESTS:
        if vector["message"] == "CommandToDtu":
            is_cloud = vector["frame"]["command_id"] == "0x2305"
            assert (vector["decoded"]["action"] in VIA_CLOUD_ID) == is_cloud


@pytest.mark.parametrize("vector", VECTORS["parameters"], ids=lambda vector: vector["id"])
def test_a_parameter_is_written_as_known(vector: dict[str, Any]) -> None:
    writing: dict[str, Callable[[float], str]] = {
        "power_limit_percent": limit_text,
        "power_factor": power_factor_text,
        "reactive_degrees": reactive_text,
    }
    assert writing[vector["parameter"]](vector["value"]) == vector["data"]


def test_half_a_tenth_of_a_watt_is_rounded_up() -> None:
    assert temporary_limit_text(300.25) == "S:1,P:3003\r"
    assert temporary_limit_text(0.1) == "S:1,P:1\r"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: modes.reserving(StorageMode.FORCED_CHARGE, 10), "needs more than a reserve"),
        (lambda: modes.reserving(StorageMode.BACKUP, 101), "0 to 100 %, not 101"),
        (lambda: modes.forced(StorageMode.BACKUP, 10, 50), "not a forced mode"),
        (lambda: modes.forced(StorageMode.FORCED_DISCHARGE, 10, 120), "0 to 100 %, not 120"),
        (lambda: modes.peak_shaving(50, -1), "outside 0 to"),
        (lambda: modes.time_of_use(10, []), "needs a period"),
        (lambda: modes.economy(10, []), "two weeks each"),
    ],
)
def test_settings_that_make_no_sense_are_never_made(make: Callable[[], Message], said: str) -> None:
    with pytest.raises(Unsafe, match=said):
        make()
