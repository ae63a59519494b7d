"""Trade while ccxt's own suite of streams watches."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.venues import class_of

# Of each market. More than are taken before the runner's time is over: without trade, it would wait for ever.
ALL_BITES = 1500


class Nibbler(threading.Thread):
    """Takes a little of orders of the account that watches, again and again: news of all kinds."""

    def __init__(self, sandbox: Sandbox, id: str, symbols: Sequence[str], bites: int) -> None:
        super().__init__()
        self.over = threading.Event()
        self.failure: Exception | None = None
        maker = class_of(id, "sync")(sandbox.config(id))
        self.taker = class_of(id, "sync")(sandbox.config(id, "counterparty"))
        self.taker.load_markets()
        maker.load_markets()
        # ccxt watches a second symbol beside these, and one of its releases wants news of both.
        others = [symbol.replace("BTC", "ETH") for symbol in symbols]
        traded = [*symbols, *(symbol for symbol in others if symbol in maker.markets)]
        self.bites = [(symbol, *self.rest(maker, symbol, bites)) for symbol in dict.fromkeys(traded)]

    def rest(self, maker: Any, symbol: str, bites: int) -> tuple[float, float]:
        """Place orders at the very top, just below the best that is asked, so that they are met first."""
        market = maker.market(symbol)
        price = maker.fetch_order_book(symbol)["asks"][0][0] - market["precision"]["price"]
        bite = 2 * max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"])
        while bite * price * 0.9 < ((market["limits"].get("cost") or {}).get("min") or 0):
            bite *= 2
        for _ in range(ALL_BITES // bites):
            maker.create_order(symbol, "limit", "sell", bite * bites, price)
        return bite, price

    def run(self) -> None:
        try:
            while not self.over.is_set():
                for symbol, bite, price in self.bites:
                    self.taker.create_order(symbol, "limit", "buy", bite, price)
                    time.sleep(0.04)
        except Exception as error:
            self.failure = error
