"""Calculates what an order's fills cost, from its trades."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings

__all__ = ["single_price", "sum_of", "with_cost_of_trades"]


def with_cost_of_trades(exchange: Exchange, order: Any, trades: Sequence[Any]) -> Any:
    """The order, with the cost and average price of its trades, if all its trades are there."""
    filled = exchange.number_to_string(order["filled"])
    if not trades or not Precise.string_eq(sum_of(exchange, trades, "amount"), filled):
        return order
    from_trades = {
        "cost": sum_of(exchange, trades, "cost"),
        "average": single_price(exchange, trades),
        "trades": list(trades),
    }
    made = exchange.safe_order({**order, **from_trades}, listings.market_of_symbol(exchange, order["symbol"]))
    latest = max((trade["timestamp"] for trade in trades if trade["timestamp"] is not None), default=None)
    # ccxt drops the trades if it does not need them.
    return {**made, "trades": list(trades), "lastTradeTimestamp": made["lastTradeTimestamp"] or latest}


def single_price(exchange: Exchange, trades: Sequence[Mapping[str, Any]]) -> Any:
    """The price of all trades; None if they differ, as their mean then follows from the cost."""
    prices = {trade["price"] for trade in trades}
    return prices.pop() if len(prices) == 1 else None


def sum_of(exchange: Exchange, rows: Sequence[Mapping[str, Any]], name: str) -> str:
    """The exact sum of a field of all rows."""
    total = "0"
    for row in rows:
        total = Precise.string_add(total, exchange.number_to_string(row[name]))
    return total
