"""Pricing data: mark and index prices, open interest, and the venue's time. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers


def price_rows(exchange: Exchange, answer: Any) -> list[dict[str, Any]]:
    return answers.of_known_markets(exchange, answers.rows_of(exchange, answer, "contracts"))


def known_price(exchange: Exchange, row: Mapping[str, Any], key: str) -> str | None:
    """A price, of which the venue says -1 where it has none."""
    text = reading.number_text(exchange, row, key)
    return text if text is not None and Precise.string_gt(text, "0") else None


def newest_time(exchange: Exchange, answer: Any) -> int:
    rows = answers.rows_of(exchange, answer, "contracts")
    if not rows:
        raise BadResponse(f"{exchange.id} told no time: {reading.excerpt(exchange, answer)}")
    return max(reading.timestamp(exchange, row, "time") for row in rows)


def mark_price_ticker(exchange: Exchange, contract: Mapping[str, Any]) -> Any:
    """A ticker that has the mark and the index price only."""
    market = exchange.safe_market(exchange.safe_string(contract, "symbol"))
    timestamp = answers.optional_moment(exchange, contract, "time")
    return exchange.safe_ticker(
        {
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "markPrice": known_price(exchange, contract, "markPrice"),
            "indexPrice": known_price(exchange, contract, "indexPrice"),
            "info": contract,
        },
        market,
    )


def parse_open_interest(exchange: Exchange, interest: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(interest, "symbol"), market)
    timestamp = answers.optional_moment(exchange, interest, "time")
    amount = reading.number_text(exchange, interest, "openInterest")
    mark = known_price(exchange, interest, "markPrice")
    return exchange.safe_open_interest(
        {
            "symbol": market["symbol"],
            "openInterestAmount": exchange.parse_number(amount),
            "openInterestValue": answers.finite_number(exchange, Precise.string_mul(amount, mark)),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "info": interest,
        },
        market,
    )
