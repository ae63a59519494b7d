"""`ccxt-ext sandbox`: serves the venues until it is stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccxt_ext.cli.exits import WrongUse
from ccxt_ext.cli.venues import SANDBOX, known

if TYPE_CHECKING:
    from ccxt_ext.sandbox.attached import Attached


class Limits(str, Enum):
    relaxed = "relaxed"
    venue = "venue"


Venues = Annotated[
    list[str] | None, typer.Option("--venue", metavar="ID", help="Only this venue; repeatable.")
]
Seed = Annotated[int, typer.Option(help="The same seed gives the same markets, books and history.")]
Live = Annotated[bool, typer.Option("--live", help="Let synthetic traders go on trading.")]
Limit = Annotated[Limits, typer.Option(help="Rate limits: the venue's own, or a hundred times wider.")]
Options = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="VENUE.NAME=VALUE",
        help="How a venue does what its documents leave open; the value is JSON or a word. Repeatable.",
    ),
]
Accounts = Annotated[
    list[str] | None,
    typer.Option(
        "--account",
        metavar="NAME:CURRENCY=AMOUNT,...",
        help="An account with this money, be it `config` or a further one. VENUE/NAME for one venue.",
    ),
]


class Clock(str, Enum):
    running = "running"
    frozen = "frozen"


Time = Annotated[
    Clock, typer.Option("--clock", help="Time passes by itself, or only when the control port advances it.")
]
Prices = Annotated[
    str | None,
    typer.Option(
        "--prices",
        metavar="common|FILE",
        help="Start where an asset costs the same on every venue, or at the prices of a JSON or TOML file.",
    ),
]
Candles = Annotated[
    list[str] | None,
    typer.Option(
        "--candles",
        metavar="VENUE:MARKET=FILE",
        help="Candles (JSON, CSV, feather) that a market has behind it, or goes through. Repeatable.",
    ),
]
Fit = Annotated[bool, typer.Option("--fit", help="Set the candles on the markets' steps.")]
Books = Annotated[
    list[str] | None,
    typer.Option(
        "--book",
        metavar="[VENUE:MARKET=]levels=N,width=SHARE,size=FACTOR",
        help="What the synthetic makers keep in the books. Repeatable.",
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        "--start", metavar="TIME", help="The sandbox's time at its start: milliseconds, or a date in UTC."
    ),
]

Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        metavar="NAME|FILE",
        help="What happens from the start on: flash-crash and others of the docs, or a TOML or JSON file.",
    ),
]


Attach = Annotated[
    str | None,
    typer.Option(
        "--attach",
        metavar="URL|FILE",
        help="Use a sandbox that runs: its control port, or the file that --write wrote.",
    ),
]


@contextmanager
def running(command: str, where: str) -> Iterator[Attached]:
    """The sandbox that --attach names, for the `with` block. What it cannot do is wrong use."""
    from ccxt_ext.program.own_sandbox import attached
    from ccxt_ext.sandbox.errors import SandboxError

    try:
        with attached(where) as box:
            yield box
    except SandboxError as error:
        raise WrongUse(command, str(error)) from None


def options_in(command: str, texts: Iterable[str], venues: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The values of --option, by venue. They may be for these venues only, or for any if there are none."""
    if not texts:
        return {}
    from ccxt_ext.sandbox.options import parse_options

    try:
        return parse_options(texts, tuple(venues) or None)
    except ValueError as error:
        raise WrongUse(command, str(error)) from None


def accounts_in(command: str, texts: Iterable[str]) -> dict[str, dict[str, str]]:
    """The values of --account."""
    if not texts:
        return {}
    from ccxt_ext.sandbox.funds import parse_accounts

    try:
        return parse_accounts(texts)
    except ValueError as error:
        raise WrongUse(command, str(error)) from None


def market_in(
    command: str, candles: Iterable[str], fit: bool, books: Iterable[str], start: str | None
) -> dict[str, Any]:
    """The values of --candles with --fit, --book and --start, as a sandbox takes them."""
    if fit and not candles:
        raise WrongUse(command, "--fit is for --candles")
    if not candles and not books and start is None:
        return {}
    from ccxt_ext.sandbox.books import parse_books
    from ccxt_ext.sandbox.candles import moment_of, parse_candles

    try:
        return {
            "candles": parse_candles(candles, fit),
            "book": parse_books(books),
            "start_ms": None if start is None else moment_of(start),
        }
    except ValueError as error:
        raise WrongUse(command, str(error)) from None


def sandbox(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Control port, the venues' follow it; 0 takes free ones.")
    ] = 0,
    venue: Venues = None,
    seed: Seed = 1,
    live: Live = False,
    limits: Limit = Limits.relaxed,
    option: Options = None,
    prices: Prices = None,
    candles: Candles = None,
    fit: Fit = False,
    book: Books = None,
    start: Start = None,
    account: Accounts = None,
    clock: Time = Clock.running,
    scenario: Scenario = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host", metavar="NAME", help="A further name by which clients may call it; repeatable."
        ),
    ] = None,
    load: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Begin with the state that another one has saved.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(metavar="FILE", help="At the end, save the whole state into a file.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object with addresses and keys once all are ready.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write that JSON into a file, once all are ready, until the end."),
    ] = None,
) -> int:
    """Serve the venues locally until Ctrl-C.

    Each venue has a port of its own, so that paths and signatures are the real ones.
    """
    venues = known("sandbox", venue or (), SANDBOX)
    from ccxt_ext.sandbox.command import run_sandbox

    return run_sandbox(
        json=as_json,
        write=write,
        load=load,
        save=save,
        host=host,
        port=port,
        venues=venues or None,
        seed=seed,
        live=live,
        limits=limits.value,
        options=options_in("sandbox", option or (), venues),
        prices=prices,
        clock=clock.value,
        scenario=scenario,
        allow_hosts=allow_host,
        accounts=accounts_in("sandbox", account or ()),
        **market_in("sandbox", candles or (), fit, book or (), start),
    )
