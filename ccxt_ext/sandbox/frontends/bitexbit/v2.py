"""bitexbit's API v2: an action for each endpoint."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from decimal import Decimal
from heapq import merge
from itertools import islice, takewhile
from typing import Any

from ccxt_ext.sandbox.frontend import (
    BookRows,
    Json,
    Refusal,
    Request,
    VenueClock,
    by_time_and_id,
    exact_json,
    up_to,
)
from ccxt_ext.sandbox.frontend.engine import Engine, Fill, Market, Order, Side
from ccxt_ext.sandbox.frontends.bitexbit.formats import seconds, text
from ccxt_ext.sandbox.frontends.bitexbit.listings import FEE, Listing
from ccxt_ext.sandbox.frontends.bitexbit.markets import Markets
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank
from ccxt_ext.sandbox.frontends.bitexbit.money.coupons import Coupons
from ccxt_ext.sandbox.frontends.bitexbit.money.transfers import Transfers
from ccxt_ext.sandbox.frontends.bitexbit.orders import Orders
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField, integer, page_of, required, side_named
from ccxt_ext.sandbox.frontends.bitexbit.v2_rows import (
    v2_order,
    v2_own_trade,
    v2_pair,
    v2_public_order,
    v2_ticker,
    v2_trade,
)

PAGE = 100
LARGEST_PAGE = 1000
LARGEST_BOOK = 50
MOST_SYMBOLS = 5
SIDES: dict[str, Side] = {"buy": "buy", "sell": "sell"}
ORDER_TYPES: dict[str, Side] = {f"{side}-limit": side for side in SIDES.values()}
FILTERS = ("since", "until", "since_id", "until_id")
STATES = {"active": ("open",), "canceled": ("canceled",), "done": ("closed",)}


class ApiV2:
    def __init__(
        self,
        engine: Engine,
        clock: VenueClock,
        listings: Mapping[str, Listing],
        markets: Markets,
        orders: Orders,
        bank: Bank,
        coupons: Coupons,
        transfers: Transfers,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._listings = listings
        self._markets = markets
        self._orders = orders
        self._bank = bank
        self._coupons = coupons
        self._transfers = transfers
        self._books: BookRows[dict[str, Json]] = BookRows()

    # public

    def currencies(self, request: Request) -> Any:
        return [self.currency(request, code) for code in self._bank.currencies]

    def currency(self, request: Request, code: str) -> Any:
        currency = self._bank.currencies.get(code)
        if currency is None:
            raise Refusal(404, "Currency not found")
        return {
            "code": code,
            "name": currency.name,
            "image_url": f"https://bitexbit.com/media/currency/{code}/l.png",
            "precision": currency.precision,
            "is_enabled": True,
        }

    def pairs(self, request: Request) -> Any:
        return [v2_pair(listing, self._markets.can_cancel(listing.id)) for listing in self._listings.values()]

    def pair(self, request: Request, symbol: str) -> Any:
        self._markets.named(symbol)
        return v2_pair(self._listings[symbol], self._markets.can_cancel(symbol))

    def ohlcv(self, request: Request) -> Any:
        symbol, step = required(request, "symbol"), required(request, "timeframe")
        if step == "1":
            raise Refusal(400, "Wrong timeframe")
        return [
            [c.timestamp // 1000, *(text(value) for value in (c.open, c.high, c.low, c.close, c.volume))]
            for c in self._markets.candles(request, symbol, step, PAGE, LARGEST_PAGE)
        ]

    def tickers(self, request: Request) -> Any:
        symbols = self._symbols(request)
        markets = (
            self._markets.chosen(None) if symbols is None else [self._markets.named(name) for name in symbols]
        )
        return [v2_ticker(market, self._active_at(market)) for market in markets]

    def _active_at(self, market: Market) -> int:
        trades = market.trades(1)
        return trades[0].timestamp if trades else self._clock.now()

    def _symbols(self, request: Request) -> list[str] | None:
        given = request.query.get("symbols")
        names = None if given is None else given.split(",")
        if names is not None and len(names) > MOST_SYMBOLS:
            raise Refusal(400, f"The maximum number of symbols is {MOST_SYMBOLS}")
        return names

    def depth(self, request: Request) -> Any:
        market = self._markets.named(required(request, "symbol"))
        limit = min(integer(request, "limit", LARGEST_BOOK), LARGEST_BOOK)
        rows = self._books.of(market, limit, lambda: _sides(market, limit))
        return {"date": seconds(self._clock.now()), **rows}

    def public_orders(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        markets = self._markets.chosen(symbol)
        accounts = self._engine.accounts
        others = [order for market in markets for order in market.each_synthetic()]
        own = (self._orders_of(request, account, symbol) for account in accounts)
        found = merge(sorted(others, key=_newest_first), *own, key=_newest_first)
        return [v2_public_order(order) for order in self._listed(request, found)]

    def public_trades(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        markets = self._markets.chosen(symbol)
        until, side = integer(request, "until", 10**18), SIDES.get(request.query.get("type", ""))
        found = (market.each_trade(until_ms=until, side=side) for market in markets)
        trades = merge(*found, key=_newest_first)
        return [v2_trade(trade) for trade in self._listed(request, trades)]

    def _listed(self, request: Request, found: Iterable[Any], is_chosen: bool = False) -> list[Any]:
        """The filters that v2's lists share. What is found comes newest first.

        It may have been chosen by status and type already.
        """
        type, status = request.query.get("type"), request.query.get("status")
        if status is not None and status not in STATES:
            raise Refusal(400, "Wrong status")
        limit = min(integer(request, "limit", PAGE), LARGEST_PAGE)
        if is_chosen and request.query.keys().isdisjoint(FILTERS):
            return list(islice(found, limit))
        ranges = (
            ("since", "until", lambda row: row.created if isinstance(row, Order) else row.timestamp),
            ("since_id", "until_id", lambda row: row.id),
        )
        bounds = [
            (integer(request, first, 0), integer(request, last, 10**18), of) for first, last, of in ranges
        ]
        since, _, time_of = bounds[0]
        fitting = (
            row
            for row in takewhile(lambda row: time_of(row) >= since, found)
            if type in (None, f"{row.side}-limit" if isinstance(row, Order) else row.side)
            and (status is None or not isinstance(row, Order) or row.status in STATES[status])
            and all(least <= of(row) <= most for least, most, of in bounds)
        )
        return list(islice(fitting, limit))

    # private

    def create(self, fields: Mapping[str, Any], account: str) -> Any:
        side, _, kind = str(fields.get("type", "")).partition("-")
        if kind != "limit":
            raise BadField("type", "Must be buy-limit or sell-limit.")
        order, fills = self._orders.place(
            account, fields.get("symbol"), side_named(side), fields.get("price"), fields.get("amount")
        )
        return {
            "order": v2_order(order),
            "trades": [
                {"id": fill.id, "price": text(fill.price), "amount": text(fill.amount), "side_order": other}
                for fill, other in fills
            ],
            "funds": self._funds(account, order),
        }

    def cancel(self, fields: Mapping[str, Any], account: str, id: str) -> Any:
        order = self._orders.cancel(account, id)
        return {
            "cancel": {"id": order.id + 1, "date": order.updated},
            "order": v2_order(order),
            "funds": self._funds(account, order),
        }

    def _funds(self, account: str, order: Order) -> Any:
        return self._bank.funds(account, list(self._listings[order.market].currencies))

    def orders(self, request: Request, account: str) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            self._markets.ever_named(symbol)
        is_chosen = request.query.get("type") in (None, *ORDER_TYPES)
        found = self._listed(request, self._orders_of(request, account, symbol), is_chosen)
        rows = self._engine.rows_of(account, found, "v2", _listed_row)
        return Json(f"[{','.join(rows)}]")

    def _orders_of(self, request: Request, account: str, symbol: str | None) -> Iterable[Order]:
        """An account's orders, newest first, without those that the filters for numbers and statuses drop."""
        statuses = STATES.get(request.query.get("status", ""))
        side = ORDER_TYPES.get(request.query.get("type", ""))
        newest = self._engine.newest_orders(account, symbol, statuses, side)
        if request.query.keys().isdisjoint(FILTERS):
            return newest
        # Numbers grow with time: those that are too new by either come first.
        first = max(
            bisect_left(newest, -integer(request, "until_id", 10**18), key=lambda order: -order.id),
            bisect_left(newest, -integer(request, "until", 10**18), key=lambda order: -order.created),
        )
        least = integer(request, "since_id", 0)
        older = (newest[place] for place in range(first, len(newest)))
        return takewhile(lambda order: order.id >= least, older)

    def order_trades(self, request: Request, account: str, id: str) -> Any:
        order = self._orders.own(account, id)
        return [self._own_trade(fill) for fill in self._engine.fills(account, order.market, order.id)]

    def _own_trade(self, fill: Fill) -> dict[str, Any]:
        return v2_own_trade(fill, self._listings[fill.market].fee)

    def trades(self, request: Request, account: str) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            self._markets.ever_named(symbol)
        side = SIDES.get(request.query.get("type", ""))
        newest = self._engine.newest_fills(account, symbol, side)
        fills = by_time_and_id(up_to(newest, integer(request, "until", 10**18), lambda fill: fill.timestamp))
        return [self._own_trade(fill) for fill in self._listed(request, fills)]

    def balance(self, request: Request, account: str) -> Any:
        symbols = self._symbols(request)
        return self._bank.funds(
            account, [c for c in self._bank.currencies if symbols is None or c in symbols]
        )

    def fees(self, request: Request, account: str) -> Any:
        return {
            "sell_fee_rate": text(FEE),
            "buy_fee_rate": text(FEE),
            "pair_fee_rates": [
                {"symbol": x.id, "sell_fee_rate": text(x.fee), "buy_fee_rate": text(x.fee)}
                for x in self._listings.values()
                if x.fee != FEE
            ],
        }

    def coupon_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._coupons.create(account, fields)

    def coupon_redeem(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._coupons.redeem(account, fields)

    def transfers(self, request: Request, account: str) -> Any:
        code, status = request.query.get("currency"), request.query.get("status")
        outgoing = request.query.get("is_outgoing")
        found = self._transfers.of(account)
        if (code, status, outgoing) != (None, None, None):
            found = [
                each
                for each in found
                if code in (None, each.currency)
                and status in (None, str(each.status[0]))
                and outgoing in (None, "true" if each.sender == account else "false")
            ]
        return page_of(request, found, lambda each: self._transfers.row(each, account))

    def transfer(self, fields: Mapping[str, Any], account: str) -> Any:
        return self._transfers.create(account, fields)

    def transfer_accept(self, fields: Mapping[str, Any], account: str, txid: str) -> Any:
        return self._transfers.accept(account, txid, fields.get("security_code"))

    def transfer_cancel(self, fields: Mapping[str, Any], account: str, txid: str) -> Any:
        return self._transfers.cancel(account, txid)


def _listed_row(order: Order) -> str:
    return exact_json(v2_order(order, listed=True))


def _newest_first(row: Any) -> tuple[int, int]:
    return (-(row.created if isinstance(row, Order) else row.timestamp), -row.id)


def _sides(market: Market, depth: int) -> dict[str, Json]:
    bids, asks = market.book(depth)
    rows = {
        "asks": [[level.price, level.amount] for level in asks],
        "bids": [[level.price, level.amount] for level in bids],
        "sum_bids": sum((level.amount for level in bids), Decimal(0)),
        "sum_asks": sum((level.amount for level in asks), Decimal(0)),
    }
    return {name: Json(exact_json(value)) for name, value in rows.items()}
