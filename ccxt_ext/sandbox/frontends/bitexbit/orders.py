"""What bitexbit's APIs have in common about orders: they are found, placed and cancelled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Refusal, decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine, Fill, Market, Order, Refused, Side, subtract
from ccxt_ext.sandbox.frontends.bitexbit.listings import Listing
from ccxt_ext.sandbox.frontends.bitexbit.markets import Markets
from ccxt_ext.sandbox.frontends.bitexbit.parameters import BadField

_REASONS = {
    "too_small": "The minimum amount is {least}, the minimum value {value}",
    "too_large": "The maximum amount is {most}",
    "insufficient_funds": "Out of balance",
    "bad_price": "Wrong price",
    "bad_amount": "Wrong amount",
}


class Orders:
    def __init__(self, engine: Engine, listings: Mapping[str, Listing], markets: Markets) -> None:
        self._engine = engine
        self._listings = listings
        self._markets = markets

    def anybodys(self, id: str) -> Order:
        number = int(id) if re.fullmatch(r"[0-9]{1,18}", id) else 0
        for account in self._engine.accounts:
            order = self._engine.order(account, number)
            if order is not None:
                return order
        raise Refusal(404, "Order not found")

    def own(self, account: str, id: str) -> Order:
        order = self.anybodys(id)
        if order.account != account:
            raise Refusal(403, "This is not your order")
        return order

    def cancel(self, account: str, id: str) -> Order:
        order = self.own(account, id)
        if not self._markets.can_cancel(order.market):
            raise Refusal(400, "Orders of this pair cannot be cancelled")
        try:
            return self._engine.cancel(account, order.id)
        except Refused:
            raise Refusal(400, "The order is done or canceled already") from None

    def place(
        self, account: str, pair: Any, side: Side, price: Any, amount: Any
    ) -> tuple[Order, list[tuple[Fill, int]]]:
        """The order, and each of its trades with the id of the other order."""
        market = self._engine.markets.get(str(pair))
        if market is None or not market.spec.active:
            raise BadField("pair", "Unknown or closed pair.")
        listing = self._listings[market.spec.id]
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
        standing = _met(market, side, *numbers)
        try:
            order = self._engine.place(account, market.spec.id, side, numbers[0], numbers[1])
        except Refused as refused:
            words = _REASONS.get(refused.reason, refused.reason)
            raise Refusal(400, words.format(**_bounds(listing))) from None
        fills = list(reversed(self._engine.fills(account, market.spec.id, order.id)))
        # It trades once with each order that it meets, in the sequence of the book.
        return order, list(zip(fills, standing, strict=False))


def _met(market: Market, side: Side, price: Decimal, amount: Decimal) -> list[int]:
    """The orders that a new one will trade with."""
    met = []
    for order in market.each_standing("sell" if side == "buy" else "buy"):
        if amount <= 0 or (order.limit > price if side == "buy" else order.limit < price):
            break
        met.append(order.id)
        amount = subtract(amount, order.remaining)
    return met


def _bounds(listing: Listing) -> dict[str, str]:
    return {
        "least": decimal_text(listing.min_amount),
        "most": decimal_text(listing.max_amount),
        "value": decimal_text(listing.min_value),
    }
