# twin: rest_prices_sync.py
"""Tickers and pricing data as rows, asked for over REST."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venues.bitmaxfutures import answers, pricing, rest_new_markets


async def ticker_data(exchange: Exchange, request: Any) -> Any:
    of_v2 = exchange.options["tickerVersion"] == "v2"
    endpoint = exchange.v2_public_get_futures_ticker if of_v2 else exchange.v1_public_get_ticker
    return answers.data_of(exchange, await endpoint(request))


async def price_rows(exchange: Exchange, params: Any) -> list[dict[str, Any]]:
    """The prices of all contracts that are known once this has come."""
    await exchange.load_markets()
    answer = await exchange.v2_public_get_futures_pricing_data(params)
    await rest_new_markets.listed_rows(exchange, answers.rows_of(exchange, answer, "contracts"))
    return pricing.price_rows(exchange, answer)
