"""Puts the subcommands together, and handles what they have in common: wrong use, Ctrl-C, closed pipes."""

from __future__ import annotations

import errno
import os
import sys
from typing import Annotated

import typer

from ccxt_ext._version import __version__
from ccxt_ext.cli.call import call
from ccxt_ext.cli.demo import demo
from ccxt_ext.cli.doctor import doctor
from ccxt_ext.cli.exchanges import exchanges
from ccxt_ext.cli.exits import FAILED, WRONG_USE, WrongUse, complain
from ccxt_ext.cli.markets import markets
from ccxt_ext.cli.new_venue import new_venue
from ccxt_ext.cli.run import run as run_command
from ccxt_ext.cli.sandbox import sandbox
from ccxt_ext.cli.twins import twins
from ccxt_ext.program.console import one_line

NAME = "ccxt-ext"
INTERRUPTED = 130  # 128 + SIGINT, as in shells
CLOSED_PIPE = 1  # as in typer
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

# Newer releases of typer contain a copy of click. This is the class of whichever click it uses.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,  # help as plain text, as it may be piped
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    if wanted:
        print(f"{NAME} {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def overview(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> int:
    """More exchanges for ccxt, yours among them, and a sandbox that speaks their protocols."""
    if context.invoked_subcommand is None:
        print(context.get_help(), file=sys.stderr)
        return WRONG_USE
    return 0


app.command()(exchanges)
app.command()(sandbox)
app.command()(demo)
app.command()(call)
app.command("run", context_settings={"allow_interspersed_args": False})(run_command)
app.command()(markets)
app.command()(doctor)
app.command()(new_venue)
app.command()(twins)


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code. Wrong use is told in one line on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # if the locale lacks a character, show another one
    try:
        code = app(args=arguments, prog_name=NAME, standalone_mode=False)
        sys.stdout.flush()
        return code or 0
    except WrongUse as error:
        complain(f"{NAME} {error.command}", error)
    except UsageError as error:
        context = getattr(error, "ctx", None)
        message = error.format_message()  # type: ignore[attr-defined]
        complain(context.command_path if context else NAME, one_line(message).rstrip("."))
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:  # the reader has gone, as in `ccxt-ext exchanges | head -1`
        give_up_output()
        return CLOSED_PIPE
    except OSError as error:
        if error.errno not in FULL:
            raise
        complain(NAME, f"cannot write its output: {error.strerror}")
        give_up_output()
        return FAILED
    return WRONG_USE


def give_up_output() -> None:
    """Write no more to standard output: the flush at exit must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
