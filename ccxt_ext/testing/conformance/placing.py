"""Small orders that any market takes, from what ccxt's structures tell of it."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from ccxt.base.decimal_to_precision import DECIMAL_PLACES, SIGNIFICANT_DIGITS

from ccxt_ext.testing.client import Client

READS = ("fetchOrderBook", "fetchTicker", "fetchTickers")


def read_of(exchange: Any) -> str:
    """The method by which prices are asked for."""
    return next((name for name in READS if exchange.has.get(name)), READS[0])


def argument(read: str, symbol: str) -> Any:
    return [symbol] if read == "fetchTickers" else symbol


def step_of(exchange: Any, symbol: str, what: str) -> float:
    """By which a market's prices ("price") or amounts ("amount") go; 0 if that is not known."""
    precision = exchange.market(symbol)["precision"].get(what)
    if precision is None or exchange.precisionMode == SIGNIFICANT_DIGITS:
        return 0.0
    return float(10 ** -int(precision) if exchange.precisionMode == DECIMAL_PLACES else precision)


def enough(exchange: Any, symbol: str, price: float) -> float:
    """A small amount that the market takes at a price."""
    market = exchange.market(symbol)
    step, limits = step_of(exchange, symbol, "amount"), market["limits"]
    amount = max((limits.get("amount") or {}).get("min") or 0, step) or 1.0
    cost = (limits.get("cost") or {}).get("min") or 0
    if cost and not market.get("inverse"):
        amount = max(amount, 1.1 * cost / price / (market.get("contractSize") or 1) + step)
    return float(exchange.amount_to_precision(symbol, amount))


def plenty(exchange: Any, symbol: str, price: float) -> float:
    """Ten times as much, which can be filled bit by bit."""
    return float(10 * Decimal(repr(enough(exchange, symbol, price))))


def needs_cost(exchange: Any, symbol: str) -> bool:
    """Whether a market buy has to say what it may cost, as `features` tell it in ccxt's words."""
    return bool(exchange.feature_value(symbol, "createOrder", "marketBuyRequiresPrice"))


def cost_of(exchange: Any, symbol: str, amount: float, price: float) -> float:
    """What so much costs at a price, as a market order may say it."""
    return float(exchange.cost_to_precision(symbol, amount * price))


def rests(exchange: Any, symbol: str, told: Any) -> tuple[float, float]:
    """Amount and price of a small bid that meets nobody, from the answer of `read_of`'s method."""
    if "bids" in told:
        price = told["bids"][-1][0]
    else:
        ticker = told.get(symbol, told)
        price = (ticker["bid"] or ticker["last"]) * 0.9
    price = float(exchange.price_to_precision(symbol, price))
    return enough(exchange, symbol, price), price


async def resting(trader: Client, symbol: str) -> tuple[float, float]:
    """Amount and price of a small bid that meets nobody."""
    read = read_of(trader.exchange)
    return rests(trader.exchange, symbol, await trader(read, argument(read, symbol)))


def some_order(exchange: Any, symbol: str) -> tuple[float, float]:
    """Amount and price that the market may take, where no prices are known."""
    limits = exchange.market(symbol)["limits"].get("price") or {}
    step = step_of(exchange, symbol, "price")
    price = max(limits.get("min") or 0, 1000 * step) or 1.0
    price = min(price, limits.get("max") or math.inf)
    price = float(exchange.price_to_precision(symbol, price))
    return enough(exchange, symbol, price), price
