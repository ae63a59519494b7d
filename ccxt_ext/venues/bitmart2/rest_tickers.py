# twin: rest_tickers_sync.py
"""BitMart's tickers: one, or those of all markets."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmart2 import market_data


async def ticker_rows(exchange: Exchange, params: Any) -> list[dict[str, Any]]:
    answer = await exchange.public_get_ticker(params)
    rows = reading.rows(exchange, answer if isinstance(answer, list) else [answer])
    for row in rows:
        if market_data.ticker_market_id(exchange, row) is None:
            raise BadResponse(f"{exchange.id} expected the market in {reading.excerpt(exchange, row)}")
    return rows
