# Generated from rest_prices.py by `ccxt-ext twins`. Do not edit.
"""Tickers and pricing data as rows, asked for over REST."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venues.bitmaxfutures import answers, pricing, rest_new_markets_sync


def ticker_data(exchange: Exchange, request: Any) -> Any:
    of_v2 = exchange.options["tickerVersion"] == "v2"
    endpoint = exchange.v2_public_get_futures_ticker if of_v2 else exchange.v1_public_get_ticker
    return answers.data_of(exchange, endpoint(request))


def price_rows(exchange: Exchange, params: Any) -> list[dict[str, Any]]:
    """The prices of all contracts that are known once this has come."""
    exchange.load_markets()
    answer = exchange.v2_public_get_futures_pricing_data(params)
    rest_new_markets_sync.listed_rows(exchange, answers.rows_of(exchange, answer, "contracts"))
    return pricing.price_rows(exchange, answer)
