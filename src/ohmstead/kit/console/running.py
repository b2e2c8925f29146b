"""Commands may be plain or async functions; whatever they raise ends in one sentence and an exit code.

A traceback is for us, never for the user: OHMSTEAD_DEBUG=1 brings it back.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from ohmstead.kit.console.exits import ExitCode, exit_code, first_cause, sentence


class Command(click.Command):
    def invoke(self, ctx: click.Context) -> Any:  # Any: click's own contract
        with told():
            result = super().invoke(ctx)
            return asyncio.run(result) if inspect.iscoroutine(result) else result


class Group(click.Group):
    """A group whose commands end like `Command`."""

    command_class = Command
    group_class = type


def command(name: str | None = None, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """Like `click.command`, for plain and async functions."""
    return click.command(name, cls=Command, **attributes)


def group(name: str | None = None, **attributes: Any) -> Callable[[Callable[..., Any]], Group]:
    """Like `click.group`, for groups of such commands."""
    return click.group(name, cls=Group, **attributes)


@contextmanager
def told() -> Iterator[None]:
    """Turns an error into its sentence on stderr and its exit code."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
        raise  # click knows how to end these
    except (KeyboardInterrupt, click.Abort):
        sys.exit(ExitCode.INTERRUPTED)
    except Exception as error:  # the root of the command's task
        if os.environ.get("OHMSTEAD_DEBUG"):
            raise
        if isinstance(culprit := first_cause(error), BrokenPipeError):
            raise culprit from None  # as above, met by a task of the command
        click.echo(f"ohmstead: {sentence(error)}", err=True)
        sys.exit(exit_code(error))
