"""An event loop whose time jumps: a day of waiting takes as long as the work in it.

Real sockets on the loopback address work, and so does all real code that waits by the loop. Time stands still while
anything can go on and jumps to the next timer when nothing can. Three things it must know to be right:

1. *Nothing on its way is jumped over.* The kernel hands loopback bytes to the peer within the call that sends them, so
   what was sent is readable at the next poll. A kernel under load may put that off; so before each jump the loop sends
   a probe to itself over the same loopback, behind everything else, and only when it comes back at once is there
   nothing under way. When it is late, the loop waits for it and then a little longer.
2. *Timers fire at their instant exactly*, never early: the clock is set to it, and its resolution to the next float.
3. *Nothing hangs.* No timer and nobody who could send: `Stuck` at once. No timer and silent sockets: `Stuck` after
   `PATIENCE_S` of real time. Timers without end while the test waits for something else: `Stuck` after
   `longest_processor_s` of the processor's time, which runs slower where a machine does much else.

There are no threads under it: what another thread does takes real time, in which ours would jump. Peers in other
processes are out for the same reason.
"""

from __future__ import annotations

import asyncio
import functools
import math
import selectors
import socket
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from contextvars import Context
from typing import Any, Final, ParamSpec, TypeVar, TypeVarTuple

P = ParamSpec("P")
T = TypeVar("T")
Ts = TypeVarTuple("Ts")

Ready = list[tuple[selectors.SelectorKey, int]]

PATIENCE_S: Final = 5.0
LATE_S: Final = 0.002
"""What the loop waits once the kernel has shown that it puts deliveries off."""


class Stuck(RuntimeError):
    """The loop waits for something that cannot come."""


class WarpLoop(asyncio.SelectorEventLoop):
    _scheduled: list[asyncio.TimerHandle]  # asyncio's own heap of timers: the first one is due next

    def __init__(self, start_s: float = 0.0, longest_processor_s: float = 300.0) -> None:
        self._selector_that_warps = selector = _WarpSelector(longest_processor_s)
        super().__init__(selector)
        selector.on_idle = self._jump
        self._set_time(start_s)

    def time(self) -> float:
        return self._now_s

    def call_later(
        self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """What is to be later is later: rounding must not leave a task that waits for a remainder where it was."""
        when_s = self._now_s + delay
        if delay > 0:
            when_s = max(when_s, math.nextafter(self._now_s, math.inf))
        return self.call_at(when_s, callback, *args, context=context)

    def _jump(self) -> bool:
        """Go to the next timer; False when there is none."""
        if not self._scheduled or math.isinf(when_s := self._scheduled[0].when()):
            return False
        self._set_time(max(when_s, self._now_s))
        return True

    def _set_time(self, now_s: float) -> None:
        self._now_s = now_s
        # asyncio fires what is due before time() + resolution: with one float's step, exactly what is due now.
        self._clock_resolution = math.ulp(now_s)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        name = getattr(func, "__qualname__", repr(func))
        raise RuntimeError(
            f"the warp loop has no threads, so {name} cannot run in one; call it directly, or run this on a real loop"
        )

    async def getaddrinfo(
        self,
        host: bytes | str | None,
        port: bytes | str | int | None,
        *,
        family: int = 0,
        type: int = 0,  # noqa: A002  # asyncio's name for it
        proto: int = 0,
        flags: int = 0,
    ) -> list[Any]:  # Any: tuples whose types differ by address family and Python version
        """Numeric addresses and localhost, without the thread a name server would need; no other name exists."""
        numeric = "127.0.0.1" if host in ("localhost", b"localhost") else host
        return socket.getaddrinfo(numeric, port, family, type, proto, flags | socket.AI_NUMERICHOST)

    def close(self) -> None:
        super().close()
        self._selector_that_warps.close_probe()


class _WarpSelector(selectors.DefaultSelector):
    """Polls; when nothing is ready, makes sure that nothing is under way and lets the loop jump."""

    on_idle: Callable[[], bool]

    def __init__(self, longest_processor_s: float) -> None:
        super().__init__()
        self._probe: _Probe | None = None
        self._longest_processor_s = longest_processor_s
        self._end_processor_s = time.process_time() + longest_processor_s

    def select(self, timeout: float | None = None) -> Ready:
        if time.process_time() > self._end_processor_s:
            self._end_processor_s = time.process_time() + PATIENCE_S  # for the tasks that are cancelled now
            raise Stuck(f"still not done after {self._longest_processor_s:g} s of the processor's time")
        if (ready := super().select(0)) or (timeout is not None and timeout <= 0):
            return ready
        has_sockets = len(self.get_map()) > 1  # one is the loop's own, for waking it from outside
        if has_sockets and (ready := self._deliveries()):
            return ready
        if self.on_idle():
            return []
        if has_sockets and (ready := super().select(PATIENCE_S)):
            return ready
        raise Stuck("every task waits, no timer is set, and nothing comes from any socket")

    def _deliveries(self) -> Ready:
        if self._probe is None:
            self._probe = _Probe()
        return super().select(0 if self._probe.comes_back_at_once() else LATE_S)

    def close_probe(self) -> None:
        if self._probe is not None:
            self._probe.close()


class _Probe:
    """A loopback connection to ourselves: the kernel delivers in order, so what it brings came behind all else."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            self._near = socket.create_connection(server.getsockname())
            self._far, _ = server.accept()
        self._near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def comes_back_at_once(self) -> bool:
        """Wait for one byte to pass; whether it was there already when first looked for."""
        self._near.send(b"?")
        try:
            self._far.recv(1, socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._far.recv(1)
            return False
        return True

    def close(self) -> None:
        self._near.close()
        self._far.close()


def run(main: Coroutine[Any, Any, T], *, start_s: float = 0.0, longest_processor_s: float = 300.0) -> T:
    """Run a coroutine to its end on a warp loop of its own. `start_s`: what the loop's time starts at."""
    with asyncio.Runner(loop_factory=lambda: WarpLoop(start_s, longest_processor_s)) as runner:
        return runner.run(main)


def warped(test: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Makes an async test one that pytest runs on a warp loop; its fixtures stay what they are."""

    @functools.wraps(test)
    def run_warped(*args: P.args, **kwargs: P.kwargs) -> T:
        return run(test(*args, **kwargs))

    return run_warped


async def elapse(seconds: float) -> None:
    """Let so much of the loop's time pass; on a warp loop it takes none. On any other loop a test must not call this."""
    if not isinstance(asyncio.get_running_loop(), WarpLoop):
        raise RuntimeError(  # noqa: TRY004 - the loop is no argument
            "only a warp loop's time passes for nothing; wait for what should happen instead"
        )
    await asyncio.sleep(seconds)
