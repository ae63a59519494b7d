"""`ccxt-ext markets`: writes the markets of any exchange as JSON, as ccxt has them."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ccxt_ext.cli.call import REST_FIRST, cleaner, error_name, settings
from ccxt_ext.cli.exits import FAILED, WrongUse
from ccxt_ext.cli.sandbox import Attach, running
from ccxt_ext.cli.venues import check_served, class_of, ids_of, known
from ccxt_ext.program.console import one_line
from ccxt_ext.program.own_sandbox import own_sandbox

NAME = "markets"


def markets(
    id: Annotated[str, typer.Argument(metavar="ID", help="A venue of ours, or any exchange of ccxt's.")],
    symbols: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SYMBOL]...", help="Only these markets.", show_default=False),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON: the argument for the exchange's constructor.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Ask a sandbox, started for this call.")] = False,
    attach: Attach = None,
) -> int:
    """Write an exchange's markets as JSON, by their symbols, as ccxt's load_markets() has them.

    Such a file is what tests of a bot simulate an exchange with: ccxt-ext markets binance > binance.json.
    """
    if (config is not None) + sandbox + (attach is not None) > 1:
        raise WrongUse(NAME, "--config, --sandbox and --attach exclude each other; leave out the others")
    if attach is not None:
        known(NAME, (id,))
        with running(NAME, attach) as told:
            return _written(id, told.config(id), symbols)
    if sandbox:
        check_served(NAME, (id,))
        with own_sandbox(venues=(id,)) as box:
            return _written(id, box.config(id), symbols)
    return _written(id, settings(id, config, os.environ, NAME), symbols)


def _written(id: str, config: dict[str, Any], symbols: Sequence[str] | None) -> int:
    exchange = None
    kind = _class_of(id)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            exchange = kind(config)
            found = dict(exchange.load_markets())
    except Exception as error:
        said = cleaner(exchange, config)(str(error))
        print(one_line(f"{error_name(error)}: {said}"), file=sys.stderr)
        return FAILED
    for symbol in symbols or ():
        if symbol not in found:
            raise WrongUse(NAME, f"{id} has no market {symbol}")
    chosen = {symbol: market for symbol, market in found.items() if not symbols or symbol in symbols}
    print(json.dumps(chosen, default=str, indent=2 if sys.stdout.isatty() else None))
    return 0


def _class_of(id: str) -> Any:
    """Our class of an id, or else ccxt's."""
    if id in ids_of():
        return class_of(id, REST_FIRST)
    import ccxt

    found = getattr(ccxt, id, None) if id in ccxt.exchanges else None
    if found is None:
        raise WrongUse(NAME, f"unknown exchange {id!r}; there are {', '.join(ccxt.exchanges)}")
    return found
