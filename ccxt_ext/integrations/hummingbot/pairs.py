"""hummingbot's pairs and trading rules, from the markets that ccxt tells."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.decimal_to_precision import DECIMAL_PLACES, SIGNIFICANT_DIGITS
from hummingbot.connector.trading_rule import TradingRule

SPOT, PERPETUAL = "spot", "perpetual"

SMALLEST_STEP = Decimal("1e-8")
"""Where steps depend on the number. hummingbot cannot divide by its own default."""


def pairs(markets: Mapping[str, Any], kind: str) -> dict[str, str]:
    """hummingbot's pairs by ccxt's symbols, of markets that are suspended too: there may be orders in them.

    Each pair has one market only, as each is traded by its pair.
    """
    found: dict[str, tuple[bool, bool, str]] = {}
    for symbol, market in markets.items():
        pair = pair_of(market, kind)
        if pair is None:
            continue
        rank = is_traded(market), market.get("settle") in (None, market["quote"])
        if pair not in found or rank > found[pair][:2]:
            found[pair] = *rank, symbol
    return {symbol: pair for pair, (*_, symbol) in found.items()}


def is_traded(market: Mapping[str, Any]) -> bool:
    return market.get("active") is not False


def pair_of(market: Mapping[str, Any], kind: str) -> str | None:
    """The pair of a market that is of this kind of connector, else None."""
    fits = market.get("spot") if kind == SPOT else market.get("swap") and market.get("linear")
    base, quote = market.get("base"), market.get("quote")
    if not (fits and base and quote) or "-" in base + quote:
        return None
    return f"{base}-{quote}"


def contract_size(market: Mapping[str, Any]) -> Decimal:
    """How much of the base one unit of ccxt's amounts is."""
    return number(market.get("contractSize")) or Decimal(1) if market.get("contract") else Decimal(1)


def trading_rule(api: Any, market: Mapping[str, Any], pair: str) -> TradingRule:
    """What an order in this market has to keep to. Amounts are in the base."""
    size = contract_size(market)
    limits = market.get("limits") or {}
    amount_step = step(api, market, "amount") * size
    least = number((limits.get("amount") or {}).get("min"))
    most = number((limits.get("amount") or {}).get("max"))
    cost = number((limits.get("cost") or {}).get("min"))
    wanted: dict[str, Any] = {
        "min_order_size": least * size if least else amount_step,
        "min_price_increment": step(api, market, "price"),
        "min_base_amount_increment": amount_step,
        "min_notional_size": cost or Decimal(0),
        "supports_market_orders": bool(api.has.get("createMarketOrder", True)),
    }
    if most:
        wanted["max_order_size"] = most * size
    if market.get("contract"):
        settle = market.get("settle") or market["quote"]
        wanted |= {"buy_order_collateral_token": settle, "sell_order_collateral_token": settle}
    if api.precisionMode == SIGNIFICANT_DIGITS:
        digits = number((market.get("precision") or {}).get("price"))
        if digits:
            wanted["max_price_significant_digits"] = digits
    return TradingRule(pair, **wanted)


def step(api: Any, market: Mapping[str, Any], name: str) -> Decimal:
    """The step of a market's prices or amounts. Without one, ccxt sends no order there."""
    told = number((market.get("precision") or {}).get(name))
    if told is None or not told.is_finite():
        raise ValueError(f"{market['symbol']} tells no step of its {name}s")
    if api.precisionMode == DECIMAL_PLACES:
        return Decimal(1).scaleb(-int(told))
    if api.precisionMode == SIGNIFICANT_DIGITS:
        return SMALLEST_STEP  # it depends on the number: see price_step()
    if told <= 0:
        raise ValueError(f"{market['symbol']} tells {told} as the step of its {name}s")
    return told


def price_step(rule: TradingRule, price: Decimal) -> Decimal:
    """The step of prices about this one."""
    digits = rule.max_price_significant_digits
    if digits >= Decimal("1e50") or not price.is_finite() or price <= 0:
        return Decimal(rule.min_price_increment)
    return max(Decimal(1).scaleb(price.adjusted() - int(digits) + 1), Decimal(rule.min_price_increment))


def number(told: Any) -> Decimal | None:
    """A number of ccxt's as it was told."""
    return None if told is None else Decimal(str(told))
