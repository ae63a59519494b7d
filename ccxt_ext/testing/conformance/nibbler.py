"""Trade while ccxt's own suite of streams watches."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.conformance.placing import enough, step_of
from ccxt_ext.testing.venues import class_of

# That are there at first, in each market.
ALL_BITES = 1500


class Rest:
    """Orders at the very top, just below the best that is asked, so that they are met first."""

    def __init__(self, maker: Any, symbol: str, bites: int) -> None:
        self.maker, self.symbol, self.bites = maker, symbol, bites
        best = maker.fetch_order_book(symbol)["asks"][0][0]
        self.price = float(maker.price_to_precision(symbol, best - step_of(maker, symbol, "price")))
        self.bite = 2 * enough(maker, symbol, self.price)
        self.left = 0
        for _ in range(ALL_BITES // bites):
            self.place()

    def place(self) -> None:
        self.maker.create_order(self.symbol, "limit", "sell", self.bite * self.bites, self.price)
        self.left += self.bites

    def is_bitten(self, taker: Any) -> None:
        """Without trade, ccxt's runner would wait for ever: on a slow machine, there have to be more."""
        if not self.left:
            self.place()
        taker.create_order(self.symbol, "limit", "buy", self.bite, self.price)
        self.left -= 1


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
        self.rests = [Rest(maker, symbol, bites) for symbol in dict.fromkeys(traded)]

    def run(self) -> None:
        try:
            while not self.over.is_set():
                for rest in self.rests:
                    rest.is_bitten(self.taker)
                    time.sleep(0.04)
        except Exception as error:
            self.failure = error
