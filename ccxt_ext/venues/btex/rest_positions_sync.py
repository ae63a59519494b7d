# Generated from rest_positions.py by `ccxt-ext twins`. Do not edit.
"""Open positions, and the leverage and margin mode that they tell."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets_sync, reading
from ccxt_ext.venues.btex import answers, contracts, kinds, terms


def open_rows(exchange: Exchange, request: Any) -> list[dict[str, Any]]:
    answer = exchange.contract_private_post_active_positions(request)
    rows = answers.rows(exchange, answer, "position_lists")
    new_markets_sync.load_new_markets(exchange, contracts.ids_of(exchange, rows))
    return rows


def open_row(exchange: Exchange, market: Any) -> dict[str, Any]:
    """The position that is open in a market; empty if there is none, or it is not to be asked for."""
    if not exchange.options["leverageOfPosition"]:
        return {}
    rows = open_rows(exchange, {"contract_id": market["id"]})
    found = (row for row in rows if contracts.market_of(exchange, row)["id"] == market["id"])
    return next(
        (row for row in found if exchange.omit_zero(reading.number_text(exchange, row, "amount"))), {}
    )


def terms_of(exchange: Exchange, name: str, symbols: Any, parse: Any) -> dict[str, Any]:
    """What orders to come would have: what was set, or else what open positions have."""
    exchange.load_markets()
    if symbols is None:
        symbols = [market["symbol"] for market in exchange.markets.values() if market["contract"]]
    markets = [kinds.contracts_only(exchange, name, exchange.market(symbol)) for symbol in symbols]
    unknown = [market for market in markets if not terms.are_set(exchange, market["symbol"])]
    rows: list[dict[str, Any]] = []
    if len(unknown) == 1:
        rows = [open_row(exchange, unknown[0])]
    elif unknown and exchange.options["leverageOfPosition"]:
        rows = open_rows(exchange, {})
    by_id = {contracts.market_of(exchange, row)["id"]: row for row in rows if row}
    return {market["symbol"]: parse(by_id.get(market["id"], {}), market) for market in markets}
