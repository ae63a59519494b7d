"""BTEX's contract API: a public method for each of its interfaces, under the venue's name for it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, Json, Listed, VenueClock, as_json
from ccxt_ext.sandbox.frontend.engine import Engine, Market, Order, Refused, Side, add, multiply
from ccxt_ext.sandbox.frontends.btex.candles import CONTRACT_STEPS, MOST_CANDLES
from ccxt_ext.sandbox.frontends.btex.contract_rows import (
    closed_position_row,
    contract_order,
    contract_row,
    contract_ticker,
    contract_trade,
    match_result,
    number_book,
    own_contract_trade,
    position_row,
)
from ccxt_ext.sandbox.frontends.btex.listings import CONTRACT_LISTINGS, CONTRACTS, Contract
from ccxt_ext.sandbox.frontends.btex.numbers import MONEY, fixed, ratio, rounded
from ccxt_ext.sandbox.frontends.btex.parameters import (
    NO_CONTRACT,
    NO_ORDER,
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

DEPTHS = ("5", "10", "15", "20", "30", "50")
MOST_TRADES = 300
MOST_IDS = 50
OPEN_ORDERS = 20
YUAN = Decimal("6.9")  # the price of a dollar


class ContractApi:
    def __init__(self, engine: Engine, clock: VenueClock, open_orders: int) -> None:
        self.engine = engine
        self.clock = clock
        self.open_orders = open_orders
        self.listings: Listed[Contract] = Listed({listing.id: listing for listing in CONTRACT_LISTINGS})
        # The prices that orders came with. Even a market order has to have one, though it means nothing.
        self._prices: dict[int, Decimal] = {}
        self._books: BookRows[Json] = BookRows()

    def _listing(self, form: Form) -> Contract:
        listing = self.listings.get(required(form, "contract_id"))
        if listing is None:
            raise failure(NO_CONTRACT)
        return listing

    def _market(self, form: Form) -> tuple[Contract, Market]:
        self.engine.catch_up()
        listing = self._listing(form)
        return listing, self.engine.markets[listing.id]

    def _chosen(self, form: Form) -> list[Contract]:
        """The contract that is named, or all if none or number 0 is."""
        if form.get("contract_id", "") in ("", "0"):
            return list(self.listings.values())
        return [self._listing(form)]

    # public

    def contracts(self, form: Form) -> Any:
        self.engine.catch_up()
        rows = []
        for listing in self._chosen(form):
            market = self.engine.markets[listing.id]
            row = contract_row(listing, market.spec, self.open_orders)
            if listing.status == "1" and not market.active:
                row["status"] = "-1"
            rows.append(row)
        return rows

    def tickers(self, form: Form) -> Any:
        self.engine.catch_up()
        return [contract_ticker(self.engine.markets[each.id], each) for each in self._chosen(form)]

    def orderbook(self, form: Form) -> Any:
        _, market = self._market(form)
        depth = int(one_of(form, "depth", DEPTHS, "10"))
        return self._books.of(market, depth, lambda: as_json(number_book(market, depth)))

    def trades(self, form: Form) -> Any:
        _, market = self._market(form)
        found = market.trades(integer(form, "page_size", 20, 1, MOST_TRADES))
        return {"lists": [contract_trade(trade) for trade in found]}

    def k_data(self, form: Form) -> Any:
        _, market = self._market(form)
        step = CONTRACT_STEPS[one_of(form, "k_type", tuple(CONTRACT_STEPS), "5m")]
        count = integer(form, "k_amount", 100, 1, MOST_CANDLES)
        now = self.clock.engine_clock.now()
        candles = market.candles(step, now - (count + 1) * step, now)[-count:]
        return {
            "lists": [
                [
                    str(candle.timestamp),
                    *(fixed(price, MONEY) for price in (candle.open, candle.high, candle.low, candle.close)),
                    fixed(candle.volume, 0),
                    # Contracts times prices; tickers have another sum under this name.
                    fixed(candle.quote_volume, 2),
                ]
                for candle in candles
            ]
        }

    # private

    def account_info(self, form: Form, account: str) -> Any:
        rows = []
        sums = {"BTC": Decimal(0), "USD": Decimal(0), "CNY": Decimal(0)}
        margins = {listing.settle: Decimal(0) for listing in self.listings.values()}
        for id, tied in self.engine.order_margins(account).items():
            settle = self.listings[id].settle
            margins[settle] = add(margins[settle], tied)
        balances, btc = self.engine.balances(account, CONTRACTS), self.engine.markets["1"].index_price
        for coin, tied in margins.items():
            balance = balances[coin]
            total = add(balance.free, balance.held)
            worth = self._estimates(coin, total, btc)
            for name, value in worth.items():
                sums[name] = add(sums[name], value)
            rows.append(
                {
                    "coin": coin,
                    "balance": fixed(balance.free, MONEY),
                    "position_margin": fixed(balance.held - tied, MONEY),
                    "order_margin": fixed(tied, MONEY),
                    "total": fixed(total, MONEY),
                    **{f"estimate_{name}": f"{value:f}" for name, value in worth.items()},
                }
            )
        estimates = {f"estimate_{name}": fixed(value, MONEY) for name, value in sums.items()}
        return {"time": self.clock.now() // 1000, **estimates, "balances": rows}

    def _estimates(self, coin: str, total: Decimal, btc: Decimal) -> dict[str, Decimal]:
        """What an amount of a coin is worth as money, by the index of its first contract, and that of BTC."""
        dollars = total
        for listing in self.listings.values():
            if listing.settle == coin and listing.inverse:
                dollars = multiply(total, self.engine.markets[listing.id].index_price)
                break
        in_btc = total if coin == "BTC" else ratio(dollars, btc)
        return {
            "BTC": rounded(in_btc, MONEY),
            "USD": rounded(dollars, MONEY),
            "CNY": rounded(multiply(dollars, YUAN), MONEY),
        }

    def place_order(self, form: Form, account: str) -> Any:
        listing = self._listing(form)
        kind = one_of(form, "type", ("limit", "market"))
        price = decimal(form, "price")
        amount = decimal(form, "amount")
        leverage = decimal(form, "leverage")
        side: Side = "buy" if one_of(form, "direction", ("1", "-1")) == "1" else "sell"
        cross = one_of(form, "is_cross", ("1", "-1", "2")) == "1"
        if len(self.engine.newest_orders(account, listing.id, ("open",))) >= self.open_orders:
            raise failure(f"the maximum of {self.open_orders} open orders is reached")
        try:
            order = self.engine.place(
                account,
                listing.id,
                side,
                None if kind == "market" else price,
                amount,
                type="market" if kind == "market" else "limit",
                leverage=leverage,
                margin_mode="cross" if cross else "isolated",
            )
        except Refused as error:
            raise failure_of(error) from None
        self._prices[order.id] = price
        return {"order_id": order.id}

    def _order(self, account: str, number: int) -> Order | None:
        order = self.engine.order(account, number)
        return order if order is not None and order.market in self.listings else None

    def cancel_order(self, form: Form, account: str) -> Any:
        order = self._order(account, order_id(form))
        try:
            if order is None:
                raise failure(NO_ORDER)
            self.engine.cancel(account, order.id)
        except Refused:
            raise failure(NO_ORDER) from None
        return {}

    def _row(self, order: Order, batch: bool = False) -> dict[str, Any]:
        price = self._prices.get(order.id, order.price or Decimal(0))
        return contract_order(order, self.listings[order.market], price, batch)

    def active_orders(self, form: Form, account: str) -> Any:
        listing = self._listing(form)
        return self._rows("order_lists", account, self.engine.newest_orders(account, listing.id, ("open",)))

    def myorders(self, form: Form, account: str) -> Any:
        listing = self._listing(form)
        orders = self.engine.newest_orders(account, listing.id)
        return self._rows("orders_his", account, orders[page(form)])

    def _rows(self, name: str, account: str, orders: Iterable[Order]) -> Json:
        rows = self.engine.rows_of(account, orders, "listed", self._listed_row)
        return as_json({}, **{name: Json(f"[{','.join(rows)}]")})

    def _listed_row(self, order: Order) -> Json:
        return as_json(self._row(order))

    def get_order_batch(self, form: Form, account: str) -> Any:
        texts = required(form, "order_id").split(",")
        if len(texts) > MOST_IDS or not all(text.isdecimal() and len(text) < 19 for text in texts):
            raise failure("order_id error")
        orders = [self._order(account, int(text)) for text in texts]
        return [self._row(order, batch=True) for order in orders if order is not None]

    def mytrades(self, form: Form, account: str) -> Any:
        listing = self._listing(form)
        fills = self.engine.newest_fills(account, listing.id)[page(form)]
        rows = []
        for fill in fills:
            order = self._order(account, fill.order_id)
            if order is not None:
                rows.append(own_contract_trade(fill, order, listing))
        return {"trades_his": rows}

    def order_match_results(self, form: Form, account: str) -> Any:
        order = self._order(account, order_id(form))
        if order is None:
            raise failure(NO_ORDER)
        price = self._prices.get(order.id, order.price or Decimal(0))
        fills = self.engine.newest_fills_of(account, order.id)
        return [match_result(fill, order, self.listings[order.market], price) for fill in fills]

    def active_positions(self, form: Form, account: str) -> Any:
        chosen = {listing.id for listing in self._chosen(form)}
        positions = [each for each in self.engine.positions(account) if each.market in chosen]
        return {"position_lists": [position_row(each, self.listings[each.market]) for each in positions]}

    def mypositions(self, form: Form, account: str) -> Any:
        listing = self._listing(form)
        closed = self.engine.newest_closed_positions(account, listing.id)[page(form)]
        return {"position_his": [closed_position_row(position, listing) for position in closed]}
