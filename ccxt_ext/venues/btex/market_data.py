"""What everybody may see of BTEX's markets: prices, candles, fees."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.btex import contracts


def parse_contract_ticker(exchange: Exchange, row: Mapping[str, Any], market: Any = None) -> Any:
    market = contracts.market_of(exchange, row, market)
    last = reading.number_text(exchange, row, "latest")
    amount = reading.number_text(exchange, row, "amount")
    size = Precise.string_mul(amount, exchange.safe_string(market, "contractSize"))
    turnover = reading.number_text(exchange, row, "volumn")
    base_volume, quote_volume = (turnover, size) if market["inverse"] else (size, turnover)
    if market["linear"] and exchange.options["linearVolumnIs"] == "base":
        base_volume, quote_volume = turnover, None
    return exchange.safe_ticker(
        {
            "symbol": market["symbol"],
            "timestamp": None,
            "datetime": None,
            "high": reading.number_text(exchange, row, "max"),
            "low": reading.number_text(exchange, row, "min"),
            "bid": None,
            "bidVolume": None,
            "ask": None,
            "askVolume": None,
            "vwap": None,
            "open": None,
            "close": last,
            "last": last,
            "previousClose": None,
            "change": None,
            "percentage": Precise.string_mul(reading.number_text(exchange, row, "change_24h"), "100"),
            "average": None,
            "baseVolume": base_volume,
            "quoteVolume": quote_volume,
            "indexPrice": reading.number_text(exchange, row, "index_price"),
            "markPrice": reading.number_text(exchange, row, "fair_price"),
            "info": row,
        },
        market,
    )


def parse_pair_ticker(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    told = reading.record(exchange, row.get("ticker"))
    last = reading.number_text(exchange, told, "trade_price")
    return exchange.safe_ticker(
        {
            "symbol": market["symbol"],
            "timestamp": None,
            "datetime": None,
            "high": reading.number_text(exchange, told, "max_24h_price"),
            "low": reading.number_text(exchange, told, "min_24h_price"),
            "bid": None,
            "bidVolume": None,
            "ask": None,
            "askVolume": None,
            "vwap": None,
            "open": reading.number_text(exchange, told, "price_24h"),
            "close": last,
            "last": last,
            "previousClose": None,
            "change": None,
            "percentage": Precise.string_mul(reading.number_text(exchange, told, "change_24h"), "100"),
            "average": None,
            "baseVolume": reading.number_text(exchange, told, "amount"),
            "quoteVolume": reading.number_text(exchange, told, "total"),
            "info": row,
        },
        market,
    )


def last_price(ticker: Mapping[str, Any]) -> dict[str, Any]:
    """The venue tells last prices in its tickers alone."""
    told = {name: ticker[name] for name in ("symbol", "timestamp", "datetime", "info")}
    return {**told, "price": ticker["last"], "side": None}


def parse_funding_rate(exchange: Exchange, contract: Any, market: Any = None) -> Any:
    market = contracts.market_of(exchange, contract, market)
    hours = exchange.options["fundingIntervalHours"]
    return {
        "info": contract,
        "symbol": market["symbol"],
        "markPrice": exchange.parse_number(reading.number_text(exchange, contract, "fair_price")),
        "indexPrice": exchange.parse_number(reading.number_text(exchange, contract, "index_price")),
        "interestRate": None,
        "estimatedSettlePrice": None,
        "timestamp": None,
        "datetime": None,
        # The rate of the settlement to come.
        "fundingRate": exchange.parse_number(reading.number_text(exchange, contract, "next_funding_rate")),
        "fundingTimestamp": None,
        "fundingDatetime": None,
        "nextFundingRate": None,
        "nextFundingTimestamp": None,
        "nextFundingDatetime": None,
        "previousFundingRate": None,
        "previousFundingTimestamp": None,
        "previousFundingDatetime": None,
        "interval": None if hours is None else f"{hours}h",
    }


def parse_open_interest(exchange: Exchange, interest: Any, market: Any = None) -> Any:
    market = contracts.market_of(exchange, interest, market)
    amount = reading.number_text(exchange, interest, "open_interest")
    value = Precise.string_mul(amount, exchange.safe_string(market, "contractSize"))
    if market["linear"]:
        value = Precise.string_mul(value, reading.number_text(exchange, interest, "fair_price"))
    return exchange.safe_open_interest(
        {
            "symbol": market["symbol"],
            "openInterestAmount": exchange.parse_number(amount),
            "openInterestValue": exchange.parse_number(value),
            "timestamp": None,
            "datetime": None,
            "info": interest,
        },
        market,
    )


def trading_fee(market: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "info": market["info"],
        "symbol": market["symbol"],
        "maker": market["maker"],
        "taker": market["taker"],
        "percentage": True,
        "tierBased": False,
    }


def depth(exchange: Exchange, limit: int | None, option: str) -> dict[str, Any]:
    """The smallest depth that the venue knows and that has all the levels asked for."""
    if limit is None:
        return {}
    depths: Sequence[int] = exchange.options[option]
    return {"depth": min((each for each in depths if each >= limit), default=max(depths))}


def ohlcv_request(
    exchange: Exchange,
    market: Mapping[str, Any],
    timeframe: str,
    since: int | None,
    limit: int | None,
    params: Any,
) -> dict[str, Any]:
    """The venue gives the newest candles: as many as reach back to those that are wanted."""
    steps = {**exchange.timeframes, **exchange.options["timeframes"].get(market["type"], {})}
    if timeframe not in steps:
        raise BadRequest(f"{exchange.id} has no timeframe {timeframe!r} for {market['symbol']}")
    until = exchange.safe_integer(params, "until")
    count = limit or exchange.options["ohlcvDefaultLimit"]
    span = exchange.parse_timeframe(timeframe) * 1000
    if since is not None:
        count = (exchange.nonce() - since) // span + 2
    elif until is not None:
        count += (exchange.nonce() - until) // span + 1
    request = {
        "pair" if market["spot"] else "contract_id": market["id"],
        "k_type": steps[timeframe],
        "k_amount": min(max(count, 1), exchange.options["ohlcvMaxLimit"]),
    }
    return exchange.extend(request, exchange.omit(params, "until"))


def candle_rows(exchange: Exchange, data: Any) -> list[list[Any]]:
    if isinstance(data, list) and set(map(type, data)) <= {list}:
        return data
    raise BadResponse(f"{exchange.id} expected a list of candles, got {reading.excerpt(exchange, data)}")


def parse_contract_candle(exchange: Exchange, row: Any, market: Any) -> list[Any]:
    volume, close = reading.number_text(exchange, row, 5), reading.number_text(exchange, row, 4)
    if exchange.options["ohlcvVolume"] == "base":
        volume = Precise.string_mul(volume, exchange.safe_string(market, "contractSize"))
        if market["inverse"]:
            volume = Precise.string_div(volume, close)
    prices = [exchange.parse_number(reading.number_text(exchange, row, at)) for at in (1, 2, 3)]
    return [
        reading.timestamp(exchange, row, 0),
        *prices,
        exchange.parse_number(close),
        exchange.parse_number(volume),
    ]


def parse_spot_candle(exchange: Exchange, row: Any) -> list[Any]:
    numbers = [exchange.parse_number(reading.number_text(exchange, row, at)) for at in range(1, 6)]
    return [reading.timestamp(exchange, row, 0), *numbers]
