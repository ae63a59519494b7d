"""Makes simulated exchanges for the accounts of a sandbox, and has it serve their ids."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from ccxt_ext import plugins
from ccxt_ext.sandbox.errors import SandboxError
from ccxt_ext.sandbox.frontend import RELAXED_FACTOR
from ccxt_ext.sandbox.steering import Steering
from ccxt_ext.testing.configs import merged
from ccxt_ext.testing.simulated.classes import class_of, simulated_class
from ccxt_ext.testing.simulated.markets import Given, plain_markets, read_markets
from ccxt_ext.testing.simulated.surface import AT

__tracebackhide__ = True  # pytest shows the line of the test that called this


@functools.cache
def facts_of(id: str, kind: str) -> Any:
    """An instance of ccxt's own class, to read what it tells. It sends nothing."""
    return class_of(id, kind)()


def described(id: str, markets: Given | None = None) -> dict[str, Any]:
    """What a sandbox is told of an id, as in `Sandbox(simulated={id: described(id)})`.

    `markets` are those that `ccxt-ext markets ID` writes, a file or what is in it; without them there is a
    plain default, with the fees and precisions of the exchange.
    """
    facts = facts_of(id, "sync")
    try:
        rows = plain_markets(facts) if markets is None else read_markets(markets)
    except ValueError as error:
        raise SandboxError(f"{id}: {error}") from None
    return {"markets": rows, "precisionMode": facts.precisionMode}


def serve(box: Steering, id: str, markets: Given | None = None) -> None:
    """Give a sandbox a simulated venue, unless it serves the id already.

    Raises SandboxError if it serves the id with other markets than those that are given.
    """
    if markets is not None or id not in box.describe()["venues"]:
        box.control("POST", "/venues", {"venue": id, **described(id, markets)})


def make(
    box: Steering,
    id: str,
    kind: str = "async",
    account: str = "config",
    config: Mapping[str, Any] | None = None,
    markets: Given | None = None,
) -> Any:
    """An exchange of ccxt's, simulated by a sandbox, which gets a venue for it if it has none yet.

    `config` is merged over what the account's client needs. `markets` are as `described()` takes them.
    """
    cls = simulated_class(id, kind)
    venues = box.describe()["venues"]
    if id in venues and id in plugins.ids("sandbox"):
        raise SandboxError(f"{id} has a sandbox of its own, and need not be simulated")
    if markets is not None or id not in venues:
        serve(box, id, markets)
    needed = config_of(box, id, kind, account)
    at = needed.pop("urls")["api"]
    return cls(merged({**needed, AT: at}, config or {}))


def config_of(box: Steering, id: str, kind: str = "sync", account: str = "config") -> dict[str, Any]:
    """What an account's client needs, and where its sandbox is. A class of ccxt's own has no use for that."""
    facts, told = facts_of(id, kind), box.config(id, account)
    credentials = [name for name, is_needed in facts.requiredCredentials.items() if is_needed]
    found: dict[str, Any] = {name: told[name] for name in credentials or ("apiKey", "secret")}
    found |= {"options": dict(told.get("options", {})), "urls": told["urls"]}
    if box.control("GET", "/")["limits"] == "relaxed" and facts.rateLimit:
        found["rateLimit"] = facts.rateLimit / RELAXED_FACTOR
    return found
