"""The strategy, and the loop around it."""

import logging
import time

import ccxt

from dip_bot.orders import place

log = logging.getLogger(__name__)


class DipBot:
    """Buys when the price has fallen by a share of the hour's highest, and sells at a profit."""

    def __init__(self, exchange, symbol="BTC/USDT", amount=0.01, drop=0.02, profit=0.01):
        self.exchange = exchange
        self.symbol = symbol
        self.amount = amount
        self.drop = drop
        self.profit = profit
        self.bought_at = None

    def run(self):
        """Look once a minute, for ever."""
        while True:
            try:
                self.step()
            except ccxt.OperationFailed as error:  # it may be back in a minute
                log.warning("%r", error)
            time.sleep(60)

    def step(self):
        if self.bought_at is not None:
            self.sell_at_a_profit()
        elif self.fallen() >= self.drop:
            self.buy()

    def fallen(self):
        """By which share the price is below the highest of the last hour."""
        candles = self.exchange.fetch_ohlcv(self.symbol, "1m", limit=60)
        highest = max(high for _, _, high, _, _, _ in candles)
        return 1 - candles[-1][4] / highest

    def buy(self):
        offer = self.exchange.fetch_order_book(self.symbol)["asks"][0][0]
        order = place(self.exchange, self.symbol, "buy", self.amount, offer)
        if order is not None:
            self.bought_at = order["price"]
            log.info("bought at %s", self.bought_at)

    def sell_at_a_profit(self):
        bid = self.exchange.fetch_order_book(self.symbol)["bids"][0][0]
        if bid >= self.bought_at * (1 + self.profit):
            order = place(self.exchange, self.symbol, "sell", self.amount, bid)
            if order is not None:
                log.info("sold at %s, bought at %s", order["price"], self.bought_at)
                self.bought_at = None
