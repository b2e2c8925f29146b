"""A client's connection, which comes back by itself: greeting, what was granted, and everything read once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

import msgspec

from ohmstead.families.everest.client.known import Known, known_of
from ohmstead.families.everest.client.mirror import CHARGER, Mirror
from ohmstead.families.everest.client.session import Additions, Session
from ohmstead.families.everest.schema import extensions as ours
from ohmstead.families.everest.schema import methods, results
from ohmstead.families.everest.schema.enums import ResponseErrorEnum as Error
from ohmstead.families.everest.schema.members import Object
from ohmstead.families.everest.schema.methods import Method
from ohmstead.families.everest.wire import Code
from ohmstead.kit.block import Block
from ohmstead.kit.link import Backoff
from ohmstead.kit.link.messages import DialMessages, MessageLink
from ohmstead.model import ConnectionLost, OhmsteadError, Refused

log = logging.getLogger(__name__)

R = TypeVar("R", bound=Object)

HELLO_S: Final = 4.0
"""The server hangs up after 5 s."""
READ_S: Final = 3.0
RETRY_S: Final = 1.0
"""Between questions for what the server does not know yet."""


class Greeting(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for beyond the reference. With nothing to ask for, the greeting is a plain one."""

    extensions: tuple[str, ...] = ()
    token: str = ""
    """A token can also stand in a header of the connection."""
    name: str = ""
    """What the server's log and lists of limits call us."""

    @property
    def params(self) -> dict[str, object]:
        said = {"extensions": self.extensions, "token": self.token, "client": self.name}
        return {name: value for name, value in said.items() if value}


class Line:
    """`hello` is None until a server has greeted back; `granted` is what it granted, as long as it is connected."""

    def __init__(
        self, greeting: Greeting, changed: Callable[[], None], recalled: Known | None = None
    ) -> None:
        """`recalled`: what an earlier life learnt. The first connection begins with it and does not ask for it."""
        self.mirror = Mirror()
        self.hello: results.HelloResObj | ours.ExtendedHelloResObj | None = None
        self.granted: frozenset[str] = frozenset()
        self.subscription: Mapping[str, object] | None = None
        """The parameters of the last `API.Subscribe`, which is repeated on each new connection."""
        self._greeting = greeting
        self._recalled = recalled
        self._additions = Additions()
        self._changed = changed
        self._session: Session | None = None
        self.problem: OhmsteadError | None = None
        """What ended the last connection, or kept it from being made."""
        self._trouble = "no connection has been made yet"
        self.block = Block("the client of the charge point")
        self.is_ready = False
        """Whether it is connected and has read everything once."""
        self._stirred = asyncio.Event()

    @property
    def known(self) -> Known | None:
        """For a later life to recall."""
        return known_of(self.hello, self.mirror)

    @property
    def is_ours(self) -> bool:
        """Whether the server understands a greeting with parameters: it is no reference then."""
        return isinstance(self.hello, ours.ExtendedHelloResObj)

    @property
    def trouble(self) -> str:
        return "" if self._session is not None else self._trouble

    @property
    def additions(self) -> dict[str, str]:
        return dict(self._additions.seen)

    async def ready(self) -> None:
        await self.until(lambda: False)

    async def until(self, told: Callable[[], bool]) -> None:
        """Until everything has been read, or `told` says of what is known by then that it is enough."""
        while not (self.is_ready or told()):
            self.block.require()
            self._stirred.clear()
            await self._stirred.wait()

    async def keep(self, dial: DialMessages, backoff: Backoff) -> None:
        """Connect and stay connected, for ever."""
        try:
            while True:
                await self._connect(dial, backoff)
                await asyncio.sleep(backoff.next_s())
        finally:
            self._trouble = "the client is closed"
            self._stirred.set()

    async def _connect(self, dial: DialMessages, backoff: Backoff) -> None:
        """Once, for as long as it lasts."""
        try:
            async with dial() as link:
                await self._stay(link, backoff)
        except OhmsteadError as error:
            if str(error) != self._trouble:  # once of the same, however long it lasts
                log.info("not connected: %s", error)
            self._trouble, self.problem = str(error), error
        finally:
            self._session = None
            self.is_ready = False

    async def call(
        self,
        method: Method,
        params: Mapping[str, object] | None,
        kind: type[R],
        *,
        within_s: float,
        arrived: Callable[[R], None] | None = None,
    ) -> R:
        return await self.require_connection().call(
            method.name, params, kind, within_s=within_s, arrived=arrived
        )

    async def read(self, method: Method, kind: type[R], params: Mapping[str, object] | None = None) -> R:
        """What is read is kept in its place among what was announced, unless it stands beside an error."""
        asked_at = self.mirror.now()
        index = params.get("evse_index", CHARGER) if params else CHARGER

        def arrived(result: R) -> None:
            if getattr(result, "error", None) is Error.NO_ERROR and isinstance(index, int):
                self.mirror.read(index, result, asked_at)
                self._stirred.set()

        return await self.call(method, params, kind, within_s=READ_S, arrived=arrived)

    async def read_everything(self) -> None:
        """As soon as the server knows which EVSEs there are."""
        if "snapshot" in self.granted:
            while not any(evse.info is not None for evse in (await self._snapshot()).evses):
                await asyncio.sleep(RETRY_S)
            return
        recalled, self._recalled = self._recalled, None
        if recalled is not None:
            recalled.tell(self.mirror)
            await self._read_what_changes(evse.info.index for evse in recalled.evses)
            return
        await self._read_what_changes(await self.read_what_stays())
        await self.read_errors()

    async def read_what_stays(self) -> tuple[int, ...]:
        """The EVSEs there are, and what each can do."""
        infos = await self._infos()
        while infos.error is Error.ERROR_NO_DATA_AVAILABLE:
            await asyncio.sleep(RETRY_S)
            infos = await self._infos()
        indexes = tuple(info.index for info in infos.infos)
        for index in indexes:
            await self.read(
                methods.GET_HARDWARE_CAPABILITIES,
                results.EVSEGetHardwareCapabilitiesResObj,
                {"evse_index": index},
            )
        return indexes

    async def _read_what_changes(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            named = {"evse_index": index}
            await self.read(methods.GET_STATUS, results.EVSEGetStatusResObj, named)
            await self.read(methods.GET_METER_DATA, results.EVSEGetMeterDataResObj, named)

    async def read_errors(self) -> None:
        await self.read(methods.GET_ACTIVE_ERRORS, self.kind(methods.GET_ACTIVE_ERRORS))

    def kind(self, method: Method) -> type[Object]:
        """What a method returns to us, by what we were granted."""
        granted = (kind for name, kind in method.result_for.items() if name in self.granted)
        return next(granted, method.result)

    async def _infos(self) -> results.ChargePointGetEVSEInfosResObj:
        return await self.read(methods.GET_EVSE_INFOS, results.ChargePointGetEVSEInfosResObj)

    async def _snapshot(self) -> ours.APIGetSnapshotResObj:
        has_details = "details" in self.granted
        kind = ours.DetailedSnapshotResObj if has_details else ours.APIGetSnapshotResObj
        return await self.read(methods.GET_SNAPSHOT, kind)

    async def _stay(self, link: MessageLink, backoff: Backoff) -> None:
        session = Session(link, self._additions, self._announced)
        self.mirror.forget_stamps()
        await self._greet(session)
        self._session = session
        if self.subscription is not None and "subscribe" in self.granted:
            await self.read(methods.SUBSCRIBE, ours.APISubscribeResObj, self.subscription)
        await self.read_everything()
        # Not before: a server that greets and refuses everything else is left alone ever longer.
        backoff.reset()
        self.is_ready = True
        self._stirred.set()
        log.debug("%s", await session.ended())
        raise ConnectionLost("the server ended the connection")

    async def _greet(self, session: Session) -> None:
        """The reference refuses a greeting with parameters, and is then greeted plainly; a known one at once."""
        self.hello, self.granted = None, frozenset()
        if self._greeting.params and self._recalled is None:
            try:
                self.hello = await session.call(
                    methods.HELLO.name, self._greeting.params, ours.ExtendedHelloResObj, within_s=HELLO_S
                )
                self.granted = session.granted = frozenset(self.hello.extensions)
                return
            except Refused as error:
                if error.code != Code.INVALID_PARAMETER:
                    raise
        self.hello = await session.call(methods.HELLO.name, None, results.HelloResObj, within_s=HELLO_S)
        if self._recalled is not None and self._recalled.hello != self.hello:
            self._recalled = None
            raise ConnectionLost("the charge point is not what it was before; it is met anew")

    def _announced(self, params: Object) -> None:
        self.mirror.announced(params)
        self._stirred.set()
        self._changed()

    def require_connection(self) -> Session:
        """Raises `ConnectionLost` while there is none."""
        if self._session is None:
            self.block.require()
            raise ConnectionLost(f"not connected: {self._trouble}")
        return self._session
