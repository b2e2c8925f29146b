"""What a session asks of the DTU it speaks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ohmstead.families.hoymiles.protos.cloud_inventory_pb2 import CloudDevInfoFromDtu
from ohmstead.families.hoymiles.protos.command_pb2 import CommandFromDtu, CommandToDtu
from ohmstead.families.hoymiles.protos.device_config_pb2 import (
    DevConfigFetchFromDtu,
    DevConfigFetchToDtu,
    DevConfigPutFromDtu,
    DevConfigPutToDtu,
)
from ohmstead.families.hoymiles.protos.heartbeat_pb2 import HeartbeatFromDtu


class ReportingUnit(Protocol):
    """A DTU, as its cloud sees it."""

    def cloud_heartbeat(self) -> HeartbeatFromDtu: ...

    def cloud_inventory(self) -> Sequence[CloudDevInfoFromDtu]:
        """All packets, in order; at least one."""
        ...

    def set_clock(self, time_s: int, utc_offset_s: int | None) -> None:
        """The cloud said the time. `None`: it said that it knows no offset."""
        ...

    def cloud_command(self, request: CommandToDtu) -> CommandFromDtu:
        """Accept or refuse; what becomes of it the unit reports as `CLOUD_COMMAND_STATUS`."""
        ...

    def cloud_fetch(self, request: DevConfigFetchToDtu) -> DevConfigFetchFromDtu: ...

    def cloud_put(self, request: DevConfigPutToDtu) -> DevConfigPutFromDtu: ...
