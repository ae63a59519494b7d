"""Calls about where markets are: their prices, and what the synthetic makers keep in their books."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.books import changed
from ccxt_ext.sandbox.control.calls import Call, Calls, words_of
from ccxt_ext.sandbox.engine import Refused
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names, integer, number
from ccxt_ext.sandbox.frontend import decimal_text

LONGEST_MS = 366 * 86_400_000


class PriceCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("POST", "/price"): self.price, ("POST", "/book"): self.book}

    def price(self, fields: Fields) -> Any:
        """Have the synthetic traders bring a market to a price, at once or over a time."""
        check_names(fields, "venue", "market", "price", "over_ms")
        engine, market = self.engine(fields), self.market(fields)
        price = number(fields, "price")
        over_ms = integer(fields, "over_ms", 0, LONGEST_MS, 0)
        try:
            there = engine.helm.move_price(market, price, over_ms)
        except Refused as refused:
            raise BadCall(words_of(refused, "price")) from None
        return {"price": decimal_text(price), "at_ms": there}

    def book(self, fields: Fields) -> Any:
        """Set what the makers keep in the book of a market, or of all markets of a venue."""
        check_names(fields, "venue", "market", "levels", "width", "size")
        engine, market = self.engine(fields), self.market_if_given(fields)
        chosen = list(engine.markets) if market is None else [market]
        given = {name: fields[name] for name in ("levels", "width", "size") if name in fields}
        try:
            usual = changed(engine.helm.usual_book, given)
            shapes = {each: changed(engine.markets[each].crowd.shape, given) for each in chosen}
        except ValueError as error:
            raise BadCall(str(error)) from None
        if market is None:
            engine.helm.usual_book = usual
        for each, shape in shapes.items():
            engine.helm.shape_book(each, shape)
        return {each: shape._asdict() for each, shape in shapes.items()}
