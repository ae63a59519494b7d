"""Tickers, order books, trades and candles. No I/O."""

import datetime
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import order_books
from ccxt_ext.venue.fast.conditions import result_or_none
from ccxt_ext.venue.fast.order_books import first_levels
from ccxt_ext.venues.bitmaxfutures import answers


def parse_ticker(exchange: Exchange, ticker: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(ticker, "symbol"), market)
    last = reading.number_text(exchange, ticker, "close")
    volume = answers.number_under(exchange, ticker, "baseVol", "volume")
    in_quote = exchange.options["volumeUnit"] == "quote" and ticker.get("baseVol") is None
    bid, bid_volume = level_of(exchange, ticker, "bid")
    ask, ask_volume = level_of(exchange, ticker, "ask")
    return exchange.safe_ticker(
        {
            "symbol": market["symbol"],
            "timestamp": None,
            "datetime": None,
            "high": reading.number_text(exchange, ticker, "high"),
            "low": reading.number_text(exchange, ticker, "low"),
            "bid": bid,
            "bidVolume": bid_volume,
            "ask": ask,
            "askVolume": ask_volume,
            "vwap": None,
            "open": reading.number_text(exchange, ticker, "open"),
            "close": last,
            "last": last,
            "previousClose": None,
            "change": None,
            "percentage": None,
            "average": None,
            "baseVolume": None if in_quote else volume,
            "quoteVolume": volume if in_quote else None,
            "info": ticker,
        },
        market,
    )


def level_of(exchange: Exchange, ticker: Mapping[str, Any], side: str) -> tuple[str | None, str | None]:
    level = ticker.get(side)
    if level is None:
        return None, None
    if not isinstance(level, list) or len(level) < 2:
        raise BadResponse(
            f"{exchange.id} expected price and size as {side} in {reading.excerpt(exchange, ticker)}"
        )
    return reading.number_text(exchange, level, 0), reading.number_text(exchange, level, 1)


def parse_last_price(price: Any) -> Any:
    """Of a ticker: the venue tells last prices there."""
    told = {name: price[name] for name in ("symbol", "timestamp", "datetime", "info")}
    return {**told, "price": price["last"], "side": None}


def public_trade(exchange: Exchange, trade: Any, market: Any = None) -> Any:
    timestamp = reading.timestamp(exchange, trade, "ts")
    # True: the buyer was the maker.
    side = {True: "sell", False: "buy"}.get(exchange.safe_bool(trade, "bm"))
    return exchange.safe_trade(
        {
            "id": exchange.safe_string(trade, "seqnum"),
            "order": None,
            "symbol": exchange.safe_symbol(None, market),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": side,
            "takerOrMaker": None,
            "price": reading.number_text(exchange, trade, "p"),
            "amount": reading.number_text(exchange, trade, "q"),
            "cost": None,
            "fee": None,
            "info": trade,
        },
        market,
    )


# -- order books ------------------------------------------------------------------------------------


def order_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None = None) -> Any:
    made = result_or_none(fast_book, exchange, answer, symbol)
    return slow_book(exchange, answer, symbol, limit) if made is None else first_levels(made, limit)


def fast_book(exchange: Exchange, answer: Any, symbol: str) -> Any:
    """With all levels read at once; None if they are not as they ever are."""
    book = answers.data_of(exchange, answer)["data"]
    places = ("bids", "asks", 0, 1, None)
    made = order_books.fast_order_book(
        exchange, book, symbol, reading.timestamp(exchange, book, "ts"), *places
    )
    return made and {**made, "nonce": reading.integer(exchange, book, "seqnum")}


def slow_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None) -> Any:
    """With one level read after the other."""
    book = reading.record(exchange, answers.record_of(exchange, answer).get("data"))
    for side in ("bids", "asks"):
        levels = book.get(side)
        if not isinstance(levels, list):
            raise BadResponse(f"{exchange.id} expected {side} in {reading.excerpt(exchange, book)}")
        for level in levels:
            ok = isinstance(level, list) and len(level) >= 2
            if not ok or None in (
                reading.number_text(exchange, level, 0),
                reading.number_text(exchange, level, 1),
            ):
                raise BadResponse(
                    f"{exchange.id} sent a level without price or size: {reading.excerpt(exchange, level)}"
                )
    trimmed = {side: [level[:2] for level in book[side]] for side in ("bids", "asks")}
    parsed = exchange.parse_order_book(trimmed, symbol, reading.timestamp(exchange, book, "ts"))
    for side in ("bids", "asks"):
        parsed[side] = parsed[side][:limit]
    parsed["nonce"] = reading.integer(exchange, book, "seqnum")
    return parsed


# -- candles ----------------------------------------------------------------------------------------


def parse_ohlcv(exchange: Exchange, ohlcv: Any, market: Any = None) -> list[Any]:
    bar = reading.record(exchange, reading.record(exchange, ohlcv).get("data"))
    open, high, low, close, volume = (reading.number_text(exchange, bar, key) for key in "ohlcv")
    if exchange.options["volumeUnit"] == "quote":
        volume = Precise.string_div(volume, close)
    prices = [exchange.parse_number(text) for text in (open, high, low, close)]
    return [reading.timestamp(exchange, bar, "ts"), *prices, answers.finite_number(exchange, volume)]


def ohlcv_request(
    exchange: Exchange,
    market: Mapping[str, Any],
    timeframe: str,
    since: int | None,
    limit: int | None,
    params: Any,
) -> dict[str, Any]:
    """The bars that open from `from` to `to`, both included: of too many, the venue gives the last."""
    if timeframe not in exchange.timeframes:
        raise BadRequest(f"{exchange.id} has no timeframe {timeframe!r}")
    most = exchange.options["fetchOHLCV"]["maxCandles"]
    count = min(limit or most, most)
    until = exchange.safe_integer(params, "until")
    request: dict[str, Any] = {"symbol": market["id"], "interval": exchange.timeframes[timeframe], "n": count}
    end = until
    if since is not None:
        request["from"] = since
        last = moment_after(exchange, since, timeframe, count) - 1
        end = last if until is None else min(until, last)
    if end is not None:
        request["to"] = end
    return exchange.extend(request, exchange.omit(params, "until"))


def moment_after(exchange: Exchange, start: int, timeframe: str, count: int) -> int:
    if timeframe != "1M":
        return start + count * exchange.parse_timeframe(timeframe) * 1000
    then = datetime.datetime.fromtimestamp(start // 1000, datetime.timezone.utc)
    months = then.year * 12 + then.month - 1 + count
    # No day of a month is later than the 28th of it, as far as its first one is concerned.
    moved = then.replace(year=months // 12, month=months % 12 + 1, day=min(then.day, 28))
    return int(moved.timestamp()) * 1000
