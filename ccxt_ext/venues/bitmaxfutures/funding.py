"""Funding rates and funding payments. No I/O."""

from typing import Any

from ccxt.base.errors import NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers, pricing


def parse_funding_rate(exchange: Exchange, contract: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(contract, "symbol"), market)
    timestamp = answers.optional_moment(exchange, contract, "time")
    following = answers.optional_moment(exchange, contract, "nextFundingTime")
    return {
        "info": contract,
        "symbol": market["symbol"],
        "markPrice": exchange.parse_number(pricing.known_price(exchange, contract, "markPrice")),
        "indexPrice": exchange.parse_number(pricing.known_price(exchange, contract, "indexPrice")),
        "interestRate": None,
        "estimatedSettlePrice": None,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "fundingRate": exchange.parse_number(reading.number_text(exchange, contract, "fundingRate")),
        "fundingTimestamp": following,
        "fundingDatetime": exchange.iso8601(following),
        "nextFundingRate": None,
        "nextFundingTimestamp": None,
        "nextFundingDatetime": None,
        "previousFundingRate": None,
        "previousFundingTimestamp": None,
        "previousFundingDatetime": None,
        "interval": exchange.options["fundingInterval"],
    }


def parse_funding_rate_history(exchange: Exchange, info: Any, market: Any = None) -> Any:
    market = exchange.safe_market(reading.required_text(exchange, info, "symbol"), market)
    timestamp = reading.timestamp(exchange, info, "timestamp")
    return {
        "info": info,
        "symbol": market["symbol"],
        "fundingRate": exchange.parse_number(reading.number_text(exchange, info, "fundingRate")),
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
    }


def parse_income(exchange: Exchange, info: Any, market: Any = None) -> Any:
    market = exchange.safe_market(reading.required_text(exchange, info, "symbol"), market)
    timestamp = reading.timestamp(exchange, info, "timestamp")
    return {
        "info": info,
        "symbol": market["symbol"],
        "code": market["settle"],
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "id": None,
        "amount": exchange.parse_number(reading.number_text(exchange, info, "paymentInUSDT")),
        "rate": exchange.parse_number(reading.number_text(exchange, info, "fundingRate")),
    }


def refuse_retired(exchange: Exchange, method: str) -> None:
    if not exchange.options["retiredV1"]:
        raise NotSupported(
            f"{exchange.id} {method}() is not supported: the venue retired it (options['retiredV1'] tries)"
        )
