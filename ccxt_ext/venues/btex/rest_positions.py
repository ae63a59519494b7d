# twin: rest_positions_sync.py
"""Open positions, and the leverage and margin mode that they tell."""

from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import new_markets, reading
from ccxt_ext.venues.btex import answers, contracts, kinds, terms


async def open_rows(exchange: Exchange, request: Any) -> list[dict[str, Any]]:
    answer = await exchange.contract_private_post_active_positions(request)
    rows = answers.rows(exchange, answer, "position_lists")
    await new_markets.load_new_markets(exchange, contracts.ids_of(exchange, rows))
    return rows


async def open_row(exchange: Exchange, market: Any) -> dict[str, Any]:
    """The position that is open in a market; empty if there is none, or it is not to be asked for."""
    if not exchange.options["leverageOfPosition"]:
        return {}
    rows = await open_rows(exchange, {"contract_id": market["id"]})
    found = (row for row in rows if contracts.market_of(exchange, row)["id"] == market["id"])
    return next(
        (row for row in found if exchange.omit_zero(reading.number_text(exchange, row, "amount"))), {}
    )


async def terms_of(exchange: Exchange, name: str, symbols: Any, parse: Any) -> dict[str, Any]:
    """What orders to come would have: what was set, or else what open positions have."""
    await exchange.load_markets()
    if symbols is None:
        symbols = [market["symbol"] for market in exchange.markets.values() if market["contract"]]
    markets = [kinds.contracts_only(exchange, name, exchange.market(symbol)) for symbol in symbols]
    unknown = [market for market in markets if not terms.are_set(exchange, market["symbol"])]
    rows: list[dict[str, Any]] = []
    if len(unknown) == 1:
        rows = [await open_row(exchange, unknown[0])]
    elif unknown and exchange.options["leverageOfPosition"]:
        rows = await open_rows(exchange, {})
    by_id = {contracts.market_of(exchange, row)["id"]: row for row in rows if row}
    return {market["symbol"]: parse(by_id.get(market["id"], {}), market) for market in markets}
