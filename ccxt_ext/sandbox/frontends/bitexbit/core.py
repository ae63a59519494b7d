"""What bitexbit's APIs share in the sandbox: markets, orders, candles, the reading of queries and bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote

from ccxt_ext.sandbox.engine import Candle, Fill, Market, Order, Refused, Side
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, BaseFrontend, Refusal, Request, decimal_text
from ccxt_ext.sandbox.frontends.bitexbit.money import BadField, Bank
from ccxt_ext.sandbox.frontends.bitexbit.rows import Listing

STEPS = {"1": 1, "5": 5, "15": 15, "30": 30, "60": 60, "240": 240, "D": 1440}
SIDES: tuple[Side, Side] = ("buy", "sell")
PAGE = 100


class Core(BaseFrontend[Listing]):
    engine: Bank
    listings: dict[str, Listing]

    def _market(self, pair: str) -> Market:
        market = self.engine.markets.get(pair)
        if market is None:
            raise Refusal(404, "Pair not found")
        return market

    def _can_cancel(self, pair: str) -> bool:
        return pair not in self.option("cannotCancel", ())

    def _candles(self, request: Request, pair: str, step: str, limit: int, most: int) -> list[Candle]:
        """Those that open from `since` to `until`, both included; the latest if there are too many."""
        market = self._market(pair)
        if step not in STEPS:
            raise Refusal(400, "Wrong timeframe")
        limit = min(integer(request, "limit", limit), most)
        now = self.clock.engine_clock.now()
        until = min(integer(request, "until", now // 1000) * 1000, now)
        width = STEPS[step] * 60_000
        since = integer(request, "since", max(until - limit * width, 0) // 1000) * 1000
        candles = market.candles(width, since, until)
        return candles[-limit:] if limit else []

    def _any_order(self, id: str) -> Order:
        number = int(id) if re.fullmatch(r"[0-9]{1,18}", id) else 0
        for account in self.engine.accounts:
            order = self.engine.order(account, number)
            if order is not None:
                return order
        raise Refusal(404, "Order not found")

    def _own_order(self, account: str, id: str) -> Order:
        order = self._any_order(id)
        if order.account != account:
            raise Refusal(403, "This is not your order")
        return order

    def _cancel(self, account: str, id: str) -> Order:
        order = self._own_order(account, id)
        if not self._can_cancel(order.market):
            raise Refusal(400, "Orders of this pair cannot be cancelled")
        try:
            return self.engine.cancel(account, order.id)
        except Refused:
            raise Refusal(400, "The order is done or canceled already") from None

    def _place(
        self, account: str, pair: Any, side: Side, price: Any, amount: Any
    ) -> tuple[Order, list[tuple[Fill, int]]]:
        """The order, and its trades with the orders that they were made with."""
        market = self.engine.markets.get(str(pair))
        if market is None or not market.spec.active:
            raise BadField("pair", "Unknown or closed pair.")
        listing = self.listings[market.spec.id]
        numbers = []
        for name, given, places in (
            ("price", price, listing.price_precision),
            ("amount", amount, listing.amount_precision),
        ):
            if not isinstance(given, str) or not PLAIN_DECIMAL.fullmatch(given) or Decimal(given) <= 0:
                raise BadField(name, "A valid positive number is required.")
            if Decimal(given) % Decimal(1).scaleb(-places):
                raise BadField(name, f"The maximum precision is {places}.")
            numbers.append(Decimal(given))
        before = [order.id for order in market.standing("sell" if side == "buy" else "buy")]
        try:
            order = self.engine.place(account, market.spec.id, side, numbers[0], numbers[1])
        except Refused as refused:
            raise Refusal(
                400, REASONS.get(refused.reason, refused.reason).format(**_limits(listing))
            ) from None
        fills = list(reversed(self.engine.fills(account, market.spec.id, order.id)))
        # One trade with each order that was met, in the order in which they stood.
        return order, list(zip(fills, before, strict=False))


REASONS = {
    "too_small": "The minimum amount is {least}, the minimum value {value}",
    "too_large": "The maximum amount is {most}",
    "insufficient_funds": "Out of balance",
    "bad_price": "Wrong price",
    "bad_amount": "Wrong amount",
}


def _limits(listing: Listing) -> dict[str, str]:
    return {
        "least": decimal_text(listing.min_amount),
        "most": decimal_text(listing.max_amount),
        "value": decimal_text(listing.min_value),
    }


def newest_first(row: Any) -> tuple[int, int]:
    return (-(row.created if isinstance(row, Order) else row.timestamp), -row.id)


def form_of(fields: Mapping[str, Any]) -> str:
    """The parameters sorted by name, as a form."""
    return "&".join(
        f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in sorted(fields.items())
    )


def v1_fields(request: Request) -> dict[str, Any]:
    if request.method != "POST":
        return {}
    if request.content_type == "application/json":
        return json_fields(request)
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def json_fields(request: Request) -> dict[str, Any]:
    try:
        fields = json.loads(request.body or b"{}", parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refusal(400, "Malformed JSON") from None
    if not isinstance(fields, dict):
        raise Refusal(400, "Malformed JSON")
    return fields


def _no_constant(constant: str) -> None:
    raise ValueError(constant)


def required(request: Request, name: str) -> str:
    value = request.query.get(name)
    if value is None:
        raise BadField(name, "This field is required.")
    return value


def integer(request: Request, name: str, default: int) -> int:
    given = request.query.get(name)
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,18}", given):
        raise BadField(name, "A valid integer is required.")
    return int(given)


def side_named(given: Any) -> Side:
    if given == "buy":
        return "buy"
    if given == "sell":
        return "sell"
    raise BadField("type", "Must be buy or sell.")


def page_of(request: Request, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """A page object, of rows that fit the filters of the query by their fields."""
    known = {"page", "limit", "ordering", "currency", "status", "is_outgoing", "is_outdated"}
    wanted = {name: value for name, value in request.query.items() if name not in known}
    status = request.query.get("status")
    fitting = [
        row
        for row in rows
        if all(str(row.get(name)) == value for name, value in wanted.items())
        and (isinstance(row.get("status"), dict) or status in (None, str(row.get("status"))))
    ]
    if request.query.get("ordering", "").lstrip("-") == "created_at" and not request.query[
        "ordering"
    ].startswith("-"):
        fitting.reverse()
    page, size = integer(request, "page", 1), integer(request, "limit", 0) or max(len(fitting), 1)
    start, end = (page - 1) * size, page * size
    if page < 1 or (start >= len(fitting) and page > 1):
        raise Refusal(404, "Invalid page.")

    def link(number: int) -> str:
        # The blank in front is the venue's.
        limit = f"&limit={size}" if "limit" in request.query else ""
        return f" https://www.bitexbit.com{request.path}?page={number}{limit}"

    return {
        "count": len(fitting),
        "next": link(page + 1) if end < len(fitting) else None,
        "previous": link(page - 1) if page > 1 else None,
        "results": fitting[start:end],
    }
