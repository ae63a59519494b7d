"""Calls about where markets are: their prices, and what the synthetic makers keep in their books."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from ccxt_ext.sandbox.books import changed
from ccxt_ext.sandbox.control.calls import Call, Calls, words_of
from ccxt_ext.sandbox.engine import Market, Refused
from ccxt_ext.sandbox.engine.exact import multiply
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names, decimal, integer, number
from ccxt_ext.sandbox.frontend import decimal_text

MOST_CHANGE = 100
LONGEST_MS = 366 * 86_400_000


class PriceCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("POST", "/price"): self.price, ("POST", "/book"): self.book}

    def price(self, fields: Fields) -> Any:
        """Have the synthetic traders bring a market to a price, at once or over a time.

        Instead of the price, its change may be given, as a share of the last one.
        """
        check_names(fields, "venue", "market", "price", "change", "over_ms")
        engine, market = self.engine(fields), self.market(fields)
        if ("price" in fields) == ("change" in fields):
            raise BadCall("'price' or 'change' is needed, and not both")
        if "price" in fields:
            price = number(fields, "price")
        else:
            price = _changed(engine.markets[market], decimal(fields, "change"))
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


def _changed(market: Market, change: Decimal) -> Decimal:
    """The last price changed by a share of it, as near as the market's ticks allow."""
    if not -1 < change <= MOST_CHANGE:
        raise BadCall(f"'change' must be a share of the price, above -1 and up to {MOST_CHANGE}")
    tick = market.spec.tick
    ticks = (market.last_price * (1 + change) / tick).to_integral_value(ROUND_HALF_EVEN)
    return multiply(tick, max(int(ticks), 1))
