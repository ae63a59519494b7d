"""What all groups of the control port's calls share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox.engine import Engine, Refused
from ccxt_ext.sandbox.fields import BadCall, Fields, market_named, one_of
from ccxt_ext.sandbox.frontend import BaseFrontend
from ccxt_ext.sandbox.world import World

Call = Callable[[Fields], Any]
"""Its answer, or a generator that gives it in the end, and pauses where others may go on."""


class Calls:
    """The calls of the control port about one thing."""

    def __init__(self, world: World) -> None:
        self.world = world

    def table(self) -> dict[tuple[str, str], Call]:
        """The method of this class for each call, by the call's HTTP method and path."""
        raise NotImplementedError

    # the fields that many calls have

    def venue(self, fields: Fields) -> str:
        return one_of(fields, "venue", self.world.settings.all_venues)

    def frontend(self, fields: Fields) -> BaseFrontend[Any]:
        return self.world.frontends[self.venue(fields)]

    def engine(self, fields: Fields) -> Engine:
        return self.frontend(fields).engine

    def account(self, fields: Fields) -> str:
        return one_of(fields, "account", self.frontend(fields).accounts)

    def market(self, fields: Fields, name: str = "market") -> str:
        """The venue's name of the market that a field names, in the venue's way or by ccxt's symbol."""
        engine, given = self.engine(fields), fields.get(name)
        found = market_named(engine.markets, given, name) if isinstance(given, str) else None
        if found is None:
            known = (f"{market.spec.symbol} ({id})" for id, market in engine.markets.items())
            what = f"{name!r} is missing" if given is None else f"unknown {name} {given!r}"
            raise BadCall(f"{what}; there are {', '.join(known)}")
        return found

    def market_if_given(self, fields: Fields) -> str | None:
        return self.market(fields) if "market" in fields else None


def symbols_of(engine: Engine) -> Callable[[str], str]:
    """Tells ccxt's symbol of each market, those that were delisted included."""
    return lambda market: engine.markets[market].spec.symbol


def words_of(refused: Refused, price: str = "price") -> str:
    """Why a market cannot be moved, as a sentence. `price` is the name of the field."""
    details = refused.details
    if refused.reason == "market_closed":
        return f"{details['market']} takes no orders, so nobody trades there"
    if refused.reason == "plays_candles":
        return f"{details['market']} goes through the candles that it was given, until DELETE /candles"
    if refused.reason == "price_precision":
        return f"{price!r} must be a multiple of the market's tick, {details['tick']:f}"
    if refused.reason == "bad_price":
        return f"{price!r} makes no sense: {details['price']}"
    return str(refused)
