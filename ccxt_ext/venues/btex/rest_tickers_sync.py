# Generated from rest_tickers.py by `ccxt-ext twins`. Do not edit.
"""Tickers, and what else the rows of BTEX's tickers tell."""

from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets_sync, reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.btex import answers, contracts, kinds, market_data, pairs


def of_market(exchange: Exchange, market: Any, params: Any) -> Any:
    """A market's ticker, without the best prices."""
    if not market["spot"]:
        return exchange.parse_ticker(contract_row(exchange, market, params), market)
    answer = exchange.spot_public_get_pair(exchange.extend({"pair": market["id"]}, params))
    rows = pairs.rows_by_id(exchange, answers.data(exchange, answer))
    row = next((row for id, row in rows if id == market["id"]), None)
    return market_data.parse_pair_ticker(exchange, reading.record(exchange, row), market)


def contract_row(exchange: Exchange, market: Any, params: Any) -> Any:
    """The row of a contract's ticker, which also tells its funding rate and open interest."""
    answer = exchange.contract_public_get_tickers(exchange.extend({"contract_id": market["id"]}, params))
    rows = answers.rows(exchange, answer)
    row = next((row for row in rows if exchange.safe_string(row, "contract_id") == market["id"]), None)
    return reading.record(exchange, row)


def chosen_rows(exchange: Exchange, name: str, symbols: Any, params: Any) -> tuple[list[Any], Any]:
    """The rows of all contracts, and which symbols are asked for, none of which may be spot."""
    exchange.load_markets()
    symbols = exchange.market_symbols(symbols)
    for symbol in symbols or []:
        kinds.contracts_only(exchange, name, exchange.market(symbol))
    return contract_rows(exchange, params), symbols


def contract_rows(exchange: Exchange, params: Any) -> list[dict[str, Any]]:
    rows = answers.rows(exchange, exchange.contract_public_get_tickers(params))
    new_markets_sync.load_new_markets(exchange, contracts.ids_of(exchange, rows))
    return contracts.of_symbols_own(exchange, rows)


def last_price(exchange: Exchange, symbol: str) -> str:
    """As it is sent with a market order."""
    ticker = exchange.fetch_ticker(symbol)
    if ticker["last"] is None:
        raise BadResponse(f"{exchange.id} tells no last price of {symbol}, which a market order needs")
    return checks.to_precision(exchange, "price", symbol, ticker["last"])
