"""bitexbit's API v2 in the sandbox: strings, times in milliseconds, filters by time and id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Fill, Market, Order
from ccxt_ext.sandbox.frontend import Refusal, Request
from ccxt_ext.sandbox.frontends.bitexbit.core import (
    PAGE,
    SIDES,
    Core,
    integer,
    newest_first,
    page_of,
    required,
    side_named,
)
from ccxt_ext.sandbox.frontends.bitexbit.money import BadField
from ccxt_ext.sandbox.frontends.bitexbit.rows import (
    FEE,
    seconds,
    text,
    v2_order,
    v2_own_trade,
    v2_public_order,
    v2_ticker,
    v2_trade,
)

LARGEST_PAGE = 1000
LARGEST_BOOK = 50
MOST_SYMBOLS = 5
STATES = {"active": ("open",), "canceled": ("canceled",), "done": ("closed",)}


class ApiV2(Core):
    # v2, public

    def _v2_currencies(self, request: Request) -> Any:
        return [self._v2_currency(request, code) for code in self.engine.monies]

    def _v2_currency(self, request: Request, code: str) -> Any:
        money = self.engine.monies.get(code)
        if money is None:
            raise Refusal(404, "Currency not found")
        return {
            "code": code,
            "name": money.name,
            "image_url": f"https://bitexbit.com/media/currency/{code}/l.png",
            "precision": money.precision,
            "is_enabled": True,
        }

    def _v2_pairs(self, request: Request) -> Any:
        return [listing.v2(self._can_cancel(listing.id)) for listing in self.listings.values()]

    def _v2_pair(self, request: Request, symbol: str) -> Any:
        self._market(symbol)
        return self.listings[symbol].v2(self._can_cancel(symbol))

    def _v2_ohlcv(self, request: Request) -> Any:
        symbol, step = required(request, "symbol"), required(request, "timeframe")
        if step == "1":
            raise Refusal(400, "Wrong timeframe")
        return [
            [c.timestamp // 1000, *(text(value) for value in (c.open, c.high, c.low, c.close, c.volume))]
            for c in self._candles(request, symbol, step, PAGE, LARGEST_PAGE)
        ]

    def _v2_tickers(self, request: Request) -> Any:
        symbols = self._symbols(request)
        markets = (
            self.engine.markets.values() if symbols is None else [self._market(name) for name in symbols]
        )
        return [v2_ticker(market, self._active_at(market)) for market in markets]

    def _active_at(self, market: Market) -> int:
        trades = market.trades(1)
        return trades[0].timestamp if trades else self.clock.now()

    def _symbols(self, request: Request) -> list[str] | None:
        given = request.query.get("symbols")
        names = None if given is None else given.split(",")
        if names is not None and len(names) > MOST_SYMBOLS:
            raise Refusal(400, f"The maximum number of symbols is {MOST_SYMBOLS}")
        return names

    def _v2_depth(self, request: Request) -> Any:
        market = self._market(required(request, "symbol"))
        limit = min(integer(request, "limit", LARGEST_BOOK), LARGEST_BOOK)
        bids, asks = market.book(limit)
        return {
            "date": seconds(self.clock.now()),
            "asks": [[level.price, level.amount] for level in asks],
            "bids": [[level.price, level.amount] for level in bids],
            "sum_bids": sum((level.amount for level in bids), Decimal(0)),
            "sum_asks": sum((level.amount for level in asks), Decimal(0)),
        }

    def _v2_public_orders(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        markets = [self._market(symbol)] if symbol else list(self.engine.markets.values())
        orders = {o.id: o for market in markets for side in SIDES for o in market.standing(side)}
        for account in self.engine.accounts:
            orders.update((order.id, order) for order in self.engine.orders(account, symbol))
        return [v2_public_order(order) for order in self._v2_list(request, list(orders.values()))]

    def _v2_public_trades(self, request: Request) -> Any:
        symbol = request.query.get("symbol")
        markets = [self._market(symbol)] if symbol else list(self.engine.markets.values())
        trades = [trade for market in markets for trade in market.trades()]
        return [v2_trade(trade) for trade in self._v2_list(request, trades)]

    def _v2_list(self, request: Request, found: Sequence[Any]) -> list[Any]:
        """The filters that v2's lists share; newest first."""
        type, status = request.query.get("type"), request.query.get("status")
        if status is not None and status not in STATES:
            raise Refusal(400, "Wrong status")
        limit = min(integer(request, "limit", PAGE), LARGEST_PAGE)
        ranges = (
            ("since", "until", lambda row: row.created if isinstance(row, Order) else row.timestamp),
            ("since_id", "until_id", lambda row: row.id),
        )
        bounds = [
            (integer(request, first, 0), integer(request, last, 10**18), of) for first, last, of in ranges
        ]
        fitting = [
            row
            for row in found
            if type in (None, f"{row.side}-limit" if isinstance(row, Order) else row.side)
            and (status is None or row.status in STATES[status])
            and all(least <= of(row) <= most for least, most, of in bounds)
        ]
        return sorted(fitting, key=newest_first)[:limit]

    # v2, private

    def _v2_create(self, fields: Mapping[str, Any], account: str) -> Any:
        side, _, kind = str(fields.get("type", "")).partition("-")
        if kind != "limit":
            raise BadField("type", "Must be buy-limit or sell-limit.")
        order, fills = self._place(
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

    def _v2_cancel(self, fields: Mapping[str, Any], account: str, id: str) -> Any:
        order = self._cancel(account, id)
        return {
            "cancel": {"id": order.id + 1, "date": order.updated},
            "order": v2_order(order),
            "funds": self._funds(account, order),
        }

    def _funds(self, account: str, order: Order) -> Any:
        return self.engine.funds(account, list(self.listings[order.market].currencies))

    def _v2_orders(self, request: Request, account: str) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            self._market(symbol)
        found = self._v2_list(request, self.engine.orders(account, symbol))
        return [v2_order(order, listed=True) for order in found]

    def _v2_order_trades(self, request: Request, account: str, id: str) -> Any:
        order = self._own_order(account, id)
        return [self._v2_own_trade(fill) for fill in self.engine.fills(account, order.market, order.id)]

    def _v2_own_trade(self, fill: Fill) -> dict[str, Any]:
        return v2_own_trade(fill, self.listings[fill.market].fee)

    def _v2_trades(self, request: Request, account: str) -> Any:
        symbol = request.query.get("symbol")
        if symbol is not None:
            self._market(symbol)
        return [
            self._v2_own_trade(fill) for fill in self._v2_list(request, self.engine.fills(account, symbol))
        ]

    def _v2_balance(self, request: Request, account: str) -> Any:
        symbols = self._symbols(request)
        return self.engine.funds(account, [c for c in self.engine.monies if symbols is None or c in symbols])

    def _v2_fees(self, request: Request, account: str) -> Any:
        usual = FEE
        return {
            "sell_fee_rate": text(usual),
            "buy_fee_rate": text(usual),
            "pair_fee_rates": [
                {"symbol": x.id, "sell_fee_rate": text(x.fee), "buy_fee_rate": text(x.fee)}
                for x in self.listings.values()
                if x.fee != usual
            ],
        }

    def _v2_coupon_create(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.create_coupon(account, fields)

    def _v2_coupon_redeem(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.redeem_coupon(account, fields)

    def _v2_transfers(self, request: Request, account: str) -> Any:
        code, status = request.query.get("currency"), request.query.get("status")
        outgoing = request.query.get("is_outgoing")
        rows = [
            row
            for row in self.engine.transfers(account)
            if code in (None, row["currency"]["code"])
            and status in (None, str(row["status"]["key"]))
            and outgoing in (None, "true" if row["is_outgoing"] else "false")
        ]
        return page_of(request, rows)

    def _v2_transfer(self, fields: Mapping[str, Any], account: str) -> Any:
        return self.engine.create_transfer(account, fields)

    def _v2_transfer_accept(self, fields: Mapping[str, Any], account: str, txid: str) -> Any:
        return self.engine.end_transfer(account, txid, True, fields.get("security_code"))

    def _v2_transfer_cancel(self, fields: Mapping[str, Any], account: str, txid: str) -> Any:
        return self.engine.end_transfer(account, txid, False)
