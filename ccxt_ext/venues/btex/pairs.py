"""BTEX's spot markets, which it calls pairs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccxt.base.errors import BadResponse
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading, spot_markets
from ccxt_ext.venues.btex import contracts


def rows_by_id(exchange: Exchange, data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The row of each pair, with the pair's id."""
    for id, row in reading.record(exchange, data).items():
        yield id, reading.record(exchange, row)


def market_of(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    id = id_of(exchange, row)
    if id is None and not market:
        id = reading.required_text(exchange, row, "pair")
    return exchange.safe_market(id, market, "_")


def id_of(exchange: Exchange, row: Mapping[str, Any]) -> str | None:
    """Trades name their pair, orders its two coins."""
    if "danwei" in row:
        return (
            f"{reading.required_text(exchange, row, 'type')}_{reading.required_text(exchange, row, 'danwei')}"
        )
    return exchange.safe_string(row, "pair")


def ids_of(exchange: Exchange, rows: Iterable[Mapping[str, Any]]) -> Iterator[str | None]:
    return (id_of(exchange, row) for row in rows)


def parse_market(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    """Of a row that has the pair's id as `pair`."""
    id = reading.required_text(exchange, row, "pair")
    base_id, _, quote_id = id.partition("_")
    if not base_id or not quote_id:
        raise BadResponse(
            f"{exchange.id} expected a pair's two currencies, got {reading.excerpt(exchange, id)}"
        )
    fees = [
        fee for key in ("buy_fee", "sell_fee") if (fee := reading.number_text(exchange, row, key)) is not None
    ]
    fee = exchange.parse_number(Precise.string_max(fees[0], fees[-1])) if fees else None
    market = spot_markets.spot_market(
        exchange,
        exchange.omit(row, "pair"),
        id,
        base_id,
        quote_id,
        active=exchange.safe_string(row, "status") in exchange.options["spotActiveStatuses"],
        step=contracts.tick(exchange, row, "amount_float_num"),
        tick=contracts.tick(exchange, row, "price_float_num"),
        amounts=(
            reading.number_text(exchange, row, "min_trade_num"),
            reading.number_text(exchange, row, "max_trade_num"),
        ),
        prices=(price_bound(exchange, row, "down"), price_bound(exchange, row, "up")),
        fees=(fee, fee),
    )
    return {**market, "feeSide": "get" if exchange.options["spotBuyFeeCurrency"] == "base" else "quote"}


def price_bound(exchange: Exchange, row: Mapping[str, Any], which: str) -> str | None:
    """The lowest or the highest price ("down", "up"), if there is one: zero is none."""
    bound: str | None = exchange.omit_zero(reading.number_text(exchange, row, f"limit_{which}"))
    return bound
