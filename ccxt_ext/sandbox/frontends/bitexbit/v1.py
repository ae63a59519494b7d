"""bitexbit's API v1 and its charts in the sandbox: JSON numbers, times in seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt_ext.sandbox.frontend import Refusal, Request
from ccxt_ext.sandbox.frontends.bitexbit.core import PAGE, SIDES, Core, integer, side_named
from ccxt_ext.sandbox.frontends.bitexbit.rows import (
    candle_numbers,
    number,
    seconds,
    v1_order,
    v1_own_trade,
    v1_status,
    v1_trade,
)

CANDLES = 720
MOST_CANDLES = 10_000
ORDERS = 2000

OTHER_LIMITS = {"sell": "limit_asks", "buy": "limit_bids"}


class ApiV1(Core):
    # v1, public

    def _v1_currencies(self, request: Request) -> Any:
        return [{"sign": money.sign, "short_name": money.code} for money in self.engine.monies.values()]

    def _v1_pairs(self, request: Request) -> Any:
        wanted = [request.query.get("currency1"), request.query.get("currency2")]
        return [
            listing.v1()
            for listing in self.listings.values()
            if all(name in (None, own) for name, own in zip(wanted, listing.currencies, strict=True))
        ]

    def _v1_orderbook(self, request: Request, pair: str) -> Any:
        market = self._market(pair)
        grouped = request.query.get("group", "0") == "1"
        bids, asks = market.book()
        sides: dict[str, list[Any]] = {}
        for name, side, levels in (("sell", SIDES[1], asks), ("buy", SIDES[0], bids)):
            # The page's table has the one name, its samples the other.
            limit = integer(request, f"limit_{name}", integer(request, OTHER_LIMITS[name], 0))
            if grouped:
                rows: list[dict[str, Any]] = [
                    {"price": level.price, "amount": level.amount} for level in levels
                ]
            else:
                rows = [
                    {
                        "price": order.limit,
                        "id": order.id,
                        "amount": order.remaining,
                        "timestamp": seconds(order.created),
                    }
                    for order in market.standing(side)
                ]
            sides[name] = rows[: limit or None]
        return sides

    def _v1_exchanges(self, request: Request) -> Any:
        pair = request.query.get("pair")
        markets = [self._market(pair)] if pair else list(self.engine.markets.values())
        offset, limit = integer(request, "offset", 0), integer(request, "limit", PAGE)
        if request.query.get("ordering") == "id":
            found = [trade for market in markets for trade in market.trades()]
        else:
            found = [trade for market in markets for trade in market.trades(offset + limit)]
        return [v1_trade(trade) for trade in self._v1_page(request, found)]

    def _v1_page(self, request: Request, trades: Sequence[Any]) -> Sequence[Any]:
        offset, limit = integer(request, "offset", 0), integer(request, "limit", PAGE)
        newest_first = request.query.get("ordering", "-id") != "id"
        ordered = sorted(trades, key=lambda trade: (trade.timestamp, trade.id), reverse=newest_first)
        return ordered[offset : offset + limit]

    def _chart(self, request: Request, pair: str, type: str) -> Any:
        return [
            candle_numbers(candle) for candle in self._candles(request, pair, type, CANDLES, MOST_CANDLES)
        ]

    # v1, private

    def _v1_wallets(self, request: Request, account: str) -> Any:
        wanted = request.query.get("currency_id")
        return [
            {
                "currency": code,
                "balance": number(balance.free + balance.held),
                "reserve": number(balance.held),
            }
            for code, balance in self.engine.balances(account).items()
            if wanted in (None, code)
        ]

    def _v1_orders(self, request: Request, account: str) -> Any:
        side, pair, status = (request.query.get(name) for name in ("type", "pair", "status"))
        if pair is not None:
            self._market(pair)
        found = [
            order
            for order in self.engine.orders(account, pair)
            if side in (None, order.side) and status in (None, str(v1_status(order)))
        ]
        return [v1_order(order) for order in found[: integer(request, "limit", ORDERS)]]

    def _v1_order(self, request: Request, account: str | None = None, id: str = "") -> Any:
        """Without an account where it is open to everyone; then a key is refused, so that it can be seen
        whether a client sends one."""
        if account is None and "x-key" in request.headers:
            raise Refusal(400, "This call takes no key")
        order = self._any_order(id) if account is None else self._own_order(account, id)
        return {**v1_order(order), "status": str(v1_status(order))}

    def _v1_create(self, fields: Mapping[str, Any], account: str) -> Any:
        side = side_named(fields.get("type"))
        order, fills = self._place(
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
                    # The side of the order that stood in the book.
                    "type": "sell" if side == "buy" else "buy",
                    "price": number(fill.price),
                    "o_id": other,
                    "amount": number(fill.amount),
                    "tid": fill.id,
                }
                for fill, other in fills
            ],
        }

    def _v1_cancel(self, fields: Mapping[str, Any], account: str) -> Any:
        return {"order": self._cancel(account, str(fields.get("order", ""))).id}

    def _v1_own_exchanges(self, request: Request, account: str) -> Any:
        side, pair = request.query.get("type"), request.query.get("pair")
        if pair is not None:
            self._market(pair)
        fills = [fill for fill in self.engine.fills(account, pair) if side in (None, fill.side)]
        return [v1_own_trade(fill) for fill in self._v1_page(request, fills)]

    def _v1_deposits(self, request: Request, account: str) -> Any:
        return self.engine.v1_deposits(account)

    def _v1_withdraws(self, request: Request, account: str) -> Any:
        code, status = request.query.get("currency_id"), request.query.get("status")
        return [
            row
            for row in self.engine.v1_withdraws(account)
            if code in (None, row["currency"]) and status in (None, str(row["status"]))
        ]
