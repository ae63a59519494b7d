# with --swap
"""Perpetual contracts of Acme Exchange, settled in their quote currency."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading

# How the venue is asked for the account of each type of market: that for pairs is shown if none is named.
ACCOUNTS: Mapping[str, Mapping[str, str]] = {"spot": {}, "swap": {"account": "contracts"}}


def perpetual(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    ids = {name: reading.required_text(exchange, row, name) for name in ("base", "quote", "settle")}
    base, quote, settle = (exchange.safe_currency_code(id) for id in ids.values())

    def number(key: str) -> Any:
        return exchange.parse_number(reading.number_text(exchange, row, key))

    return exchange.safe_market_structure(
        {
            "id": reading.required_text(exchange, row, "id"),
            "symbol": f"{base}/{quote}:{settle}",
            "base": base,
            "quote": quote,
            "settle": settle,
            "baseId": ids["base"],
            "quoteId": ids["quote"],
            "settleId": ids["settle"],
            "type": "swap",
            "spot": False,
            "margin": False,
            "swap": True,
            "future": False,
            "option": False,
            "contract": True,
            "linear": True,
            "inverse": False,
            "subType": "linear",
            # Sizes are numbers of contracts, each of so much of the base currency.
            "contractSize": number("contract_size"),
            "active": exchange.safe_string(row, "status") == "open",
            "taker": number("taker_fee"),
            "maker": number("maker_fee"),
            "feeSide": "quote",
            "precision": {"amount": number("size_step"), "price": number("price_step")},
            "limits": {
                "leverage": {"min": None, "max": number("max_leverage")},
                "amount": {"min": number("min_size"), "max": number("max_size")},
                "price": {"min": None, "max": None},
                "cost": {"min": None, "max": None},
            },
            "info": row,
        }
    )


def balance_params(exchange: Exchange, params: Mapping[str, Any]) -> Any:
    """The venue has one account for pairs and one for contracts: {"type": "swap"} asks for the latter."""
    type, rest = exchange.handle_option_and_params(params, "fetchBalance", "type", "spot")
    if type not in ACCOUNTS:
        raise BadRequest(f"{exchange.id} has balances of {' and '.join(ACCOUNTS)}, not of {type!r}")
    return exchange.extend(ACCOUNTS[type], rest)
