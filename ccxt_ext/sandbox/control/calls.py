"""What all groups of the control port's calls share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox.engine import Engine
from ccxt_ext.sandbox.fields import BadCall, Fields, one_of
from ccxt_ext.sandbox.frontend import BaseFrontend
from ccxt_ext.sandbox.world import World

Call = Callable[[Fields], Any]


class Calls:
    """The calls of the control port about one thing."""

    def __init__(self, world: World) -> None:
        self.world = world

    def table(self) -> dict[tuple[str, str], Call]:
        """The method of this class for each call, by the call's HTTP method and path."""
        raise NotImplementedError

    # the fields that many calls have

    def venue(self, fields: Fields) -> str:
        return one_of(fields, "venue", self.world.settings.venues)

    def frontend(self, fields: Fields) -> BaseFrontend[Any]:
        return self.world.frontends[self.venue(fields)]

    def engine(self, fields: Fields) -> Engine:
        return self.frontend(fields).engine

    def account(self, fields: Fields) -> str:
        return one_of(fields, "account", self.frontend(fields).accounts)

    def market(self, fields: Fields, name: str = "market") -> str:
        """The venue's name of the market that a field names, in the venue's way or by ccxt's symbol."""
        engine, given = self.engine(fields), fields.get(name)
        if isinstance(given, str) and given not in engine.markets:
            named = [id for id, market in engine.markets.items() if market.spec.symbol == given]
            if len(named) > 1:
                raise BadCall(f"{name} {given!r} is the symbol of {' and '.join(named)}: say which")
            if named:
                return named[0]
        return one_of(fields, name, list(engine.markets))

    def market_if_given(self, fields: Fields) -> str | None:
        return self.market(fields) if "market" in fields else None
