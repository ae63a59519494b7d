"""BTEX's spot API: a public method for each of its interfaces, under the venue's name for it."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, Json, Listed, VenueClock, as_json, digest
from ccxt_ext.sandbox.frontend.engine import Engine, Market, Refused, Side
from ccxt_ext.sandbox.frontends.btex.candles import MOST_CANDLES, SPOT_STEPS
from ccxt_ext.sandbox.frontends.btex.listings import PAIR_LISTINGS, SPOT, SPOT_FUNDS, Pair
from ccxt_ext.sandbox.frontends.btex.parameters import (
    FLOAT,
    NO_ORDER,
    NO_PAIR,
    Form,
    decimal,
    failure,
    failure_of,
    integer,
    one_of,
    order_id,
    page,
    required,
)
from ccxt_ext.sandbox.frontends.btex.spot_rows import (
    hash_of,
    own_spot_trade,
    pair_row,
    spot_book,
    spot_order,
    spot_trade,
)

DEPTHS = ("5", "10", "15", "20", "30")
MOST_OPEN_ORDERS = 100
USERS = {"config": "111111", "counterparty": "111112"}
"""The users' numbers. Others have any but these."""
# By the documents a whole number from ten million up; the venue's own clients send fractions and less.
MOST_RANDOM = 100_000_000


class SpotApi:
    def __init__(self, engine: Engine, clock: VenueClock) -> None:
        self.engine = engine
        self.clock = clock
        self.listings: Listed[Pair] = Listed({listing.id: listing for listing in PAIR_LISTINGS})
        self.coins = list(SPOT_FUNDS)
        self._books: BookRows[Json] = BookRows()

    def _market(self, form: Form) -> Market:
        id = required(form, "pair")
        if id not in self.listings:
            raise failure(NO_PAIR)
        return self.engine.markets[id]

    def _chosen(self, form: Form) -> list[str]:
        """The pair that is named, or all if it is empty: for what an account did there. It may have ended."""
        if "pair" in form and not form["pair"]:
            return [*self.listings, *self.listings.ended]
        id = required(form, "pair")
        return [id] if id in self.listings.ended else [self._market(form).spec.id]

    # public

    def pairs(self, form: Form) -> Any:
        now = self.clock.engine_clock.now()
        markets = self.engine.markets
        return {id: pair_row(each, markets[id], now, alone=False) for id, each in self.listings.items()}

    def pair(self, form: Form) -> Any:
        market = self._market(form)
        id = market.spec.id
        return {id: pair_row(self.listings[id], market, self.clock.engine_clock.now(), alone=True)}

    def k_data(self, form: Form) -> Any:
        market = self._market(form)
        step = SPOT_STEPS[one_of(form, "k_type", tuple(SPOT_STEPS))]
        count = integer(form, "k_amount", 80, 1, MOST_CANDLES)
        if form.get("rand_key") and decimal(form, "rand_key") > MOST_RANDOM:
            raise failure("rand_key error")
        now = self.clock.engine_clock.now()
        return [
            [
                candle.timestamp,
                *(
                    float(number)
                    for number in (
                        candle.open,
                        candle.high,
                        candle.low,
                        candle.close,
                        candle.volume,
                        candle.quote_volume,
                    )
                ),
            ]
            for candle in market.candles(step, now - (count + 1) * step, now)[-count:]
        ]

    def orderbook(self, form: Form) -> Any:
        market = self._market(form)
        depth = int(one_of(form, "depth", DEPTHS, "10"))
        return self._books.of(market, depth, lambda: as_json(spot_book(market, depth)))

    def trades(self, form: Form) -> Any:
        market = self._market(form)
        rows = [spot_trade(trade) for trade in market.trades(int(one_of(form, "depth", DEPTHS, "10")))]
        return {"list": rows, "hash": hash_of(rows)}

    def get_dig_configs(self, form: Form) -> Any:
        """Not documented: the fields are those that the venue's own client for Go reads."""
        return {
            "current_dig_percent": "0.35",
            "current_dig_total": 3_500_000,
            "expect_dig_total": 10_000_000,
            "invite_dig_reward": "0.10",
        }

    # private

    def getinfo(self, form: Form, account: str) -> Any:
        balances = self.engine.balances(account, SPOT)
        return {
            "balances_available": {coin: float(balances[coin].free) for coin in self.coins},
            "balance_hold": {coin: float(balances[coin].held) for coin in self.coins},
            "servertimestamp": self.clock.now() // 1000,
        }

    def buy_coin(self, form: Form, account: str) -> Any:
        return self._place(form, account, "buy")

    def sell_coin(self, form: Form, account: str) -> Any:
        return self._place(form, account, "sell")

    def _place(self, form: Form, account: str, side: Side) -> Any:
        market = self._market(form)
        price, amount = decimal(form, "price", FLOAT), decimal(form, "num", FLOAT)
        try:
            order = self.engine.place(account, market.spec.id, side, price, amount)
        except Refused as error:
            raise failure_of(error) from None
        return {"order_id": order.id}

    def myorders(self, form: Form, account: str) -> Any:
        count = integer(form, "amount", None, 1, 10**9)
        ids = self._chosen(form)
        newest = (self.engine.newest_orders(account, id, ("open",)) for id in ids)
        orders = islice(merge(*newest, key=lambda order: -order.id), min(count, MOST_OPEN_ORDERS))
        return [spot_order(order, _user(account)) for order in orders]

    def cancel_order(self, form: Form, account: str) -> Any:
        order = self.engine.order(account, order_id(form))
        if order is None or order.market not in self.listings:
            raise failure(NO_ORDER)
        try:
            self.engine.cancel(account, order.id)
        except Refused:
            raise failure(NO_ORDER) from None
        return {}

    def mytrades(self, form: Form, account: str) -> Any:
        ids = self._chosen(form)
        if len(ids) == 1:
            fills = self.engine.newest_fills(account, ids[0])[page(form)]
        else:
            asked = page(form)
            newest = (self.engine.newest_fills(account, id) for id in ids)
            fills = list(islice(merge(*newest, key=lambda fill: -fill.timestamp), asked.start, asked.stop))
        return [own_spot_trade(fill) for fill in fills]


def _user(account: str) -> str:
    return USERS.get(account) or str(200_000 + int(digest("btex", account, "user")[:12], 16) % 800_000)
