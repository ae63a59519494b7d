"""bitexbit's API v1 and its charts: an action for each endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import merge
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.frontend import BookRows, Json, Refusal, Request, by_time_and_id, exact_json
from ccxt_ext.sandbox.frontend.engine import Engine, Order, Side
from ccxt_ext.sandbox.frontends.bitexbit.formats import number, seconds
from ccxt_ext.sandbox.frontends.bitexbit.listings import Listing
from ccxt_ext.sandbox.frontends.bitexbit.markets import Markets
from ccxt_ext.sandbox.frontends.bitexbit.money.bank import Bank
from ccxt_ext.sandbox.frontends.bitexbit.money.deposits import Deposits
from ccxt_ext.sandbox.frontends.bitexbit.money.withdrawals import Withdrawals
from ccxt_ext.sandbox.frontends.bitexbit.orders import Orders
from ccxt_ext.sandbox.frontends.bitexbit.parameters import integer, side_named
from ccxt_ext.sandbox.frontends.bitexbit.v1_rows import (
    STATUSES,
    chart_row,
    v1_book,
    v1_order,
    v1_own_trade,
    v1_pair,
    v1_status,
    v1_trade,
)

PAGE = 100
CANDLES = 720
MOST_CANDLES = 10_000
ORDERS = 2000

SIDES: dict[str, Side] = {"buy": "buy", "sell": "sell"}
LIMITS: tuple[tuple[Side, str], ...] = (("sell", "limit_asks"), ("buy", "limit_bids"))


def _listed_row(order: Order) -> str:
    return exact_json(v1_order(order))


class ApiV1:
    def __init__(
        self,
        engine: Engine,
        listings: Mapping[str, Listing],
        markets: Markets,
        orders: Orders,
        bank: Bank,
        deposits: Deposits,
        withdrawals: Withdrawals,
    ) -> None:
        self._engine = engine
        self._listings = listings
        self._markets = markets
        self._orders = orders
        self._bank = bank
        self._deposits = deposits
        self._withdrawals = withdrawals
        self._books: BookRows[Json] = BookRows()

    # public

    def currencies(self, request: Request) -> Any:
        return [
            {"sign": currency.sign, "short_name": currency.code}
            for currency in self._bank.currencies.values()
        ]

    def pairs(self, request: Request) -> Any:
        wanted = [request.query.get("currency1"), request.query.get("currency2")]
        return [
            v1_pair(listing)
            for listing in self._listings.values()
            if all(name in (None, own) for name, own in zip(wanted, listing.currencies, strict=True))
        ]

    def orderbook(self, request: Request, pair: str) -> Any:
        market = self._markets.named(pair)
        grouped = request.query.get("group", "0") == "1"
        # The venue's page has one name in its table and the other in its samples.
        most = {side: integer(request, f"limit_{side}", integer(request, other, 0)) for side, other in LIMITS}
        form = grouped, *most.values()
        return self._books.of(market, form, lambda: Json(exact_json(v1_book(market, grouped, most))))

    def exchanges(self, request: Request) -> Any:
        pair = request.query.get("pair")
        markets = self._markets.chosen(pair)
        offset, limit = integer(request, "offset", 0), integer(request, "limit", PAGE)
        newest_first = request.query.get("ordering", "-id") != "id"
        found = merge(
            *(market.each_trade(newest_first) for market in markets),
            key=lambda trade: (trade.timestamp, trade.id),
            reverse=newest_first,
        )
        return [v1_trade(trade) for trade in islice(found, offset, offset + limit)]

    def chart(self, request: Request, pair: str, type: str) -> Any:
        return [
            chart_row(candle) for candle in self._markets.candles(request, pair, type, CANDLES, MOST_CANDLES)
        ]

    # private

    def wallets(self, request: Request, account: str) -> Any:
        wanted = request.query.get("currency_id")
        return [
            {
                "currency": code,
                "balance": number(balance.free + balance.held),
                "reserve": number(balance.held),
            }
            for code, balance in self._engine.balances(account).items()
            if wanted in (None, code)
        ]

    def orders(self, request: Request, account: str) -> Any:
        side, pair, status = (request.query.get(name) for name in ("type", "pair", "status"))
        if pair is not None:
            self._markets.ever_named(pair)
        statuses = None if status is None else STATUSES.get(status, ())
        limit = integer(request, "limit", ORDERS)
        if side not in (None, *SIDES):
            return []
        found = self._engine.newest_orders(account, pair, statuses, SIDES.get(side or ""))
        rows = self._engine.rows_of(account, found[:limit], "v1", _listed_row)
        return Json(f"[{','.join(rows)}]")

    def order(self, request: Request, account: str | None = None, id: str = "") -> Any:
        """Without an account, if anybody may ask. A key is refused then, to notice clients that send one."""
        if account is None and "x-key" in request.headers:
            raise Refusal(400, "This call takes no key")
        order = self._orders.anybodys(id) if account is None else self._orders.own(account, id)
        return {**v1_order(order), "status": str(v1_status(order))}

    def create(self, fields: Mapping[str, Any], account: str) -> Any:
        side = side_named(fields.get("type"))
        order, fills = self._orders.place(
            account, fields.get("pair"), side, fields.get("price"), fields.get("amount")
        )
        return {
            "success": True,
            "type": order.side,
            "date": seconds(order.created),
            "oid": order.id,
            "price": number(order.limit),
            "amount": number(order.remaining),
            "trades": [
                {
                    # The side of the order that was in the book before.
                    "type": "sell" if side == "buy" else "buy",
                    "price": number(fill.price),
                    "o_id": other,
                    "amount": number(fill.amount),
                    "tid": fill.id,
                }
                for fill, other in fills
            ],
        }

    def cancel(self, fields: Mapping[str, Any], account: str) -> Any:
        return {"order": self._orders.cancel(account, str(fields.get("order", ""))).id}

    def own_exchanges(self, request: Request, account: str) -> Any:
        side, pair = request.query.get("type"), request.query.get("pair")
        if pair is not None:
            self._markets.ever_named(pair)
        offset, limit = integer(request, "offset", 0), integer(request, "limit", PAGE)
        newest_first = request.query.get("ordering", "-id") != "id"
        if side not in (None, *SIDES):
            return []
        newest = self._engine.newest_fills(account, pair, SIDES.get(side or ""))
        fills = by_time_and_id(newest if newest_first else reversed(newest), newest_first)
        return [v1_own_trade(fill) for fill in islice(fills, offset, offset + limit)]

    def deposits(self, request: Request, account: str) -> Any:
        return self._deposits.v1_rows(account)

    def withdraws(self, request: Request, account: str) -> Any:
        code, status = request.query.get("currency_id"), request.query.get("status")
        return [
            row
            for row in self._withdrawals.v1_rows(account)
            if code in (None, row["currency"]) and status in (None, str(row["status"]))
        ]
