"""Markets as ccxt has them: from a file, a plain default, and as the sandbox tells of them."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from ccxt.base.decimal_to_precision import DECIMAL_PLACES, SIGNIFICANT_DIGITS

Row = Mapping[str, Any]
Given = str | os.PathLike[str] | Iterable[Row] | Mapping[str, Any]
"""Markets as `ccxt-ext markets` writes them: a file, or what is in one."""

USUAL = (
    # symbol, tick, step
    ("BTC/USDT", "0.01", "0.00001"),
    ("ETH/USDT", "0.01", "0.0001"),
    ("BTC/USDT:USDT", "0.1", "0.001"),
)
LEAST_COST = 5.0
USUAL_DIGITS, USUAL_DECIMALS = 5, 8
LEVERAGE = 100.0
CHANGEABLE = {
    "minAmount": ("amount", "min"),
    "maxAmount": ("amount", "max"),
    "minCost": ("cost", "min"),
}
"""Where a limit is among ccxt's."""


def read_markets(given: Given) -> list[Row]:
    """Markets from a file or from what is in one. Raises ValueError if they are none."""
    where = ""
    if isinstance(given, str | os.PathLike):
        path = Path(given)
        where = f"{path}: "
        try:
            given = json.loads(path.read_bytes())
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror or error}") from None
        except (ValueError, RecursionError):
            raise ValueError(f"{path}: it is not JSON") from None
    rows = (
        list(given.values() if isinstance(given, Mapping) else given) if isinstance(given, Iterable) else []
    )
    if not rows or not all(isinstance(row, Mapping) and "symbol" in row for row in rows):
        raise ValueError(f"{where}markets are what `ccxt-ext markets ID` writes")
    return rows


def plain_markets(exchange: Any) -> list[dict[str, Any]]:
    """The plain default, with the fees and precisions of this exchange."""
    spot, swap = bool(exchange.has.get("spot")), bool(exchange.has.get("swap"))
    if not spot and not swap:
        spot = swap = True
    fees = exchange.fees.get("trading", {})
    rates = {name: fees[name] for name in ("maker", "taker") if isinstance(fees.get(name), int | float)}
    rows = []
    for symbol, tick, step in USUAL:
        pair, _, settle = symbol.partition(":")
        base, quote = pair.split("/")
        if not (swap if settle else spot):
            continue
        rows.append(
            structure(
                exchange,
                {
                    "symbol": symbol,
                    "base": base,
                    "quote": quote,
                    "settle": settle or None,
                    "kind": "linear" if settle else "spot",
                    "active": True,
                    "tick": tick,
                    "step": step,
                    "minAmount": step,
                    "minCost": str(LEAST_COST),
                    "contractSize": "1" if settle else None,
                    "maxLeverage": str(LEVERAGE) if settle else None,
                    **{"maker": "0.001", "taker": "0.001"},
                    **{name: str(rate) for name, rate in rates.items()},
                },
            )
        )
    return rows


def structure(exchange: Any, row: Row) -> dict[str, Any]:
    """A market of the sandbox as ccxt has it.

    What ccxt told of the real one stays, but for what has been changed in the sandbox since.
    """
    told = row.get("told")
    if told:
        market: dict[str, Any] = copy.deepcopy(dict(told))
        names: Iterable[str] = row.get("changed") or ()
        if not row.get("active"):
            market["active"] = False
        elif market.get("active") is False:
            market["active"] = True
    else:
        market = _plain(exchange, row)
        names = ("tick", "step", "maker", "taker", *CHANGEABLE)
    number = exchange.parse_number
    for name in names:
        value = row.get(name)
        if name in ("tick", "step"):
            put = market.setdefault("precision", {})
            put["price" if name == "tick" else "amount"] = precision(exchange, value, name == "tick")
        elif name in ("maker", "taker"):
            market[name] = number(value)
        elif value is not None:
            limit, end = CHANGEABLE[name]
            size = row.get("contractSize") if name == "minCost" else None
            amount = Decimal(value) * Decimal(size or 1)
            market.setdefault("limits", {}).setdefault(limit, {})[end] = number(format(amount, "f"))
    return market


def precision(exchange: Any, unit: str | None, is_price: bool) -> Any:
    """A tick or a step in the exchange's way to tell it."""
    if unit is None:
        return None
    decimals = -int(Decimal(unit).normalize().as_tuple().exponent)
    if exchange.precisionMode == SIGNIFICANT_DIGITS:
        return USUAL_DIGITS if is_price else USUAL_DECIMALS
    if exchange.precisionMode == DECIMAL_PLACES:
        return decimals
    return exchange.parse_number(unit)


def _plain(exchange: Any, row: Row) -> dict[str, Any]:
    base, quote, settle, kind = row["base"], row["quote"], row.get("settle"), row["kind"]
    is_contract, expiry = kind != "spot", row.get("expiry")
    type = "spot" if not is_contract else "future" if expiry else "swap"
    id = f"{base}{quote}" if not is_contract else f"{base}{quote}_{expiry or 'PERP'}"
    fees = exchange.fees.get("trading", {})
    market: dict[str, Any] = exchange.safe_market_structure(
        {
            "id": id,
            "symbol": row["symbol"],
            "base": base,
            "quote": quote,
            "settle": settle,
            "baseId": base,
            "quoteId": quote,
            "settleId": settle,
            "type": type,
            "spot": not is_contract,
            "margin": False,
            "swap": type == "swap",
            "future": type == "future",
            "option": False,
            "active": bool(row.get("active")),
            "contract": is_contract,
            "linear": kind == "linear" if is_contract else None,
            "inverse": kind == "inverse" if is_contract else None,
            "contractSize": exchange.parse_number(row.get("contractSize")),
            "expiry": expiry,
            "expiryDatetime": exchange.iso8601(expiry) if expiry else None,
            "percentage": True,
            "tierBased": bool(fees.get("tierBased")),
            "feeSide": None,
            "precision": {"price": None, "amount": None},
            "limits": {
                "leverage": {
                    "min": 1 if is_contract else None,
                    "max": exchange.parse_number(row.get("maxLeverage")),
                },
                "amount": {"min": None, "max": None},
                "price": {"min": None, "max": None},
                "cost": {"min": None, "max": None},
            },
            "info": {"simulated": True, "symbol": row["symbol"]},
        }
    )
    return market
