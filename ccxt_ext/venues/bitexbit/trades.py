"""bitexbit's trades, public and one's own."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitexbit import fields
from ccxt_ext.venues.bitexbit.fields import OPPOSITE


def parse_trade(exchange: Exchange, trade: Any, market: Any = None) -> Any:
    """A row of either API's trades, public or one's own; the latter tell a fee or `my_side`."""
    market = fields.market_of(exchange, trade, market)
    timestamp = fields.time_of(exchange, trade, "date" if "date" in trade else "timestamp")
    own = "my_side" in trade or "fee_amount" in trade
    side = reading.side(exchange, trade, "my_side", "type")
    if not own and exchange.options["publicTradeTypeIs"] == "maker":
        side = OPPOSITE.get(side or "")
    fee = None
    cost = reading.number_text(exchange, trade, "fee_amount")
    if cost is not None:
        fee = {
            "cost": cost,
            "currency": exchange.safe_currency_code(exchange.safe_string(trade, "fee_symbol")),
            "rate": reading.number_text(exchange, trade, "fee_rate"),
        }
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, trade, "id"),
            "order": exchange.safe_string(trade, "o_id"),
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": "limit" if own else None,
            "side": side,
            "takerOrMaker": None,
            "price": reading.number_text(exchange, trade, "price"),
            "amount": reading.number_text(exchange, trade, "amount"),
            "cost": None,
            "fee": fee,
            "info": trade,
        },
        market,
    )


def parse_fill(
    exchange: Exchange, trade: Mapping[str, Any], order: str, side: str, time: int | None, market: Any
) -> Any:
    """A trade in the answer to an order, which is the taker; the row's `type` is the other's side."""
    id = exchange.safe_string(trade, "tid") or reading.required_text(exchange, trade, "id")
    return exchange.safe_trade(
        {
            "id": id,
            "order": order,
            "symbol": market["symbol"],
            "timestamp": time,
            "datetime": exchange.iso8601(time),
            "type": "limit",
            "side": side,
            "takerOrMaker": "taker",
            "price": reading.number_text(exchange, trade, "price"),
            "amount": reading.number_text(exchange, trade, "amount"),
            "cost": None,
            "fee": None,
            "info": trade,
        },
        market,
    )
