"""What the fills of an order cost."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import listings


def with_cost_of_trades(exchange: Exchange, order: Any, trades: Sequence[Any]) -> Any:
    """An order with the cost and the average price that its trades tell, if they are all there."""
    filled = exchange.number_to_string(order["filled"])
    if not trades or not Precise.string_eq(sum_of(exchange, trades, "amount"), filled):
        return order
    told = {
        "cost": sum_of(exchange, trades, "cost"),
        "average": single_price(exchange, trades),
        "trades": list(trades),
    }
    made = exchange.safe_order({**order, **told}, listings.market_of_symbol(exchange, order["symbol"]))
    latest = max((trade["timestamp"] for trade in trades if trade["timestamp"] is not None), default=None)
    # ccxt looks at trades only where it needs them.
    return {**made, "trades": list(trades), "lastTradeTimestamp": made["lastTradeTimestamp"] or latest}


def single_price(exchange: Exchange, trades: Sequence[Mapping[str, Any]]) -> Any:
    """The price of all of them; None where there are several, whose mean the cost tells."""
    prices = {trade["price"] for trade in trades}
    return prices.pop() if len(prices) == 1 else None


def sum_of(exchange: Exchange, rows: Sequence[Mapping[str, Any]], name: str) -> str:
    total = "0"
    for row in rows:
        total = Precise.string_add(total, exchange.number_to_string(row[name]))
    return total
