"""BitMart's markets, tickers, candles, books and public trades."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import order_books

# The address of a market's page, which tells it where nothing else does.
MARKET_PAGE = re.compile(r"[?&]symbol=([A-Za-z0-9]+_[A-Za-z0-9]+)(?:&|$)", re.ASCII)


DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def amount_step(exchange: Exchange, market: Mapping[str, Any], tick: str | None) -> str | None:
    """`quote_increment` is the step of amounts, except where it merely repeats the price tick."""
    increment = reading.number_text(exchange, market, "quote_increment")
    least = reading.number_text(exchange, market, "base_min_size")
    rule = exchange.options["amountStep"]
    if rule == "auto":
        repeats = tick is not None and increment is not None and Precise.string_eq(increment, tick)
        rule = "base_min_size" if repeats else "quote_increment"
    return least if rule == "base_min_size" else increment


def is_past(exchange: Exchange, date: str | None) -> bool:
    if date is None or date == "NA":
        return False
    moment = exchange.parse_date(f"{date}T23:59:59Z" if DAY.fullmatch(date) else date)
    return moment is not None and moment < exchange.milliseconds()


def ticker_market_id(exchange: Exchange, ticker: Mapping[str, Any]) -> str | None:
    """Rows of 2018 tell it in the address of its page only, those of 2020 as a pair."""
    id = exchange.safe_string_2(ticker, "symbol_id", "pair")
    page = None if id is not None else MARKET_PAGE.search(exchange.safe_string(ticker, "url", ""))
    return page[1] if page else id


def ohlcv_request(
    exchange: Exchange,
    market: Mapping[str, Any],
    timeframe: str,
    since: int | None,
    limit: int | None,
    params: Any,
) -> dict[str, Any]:
    """The venue gives the candles that open between `from` and `to`, both included."""
    if timeframe not in exchange.timeframes:
        raise BadRequest(f"{exchange.id} has no timeframe {timeframe!r}")
    until = exchange.safe_integer(params, "until")
    most = exchange.options["fetchOHLCV"]["maxCandles"]
    span = min(limit or most, most) * int(exchange.timeframes[timeframe]) * 60_000
    start, end = since, until
    if start is None:
        end = exchange.nonce() if end is None else end
        start = end - span
    elif end is None:
        end = start + span - 1
    else:
        end = min(end, start + span - 1)
    request = {"symbol": market["id"], "step": exchange.timeframes[timeframe], "from": start, "to": end}
    return exchange.extend(request, exchange.omit(params, "until"))


def parse_book(exchange: Exchange, answer: Any, symbol: str, limit: int | None = None) -> Any:
    return order_books.parse_levels(exchange, answer, symbol, limit, "buys", "sells")


def oldest_first(exchange: Exchange, trades: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Public trades in their sequence: they have no id by which ccxt could sort those of one moment."""
    ends = [reading.timestamp(exchange, trade, "order_time", "time") for trade in (*trades[:1], *trades[-1:])]
    return trades[::-1] if ends and ends[0] >= ends[-1] else trades


def parse_public_trade(exchange: Exchange, trade: Mapping[str, Any], market: Any) -> Any:
    timestamp = reading.timestamp(exchange, trade, "order_time", "time")
    return exchange.safe_trade(
        {
            "id": None,
            "order": None,
            "symbol": exchange.safe_symbol(None, market),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": reading.side(exchange, trade, "type", "side"),
            "takerOrMaker": None,
            "price": reading.number_text(exchange, trade, "price"),
            # Their names mislead: `count` is the base amount, `amount` what was paid for it.
            "amount": reading.number_text(exchange, trade, "count"),
            "cost": reading.number_text(exchange, trade, "amount"),
            "fee": None,
            "info": trade,
        },
        market,
    )
