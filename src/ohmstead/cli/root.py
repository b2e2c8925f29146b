"""`ohmstead` itself: which commands there are, and where they live.

Asking for help must stay fast on small machines, so this file imports click only: a command's module is loaded when
it is called, and what help says of it stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Final, NamedTuple

import click
from click.shell_completion import CompletionItem

from ohmstead import __version__
from ohmstead.cli.families import family_commands, family_group


class LazyCommand(NamedTuple):  # no msgspec struct: that import alone costs a third of the time help may take
    reference: str
    """`module:attribute` of the click command."""
    help: str
    """One line, for the list of commands."""


COMMANDS: Final[Mapping[str, LazyCommand]] = {
    "discover": LazyCommand(
        "ohmstead.cli.discover:discover", "Find devices in the network and propose a site file."
    ),
    "read": LazyCommand("ohmstead.cli.read:read", "Read one device once, or again and again with --watch."),
    "simulate": LazyCommand("ohmstead.cli.simulate:simulate", "Be a device of a family, on a real socket."),
    "watch": LazyCommand("ohmstead.cli.watch:watch", "Watch a home or a device, live in the terminal."),
    "capture": LazyCommand("ohmstead.cli.capture:capture", "Record a device's traffic, secrets blanked."),
    "replay": LazyCommand("ohmstead.cli.replay:replay", "Say what a recording contains."),
    "doctor": LazyCommand("ohmstead.cli.doctor:doctor", "Explain what is wrong with a site, and what to do."),
    "history": LazyCommand(
        "ohmstead.cli.history:history", "Export, import, check and back up what was recorded."
    ),
    "token": LazyCommand("ohmstead.cli.token:token", "Create, list and revoke access tokens."),
    "family": LazyCommand("ohmstead.cli.family:family", "Start support for a new device family."),
}

NOT_BUILT: Final[Mapping[str, str]] = {
    "plan": "Show the plan for the next two days.",
    "explain": "Say why a decision was taken.",
    "backtest": "Try a strategy on recorded days.",
    "fleet": "Run many homes.",
}


def root(extra: Mapping[str, LazyCommand], faces: str = "") -> click.Group:
    """The whole command line; `extra` are the commands of the room above this one. `faces` names what that room knows of
    the tables a site file may have, as "module:attribute".
    """
    return Root({**extra, **COMMANDS}, faces)


class Root(click.Group):
    def __init__(self, lazy: Mapping[str, LazyCommand], faces: str) -> None:
        super().__init__(
            name="ohmstead",
            help="Ohmstead runs a home's energy. Start with `ohmstead demo`: a simulated home in your browser.",
            no_args_is_help=True,
            context_settings={"help_option_names": ["-h", "--help"], "obj": faces},
        )
        self._lazy = lazy
        click.version_option(__version__, prog_name="ohmstead")(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self._lazy, *family_commands(), *NOT_BUILT]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self._lazy:
            module, _, attribute = self._lazy[cmd_name].reference.partition(":")
            found: click.Command = getattr(import_module(module), attribute)
            return found
        if cmd_name in NOT_BUILT:
            return NotBuilt(cmd_name, NOT_BUILT[cmd_name])
        return family_group(cmd_name)

    def invoke(self, ctx: click.Context) -> object:
        from ohmstead.kit.console.running import told  # noqa: PLC0415 - help does without

        with told():  # finding a command loads it, which may take long enough to be interrupted
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        families = [(name, f"What only {name} devices can do.") for name in family_commands()]
        for title, rows in (
            ("Commands", [(name, lazy.help) for name, lazy in self._lazy.items()]),
            ("Families", families),
            ("Not built yet", list(NOT_BUILT.items())),
        ):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """By name alone: click's own way would load every command."""
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in names] or super().shell_complete(ctx, incomplete)


class NotBuilt(click.Command):
    """Takes any arguments, so that its answer is always the same honest one."""

    def __init__(self, name: str, purpose: str) -> None:
        settings = {"ignore_unknown_options": True, "allow_extra_args": True}
        super().__init__(name, help=f"{purpose} Not built yet.", context_settings=settings)

    def invoke(self, ctx: click.Context) -> None:
        click.echo(f"ohmstead: `{self.name}` is announced, but not built yet.", err=True)
        ctx.exit(2)
