"""Two accounts of a venue that trade with each other, and checks of what the venue tells them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal
from typing import Any

import ccxt

from ccxt_ext.demo.figures import as_text, exact, plain
from ccxt_ext.demo.page import Page
from ccxt_ext.sandbox import Sandbox

# The demo uses the first of these that the venue has, or else the venue's first market.
SYMBOLS = ("BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC")

# The size of the order in units, and how many of these the counterparty fills.
UNITS, FILLED_UNITS = 10, 4

Money = dict[str, tuple[Decimal, Decimal]]  # currency: free, used


class Desk:
    """The two accounts, and the market on which they trade.

    Nothing here is specific to a venue: it uses only ccxt and the sandbox's control port. The attributes
    `market`, `symbol`, `best` and `ticker` are set as the demo goes on.
    """

    market: Any
    symbol: str
    best: tuple[Decimal, Decimal]
    ticker: Any = None

    def __init__(self, id: str, box: Sandbox, page: Page, module: Any = ccxt) -> None:
        self.id = id
        self.box = box
        self.page = page
        self.me = getattr(module, id)(box.config(id))
        self.other = getattr(module, id)(box.config(id, "counterparty"))

    def can(self, name: str) -> bool:
        return bool(self.me.has.get(name))

    def check(self, claim: str, true: Any, detail: str = "") -> None:
        self.page.check(claim, bool(true), detail)

    def check_same(self, claim: str, got: Any, expected: Any) -> None:
        self.check(claim, got == expected, f"expected {as_text(expected)}, got {as_text(got)}")

    def control(self, call: str, **query: str) -> Any:
        text = "&".join(f"{name}={value}" for name, value in query.items())
        return self.box.control("GET", f"/{call}?venue={self.id}&{text}".rstrip("&"))

    def choose_market(self, markets: Mapping[str, Any]) -> Any:
        """A market with a gap between bid and ask, so that only the counterparty fills an order in it."""
        kind = self.me.options.get("defaultType", "spot")
        fitting = [symbol for symbol, market in markets.items() if market[kind] and market["active"]]
        for symbol in sorted(fitting, key=lambda symbol: symbol not in SYMBOLS):
            bid, ask = self.best_prices(symbol)
            if ask - bid > exact(markets[symbol]["precision"]["price"]):
                return markets[symbol]
        raise LookupError("no market has a spread of more than one step")

    def best_prices(self, symbol: str) -> tuple[Decimal, Decimal]:
        """The best bid and ask, from the ticker, or from the book if the ticker does not have them."""
        ticker = self.me.fetch_ticker(symbol) if self.can("fetchTicker") else {"bid": None, "ask": None}
        if None in (ticker["bid"], ticker["ask"]):
            book = self.me.fetch_order_book(symbol)
            return exact(book["bids"][0][0]), exact(book["asks"][0][0])
        return exact(ticker["bid"]), exact(ticker["ask"])

    def unit(self, price: Decimal) -> Decimal:
        """A tenth of the order's amount: a multiple of the step, and large enough for an order of its own."""
        step = exact(self.market["precision"]["amount"])
        limits = self.market["limits"]
        least = max(100 * exact(limits["amount"]["min"] or 0), 10 * exact(limits["cost"]["min"] or 0) / price)
        return step * max(Decimal(1), (least / step).to_integral_value(ROUND_UP))

    def check_order(
        self,
        whose: str,
        id: str,
        status: str,
        price: Decimal,
        amount: Decimal,
        filled: Decimal,
        exchange: Any = None,
    ) -> None:
        """Check the order in ccxt and in the sandbox's engine, to the last digit."""
        order = (exchange or self.me).fetch_order(id, self.symbol)
        expected = (status, price, amount, filled)
        claim = f"{whose} is {status}, {plain(filled)} of {plain(amount)} filled"
        figures = {"price": price, "amount": amount, "filled": filled, "remaining": amount - filled}
        if order["filled"] is None:  # some venues do not send it before an order is done
            claim = f"{whose} is {status}"
            del figures["filled"], figures["remaining"]
        got = (order["status"], *(exact(order[name]) for name in figures))
        self.check_same(claim, got, (status, *figures.values()))
        truth = next((row for row in self.control("orders") if row["id"] == id), None)
        known = truth and (truth["status"], *(Decimal(truth[name]) for name in ("price", "amount", "filled")))
        self.check_same("the engine says so too", known, expected)

    def engine_trades(self) -> list[dict[str, Any]]:
        """The account's trades in ccxt's form, from the engine, for a venue that does not list them."""
        trades: list[dict[str, Any]] = self.control("trades", account="config")
        return [
            {**trade, "fee": {"cost": trade["fee"], "currency": trade["fee_currency"]}} for trade in trades
        ]

    def balances(self) -> Money:
        """All balances, as exact decimals. ccxt returns numbers of the type that `number` is set to."""
        self.me.number = Decimal
        try:
            balance = self.me.fetch_balance()
        finally:
            self.me.number = float
        return {
            code: (balance["free"][code] or Decimal(0), balance["used"][code] or Decimal(0))
            for code in balance["total"]
        }
