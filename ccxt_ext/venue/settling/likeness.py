"""Which of the orders that a venue lists may be the one that was asked for. No I/O."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.settling.asked import TRIGGERS, Wanted

# Some venues tell the time of an order in whole seconds.
RESOLUTION_MS = 1_000


class Span(NamedTuple):
    """When an order may have come to be, by the venue's clock; and by this one, which some venues go by."""

    first: float
    last: float

    def holds(self, timestamp: int | None) -> bool:
        return timestamp is None or self.first <= timestamp <= self.last


class Terms(NamedTuple):
    """What tells an order from others, as far as it is known."""

    symbol: str
    side: str
    type: str | None
    amount: Decimal | None
    price: Decimal | None
    trigger: Decimal | None

    def fit(self, order: Mapping[str, Any]) -> bool:
        """Whether an order of ccxt's has these terms. What it does not tell may be so."""
        return (
            order["symbol"] == self.symbol
            and order["side"] == self.side
            and (self.is_triggered or order["type"] in (None, self.type))
            and same(self.amount, order["amount"])
            and (self.type != "limit" or same(self.price, order["price"]))
            and (self.is_triggered or order.get("triggerPrice") is None)
            and same(self.trigger, order.get("triggerPrice"))
        )

    @property
    def is_triggered(self) -> bool:
        """Then its type may be told as either."""
        return self.trigger is not None

    def may_have(self, fills: Sequence[Mapping[str, Any]]) -> bool:
        """Whether these can be the fills of such an order."""
        amounts = [number(fill["amount"]) or Decimal(0) for fill in fills]
        if self.amount is not None and sum(amounts) > self.amount:
            return False
        return all(self._takes(fill) for fill in fills)

    def _takes(self, fill: Mapping[str, Any]) -> bool:
        if fill["symbol"] != self.symbol or fill["side"] not in (None, self.side):
            return False
        price = number(fill["price"])
        if self.type != "limit" or self.price is None or price is None:
            return True
        return price <= self.price if self.side == "buy" else price >= self.price


def terms_of(exchange: Exchange, wanted: Wanted) -> Terms:
    params = wanted.params
    trigger = next((params[name] for name in TRIGGERS if params.get(name) is not None), None)
    return Terms(
        wanted.symbol,
        wanted.side,
        wanted.type,
        None if is_by_cost(exchange, wanted) else text(exchange, "amount", wanted, wanted.amount),
        text(exchange, "price", wanted, wanted.price),
        text(exchange, "price", wanted, trigger),
    )


def terms_of_edit(exchange: Exchange, wanted: Wanted, order: Mapping[str, Any]) -> Terms:
    """Those of an order that was edited. Its trigger stays where no other one was asked for."""
    terms = terms_of(exchange, wanted)
    return terms._replace(trigger=number(order.get("triggerPrice"))) if terms.trigger is None else terms


def is_by_cost(exchange: Exchange, wanted: Wanted) -> bool:
    """Whether it may have been sent with what it is to cost in place of its amount."""
    if wanted.type != "market":
        return False
    if wanted.amount is None or wanted.params.get("cost") is not None:
        return True
    # ccxt makes a cost of the price where one buys for money that is there.
    spot = (exchange.markets or {}).get(wanted.symbol, {}).get("spot", True)
    return bool(wanted.price is not None and wanted.side == "buy" and spot)


def text(exchange: Exchange, kind: str, wanted: Wanted, value: Any) -> Decimal | None:
    """A number as it was sent."""
    if value is None:
        return None
    rounded = exchange.price_to_precision if kind == "price" else exchange.amount_to_precision
    try:
        return number(rounded(wanted.symbol, value))
    except BaseError:
        return number(value)


def number(value: Any) -> Decimal | None:
    try:
        return None if value is None else Decimal(str(value))
    except InvalidOperation:
        return None


def same(expected: Decimal | None, told: Any) -> bool:
    """Whether a number is as expected. Where one of them is not known, it may be."""
    found = number(told)
    return expected is None or found is None or expected == found


class Listed(NamedTuple):
    """What a venue lists in one market."""

    orders: Mapping[str, Any]
    """By their ids."""
    fills: Sequence[Mapping[str, Any]] = ()
    """These tell of orders that are not listed any more."""

    def fitting(self, exchange: Exchange, terms: Terms) -> list[Any]:
        """The orders that may have these terms."""
        return [
            *(order for order in self.orders.values() if terms.fit(order)),
            *orders_of_fills(exchange, self.fills, terms, self.orders),
        ]


def orders_of_fills(
    exchange: Exchange, fills: Iterable[Mapping[str, Any]], terms: Terms, listed: Iterable[str]
) -> list[Any]:
    """Orders that are not listed any more, as far as their fills tell of them."""
    by_order: dict[str, list[Mapping[str, Any]]] = {}
    for fill in fills:
        if isinstance(fill.get("order"), str):
            by_order.setdefault(fill["order"], []).append(fill)
    known = set(listed)
    return [
        exchange.safe_order(
            {
                **{"id": id, "symbol": own[0]["symbol"], "side": terms.side, "type": terms.type},
                **{"timestamp": own[0]["timestamp"], "trades": list(own), "info": own[0]["info"]},
            }
        )
        for id, own in by_order.items()
        if id not in known and terms.may_have(own)
    ]


def completed(exchange: Exchange, order: Mapping[str, Any], terms: Terms) -> Any:
    """The order, with what its venue does not tell of it any more and its caller has asked for."""
    told = dict(order)
    for name in ("symbol", "side", "type"):
        if told.get(name) is None:
            told[name] = getattr(terms, name)
    amount, filled = terms.amount, number(told.get("filled"))
    if told.get("price") is None and terms.price is not None:
        told["price"] = exchange.parse_number(str(terms.price))
    if told.get("amount") is None and amount is not None:
        told["amount"] = exchange.parse_number(str(amount))
        if filled is not None:
            told["remaining"] = exchange.parse_number(str(amount - filled))
            if told.get("status") is None and filled >= amount:
                told["status"] = "closed"
    return told
