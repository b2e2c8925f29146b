"""Reads and writes settings over the unit's own access point, while its access window is open.

What is written to flash memory wears it: such calls need a `Permit`, which only the wear budget gives. Calls that could
cut a unit off from its owner (update, factory reset, Wi-Fi) are not made at all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final, TypeVar

from google.protobuf.message import Message

from ohmstead.families.tesla_wall_connector import generations
from ohmstead.families.tesla_wall_connector.client.web import web_session
from ohmstead.families.tesla_wall_connector.control.wear import Permit
from ohmstead.families.tesla_wall_connector.envelope import (
    CONTENT_TYPE,
    DIN_PATH,
    PATH,
    call,
    opened,
    place,
    reply_name,
)
from ohmstead.families.tesla_wall_connector.errors import refusal
from ohmstead.families.tesla_wall_connector.protos.common_pb2 import (
    CommonAPIGetSystemInfoRequest,
    CommonAPIGetSystemInfoResponse,
    ErrorResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_pb2 import (
    WCAPIConfigureChargeScheduleRequest,
    WCAPIConfigureChargeScheduleResponse,
    WCAPIConfigureLoadSharingSettingsRequest,
    WCAPIConfigureSettingsRequest,
    WCAPIConfigureSettingsResponse,
    WCAPIGetConfigRequest,
    WCAPIGetConfigResponse,
    WCAPIGetLifetimeStatsRequest,
    WCAPIGetLifetimeStatsResponse,
    WCAPIGetLoadSharingNetworkStateRequest,
    WCAPIGetLoadSharingNetworkStateResponse,
    WCAPIGetProvisionalOperationalParamsRequest,
    WCAPIGetProvisionalOperationalParamsResponse,
    WCAPIGetVitalsRequest,
    WCAPIGetVitalsResponse,
    WCAPISetProvisionalOperationalParamsRequest,
    WCAPISetProvisionalOperationalParamsResponse,
)
from ohmstead.families.tesla_wall_connector.protos.wc_schedule_pb2 import (
    WC_CHARGE_SCHEDULE_ERROR_NONE,
    WCChargeScheduleError,
)
from ohmstead.families.tesla_wall_connector.protos.wc_settings_pb2 import (
    WCProvisionalOperationalParams,
    WCSettings,
)
from ohmstead.families.tesla_wall_connector.protos.wc_sharing_pb2 import WCLoadSharingNetworkState
from ohmstead.families.tesla_wall_connector.protos.wc_state_pb2 import WCLifetimeStats
from ohmstead.kit.block import opens
from ohmstead.kit.link import Pacer
from ohmstead.kit.link.http import HttpSession
from ohmstead.model import BadAnswer, Refused, Tap, TimedOut, Unsafe, Unsupported, WireError

ACCESS_POINT: Final = "192.168.92.1"
"""Every unit's own address in its own Wi-Fi."""
LIMIT_BYTES: Final = 64 * 1024
KEPT_S: Final = 600.0
"""Once its network is hidden, a unit takes no new connection, but goes on with one that stands."""
GAP_S: Final = 0.2
HEADERS: Final = {"Content-Type": CONTENT_TYPE}

WORN: Final = (WCAPIConfigureSettingsRequest, WCAPIConfigureLoadSharingSettingsRequest)
"""Calls that wear the flash memory."""
NEVER: Final = frozenset(
    {
        "perform_update_request",
        "factory_reset_request",
        "configure_wifi_request",
        "configure_wifi_with_encrypted_password_request",
        "forget_wifi_network_request",
        "perform_update_from_locally_available_packages_request",
    }
)

R = TypeVar("R", bound=Message)


class Configurator:
    """One unit's configuration channel. Raises `PresenceLapsed` when the window has closed to us."""

    def __init__(self, session: HttpSession, din: str = "") -> None:
        self._session = session
        self._din = din
        self._pacer = Pacer(GAP_S)

    async def din(self) -> str:
        """Asked once, and kept: every call is addressed with it."""
        if not self._din:
            async with self._pacer:
                answer = await self._session.get(DIN_PATH)
            if answer.status != 200:
                raise Unsupported(
                    f"there is no {DIN_PATH} here (HTTP {answer.status}): is this the access point?"
                )
            self._din = answer.body.decode("ascii", "replace").strip()
        return self._din

    async def ask(self, message: Message, reply: type[R]) -> R:
        """Any call that writes nothing to flash memory. Raises `Unsafe` for others."""
        if isinstance(message, WORN):
            raise Unsafe("this call wears the flash memory and goes through the wear budget only")
        return await self._ask(message, reply)

    async def config(self) -> WCAPIGetConfigResponse:
        return await self._ask(WCAPIGetConfigRequest(), WCAPIGetConfigResponse)

    async def vitals(self) -> WCAPIGetVitalsResponse:
        return await self._ask(WCAPIGetVitalsRequest(), WCAPIGetVitalsResponse)

    async def lifetime(self) -> WCLifetimeStats:
        """In today's numbers, whichever generation the unit is of."""
        found = await self._ask(WCAPIGetLifetimeStatsRequest(), WCAPIGetLifetimeStatsResponse)
        return generations.lifetime(found.lifetime_stats)

    async def system_info(self) -> CommonAPIGetSystemInfoResponse:
        return await self._ask(CommonAPIGetSystemInfoRequest(), CommonAPIGetSystemInfoResponse)

    async def sharing(self) -> WCLoadSharingNetworkState:
        """What the leader of a group knows of all its units."""
        found = await self._ask(
            WCAPIGetLoadSharingNetworkStateRequest(), WCAPIGetLoadSharingNetworkStateResponse
        )
        return found.network_state

    async def temporary(self) -> WCAPIGetProvisionalOperationalParamsResponse:
        return await self._ask(
            WCAPIGetProvisionalOperationalParamsRequest(), WCAPIGetProvisionalOperationalParamsResponse
        )

    async def set_temporary(self, limit_a: int, timeout_s: int, *, inhibit: bool = False) -> None:
        """The reply says nothing: `temporary` proves it."""
        params = WCProvisionalOperationalParams(
            limit_current_max_amps=limit_a, limit_timeout_s=timeout_s, inhibit_charging=inhibit
        )
        await self._ask(
            WCAPISetProvisionalOperationalParamsRequest(prov_op_params=params),
            WCAPISetProvisionalOperationalParamsResponse,
        )

    async def set_schedule(self, request: WCAPIConfigureChargeScheduleRequest) -> None:
        """Raises `Refused` with the unit's reason."""
        error = (await self._ask(request, WCAPIConfigureChargeScheduleResponse)).error
        if error != WC_CHARGE_SCHEDULE_ERROR_NONE:
            name = (
                WCChargeScheduleError.Name(error) if error in WCChargeScheduleError.values() else str(error)
            )
            raise Refused(f"the unit did not take the schedule: {name.lower()}.", code=error)

    async def write(self, settings: WCSettings, permit: Permit) -> WCSettings:
        """Writes what is present to flash memory; the settings as the unit then has them. A permit is good once."""
        permit.use()
        request = WCAPIConfigureSettingsRequest(settings=settings)
        return (await self._ask(request, WCAPIConfigureSettingsResponse)).settings

    async def _ask(self, message: Message, reply: type[R]) -> R:
        _, name = place(type(message))
        if name in NEVER:
            raise Unsafe(f"{name} could cut the unit off from its owner and is not sent from here")
        body = call(message, await self.din())
        async with self._pacer:
            answer = await self._session.post(PATH, body, headers=HEADERS)
        if answer.status == 404:
            raise Unsupported(f"there is no {PATH} here: only the unit's own access point has it.")
        if answer.status != 200:
            raise TimedOut(f"the unit could not answer {name} (HTTP {answer.status}).")
        return self._meant(answer.body, name, reply)

    def _meant(self, body: bytes, name: str, reply: type[R]) -> R:
        try:
            found = opened(body)
        except WireError as error:
            raise BadAnswer(f"the answer to {name} cannot be read: {error}.") from error
        if isinstance(found.message, ErrorResponse):
            status = found.message.status
            raise refusal(status.code, status.message, name)
        if found.name != reply_name(name) or not isinstance(found.message, reply):
            raise BadAnswer(f"{name} was answered with {found.name}.")
        if found.sender.din != self._din:
            raise BadAnswer(f"{name} was answered by another unit.")
        return found.message


@opens
async def open_configurator(
    host: str = ACCESS_POINT, port: int = 80, *, din: str = "", tap: Tap | None = None
) -> AsyncIterator[Configurator]:
    """Nothing is sent before the first question; a DIN that is known spares one."""
    async with web_session(host, port, keep_alive_s=KEPT_S, limit_bytes=LIMIT_BYTES, tap=tap) as session:
        yield Configurator(session, din)
