"""BTEX's contracts: as markets of ccxt's, and what they are worth."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading

SIDES = {"1": "buy", "-1": "sell"}
DIRECTIONS = {side: direction for direction, side in SIDES.items()}
CLOSED = "-1"  # a contract's status
HOUR = 3_600_000


def market_of(exchange: Exchange, row: Mapping[str, Any], market: Any = None) -> Any:
    id = id_of(exchange, row) if market else reading.required_text(exchange, row, "contract_id")
    return exchange.safe_market(id, market)


def id_of(exchange: Exchange, row: Mapping[str, Any]) -> str | None:
    return exchange.safe_string(row, "contract_id")


def ids_of(exchange: Exchange, rows: Iterable[Mapping[str, Any]]) -> Iterator[str | None]:
    return (id_of(exchange, row) for row in rows)


def of_symbols_own(exchange: Exchange, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without those of a closed contract whose symbol another one, listed later, has now."""
    if len(exchange.markets) == len(exchange.markets_by_id):
        return rows
    found = [(row, market_of(exchange, row)) for row in rows]
    return [row for row, of in found if exchange.markets.get(of["symbol"], of)["id"] == of["id"]]


def open_contracts(exchange: Exchange) -> list[Any]:
    """All but those that are closed for good."""
    return [
        market
        for market in exchange.markets.values()
        if market["contract"] and exchange.safe_string(market["info"], "status") != CLOSED
    ]


def worth(
    exchange: Exchange, market: Mapping[str, Any], contracts: str | None, price: str | None
) -> str | None:
    """What contracts are worth at a price, in the settlement currency."""
    size = Precise.string_mul(contracts, exchange.safe_string(market, "contractSize"))
    if market["inverse"]:
        return Precise.string_div(size, price)
    return Precise.string_mul(size, price) if market["linear"] else None


def parse_market(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    pair = exchange.safe_string(row, "pair", "")
    base_id = pair.partition("_")[0] or reading.required_text(exchange, row, "symbol")
    quote_id = reading.required_text(exchange, row, "quote_anchor")
    settle_id = reading.required_text(exchange, row, "settle_anchor")
    base, quote, settle = map(exchange.safe_currency_code, (base_id, quote_id, settle_id))
    symbol = f"{base}/{quote}:{settle}"
    dated = exchange.safe_string(row, "type") == "2"
    expiry = expiry_of(exchange, row)
    if dated:
        if expiry is None:
            raise BadResponse(
                f"{exchange.id} expected the expiry of a dated contract in {reading.excerpt(exchange, row)}"
            )
        symbol += f"-{exchange.yymmdd(expiry)}"
    reverse = exchange.safe_string(row, "isreverse")
    return exchange.safe_market_structure(
        {
            "id": reading.required_text(exchange, row, "contract_id"),
            "symbol": symbol,
            "base": base,
            "quote": quote,
            "settle": settle,
            "baseId": base_id,
            "quoteId": quote_id,
            "settleId": settle_id,
            "type": "future" if dated else "swap",
            "spot": False,
            "margin": False,
            "swap": not dated,
            "future": dated,
            "option": False,
            "contract": True,
            "linear": reverse == "-1",
            "inverse": reverse == "1",
            "subType": {"1": "inverse", "-1": "linear"}.get(reverse or ""),
            "marginModes": {
                "cross": exchange.safe_string(row, "allow_cross") == "1",
                "isolated": True,
            },
            "active": exchange.safe_string(row, "status") == "1",
            "taker": exchange.parse_number(reading.number_text(exchange, row, "taker_fee")),
            "maker": exchange.parse_number(reading.number_text(exchange, row, "maker_fee")),
            "contractSize": exchange.parse_number(reading.number_text(exchange, row, "contract_value")),
            "expiry": expiry,
            "expiryDatetime": exchange.iso8601(expiry),
            "precision": {"amount": 1, "price": exchange.parse_number(tick(exchange, row, "price_dec"))},
            "limits": {
                "leverage": {
                    "min": 1,
                    "max": exchange.parse_number(reading.number_text(exchange, row, "max_leverage")),
                },
                "amount": {
                    "min": exchange.parse_number(reading.number_text(exchange, row, "min_amount")),
                    "max": exchange.parse_number(reading.number_text(exchange, row, "max_amount")),
                },
                "price": {"min": None, "max": None},
                "cost": {"min": None, "max": None},
            },
            "info": row,
        }
    )


def tick(exchange: Exchange, row: Mapping[str, Any], key: str) -> str | None:
    """The step of what has so many decimal places as the row tells."""
    digits = exchange.safe_string(row, key, "")
    return exchange.parse_precision(digits) if digits.isdecimal() and int(digits) <= 30 else None


def expiry_of(exchange: Exchange, row: Mapping[str, Any]) -> int | None:
    """When a contract ends; the date of a perpetual one is all zeros."""
    moment = exchange.parse8601(exchange.safe_string(row, "expiry"))
    return None if moment is None else moment - int(exchange.options["expiryTimezoneOffset"] * HOUR)
