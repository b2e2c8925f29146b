"""A serial line keeps the promises of a link. In real time: the system hands a terminal's bytes over when it likes."""

from __future__ import annotations

import asyncio
import functools
import os
import select
import termios
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from ohmstead.kit.link.serial import SerialLink, pseudo_terminal, serial
from ohmstead.model import ConfigError, ConnectionLost, Unreachable

PATIENCE_S = 60.0

P = ParamSpec("P")


def in_real_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), PATIENCE_S))

    return run


async def received(link: SerialLink | Any, size: int) -> bytes:  # Any: a Link
    data = b""
    while len(data) < size:
        data += await link.receive()
    return data


def until_readable(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOCTTY)
    assert select.select([descriptor], [], [], PATIENCE_S)[0]
    os.close(descriptor)


@in_real_time
async def test_every_byte_passes_both_ways_unchanged() -> None:
    every = bytes(range(256))
    with pseudo_terminal() as (ours, path):
        far = SerialLink(ours, path)
        async with serial(path, baud=115_200)() as near:
            await near.send(every)
            assert await received(far, 256) == every
            await far.send(every)
            assert await received(near, 256) == every
        await far.close()


@in_real_time
async def test_the_line_runs_at_its_speed_with_eight_bits_and_no_parity() -> None:
    with pseudo_terminal() as (ours, path):
        async with serial(path, baud=9600)():
            flags = termios.tcgetattr(ours)
            assert flags[4] == flags[5] == termios.B9600
            assert flags[2] & termios.CSIZE == termios.CS8
            assert not flags[2] & termios.PARENB
        os.close(ours)


@in_real_time
async def test_what_came_before_it_was_opened_is_not_read() -> None:
    with pseudo_terminal() as (ours, path):
        far = SerialLink(ours, path)
        await far.send(b"old")
        until_readable(path)
        async with serial(path, baud=115_200)() as near:
            await far.send(b"new")
            assert await received(near, 3) == b"new"
        await far.close()


@in_real_time
async def test_a_sender_waits_for_a_reader_and_loses_nothing() -> None:
    much = os.urandom(50_000)
    with pseudo_terminal() as (ours, path):
        far = SerialLink(ours, path)
        async with serial(path, baud=115_200)() as near:
            _, came = await asyncio.gather(far.send(much), received(near, len(much)))
            assert came == much
        await far.close()


@in_real_time
async def test_a_closed_line_wakes_who_waits_and_takes_no_more() -> None:
    with pseudo_terminal() as (ours, path):
        far = SerialLink(ours, path)
        waiting = asyncio.ensure_future(far.receive())
        await asyncio.sleep(0)
        await far.close()
        await far.close()

        with pytest.raises(ConnectionLost, match="the link is closed"):
            await waiting
        with pytest.raises(ConnectionLost, match="nothing can be sent"):
            await far.send(b"x")


@in_real_time
async def test_whoever_listens_is_given_what_comes_and_told_of_the_end() -> None:
    class Listener:
        def __init__(self) -> None:
            self.heard = b""
            self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def hear(self, data: bytes) -> None:
            self.heard += data

        def lost(self, error: ConnectionLost) -> None:
            self.ended.set_result(str(error))

    with pseudo_terminal() as (ours, path):
        far, listener = SerialLink(ours, path), Listener()
        async with serial(path, baud=115_200)() as near:
            near.attach(listener)
            await far.send(b"hello")
            while listener.heard != b"hello":
                await asyncio.sleep(0)
        assert "the link is closed" in await listener.ended
        await far.close()


@in_real_time
async def test_what_is_no_line_is_said_to_be_none(tmp_path: Path) -> None:
    plain = tmp_path / "file"
    plain.touch()
    with pytest.raises(Unreachable, match="is the adapter plugged in"):
        async with serial(str(tmp_path / "none"), baud=115_200)():
            pass
    with pytest.raises(ConfigError, match="is no serial line"):
        async with serial(str(plain), baud=115_200)():
            pass
    with pytest.raises(ConfigError, match="bits a second"):
        serial("/dev/ttyUSB0", baud=115_201)
