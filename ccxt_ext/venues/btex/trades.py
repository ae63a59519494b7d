"""Trades on BTEX: the public's, and one's own."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venues.btex import contracts, pairs


def parse_contract_trade(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """The public's trades, and one's own in both of their forms."""
    market = contracts.market_of(exchange, row, market)
    timestamp = reading.timestamp_in_unit(exchange, SECONDS, row, "time")
    price = reading.number_text(exchange, row, "price")
    amount = reading.number_text(exchange, row, "trade_num" if "trade_num" in row else "num")
    paid = reading.number_text(exchange, row, "trade_fee")
    if exchange.options["invertTradeFee"]:
        paid = Precise.string_neg(paid)
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, row, "trade_id"),
            "order": exchange.safe_string(row, "order_id"),
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": reading.side(exchange, row, "type"),
            "takerOrMaker": None,
            "price": price,
            "amount": amount,
            "cost": contracts.worth(exchange, market, amount, price),
            "fee": None if paid is None else {"cost": paid, "currency": market["settle"]},
            "info": row,
        },
        market,
    )


def parse_spot_trade(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """The public's trades, which have no id, and one's own."""
    own = "trade_type" in row
    market = pairs.market_of(exchange, row, market)
    timestamp = reading.timestamp_in_unit(exchange, SECONDS, row, "ctime", "time")
    side = reading.side(exchange, row, "trade_type", "trade_info")
    paid = reading.number_text(exchange, row, "fee")
    currency = market["base"] if exchange.options["spotBuyFeeCurrency"] == "base" else market["quote"]
    if side != "buy":
        currency = market["quote"] if side == "sell" else None
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, row, "trade_id") if own else None,
            "order": exchange.safe_string(row, "order_id"),
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": "limit" if own else None,
            "side": side,
            "takerOrMaker": None,
            "price": reading.number_text(exchange, row, "price"),
            "amount": reading.number_text(exchange, row, "num"),
            "cost": reading.number_text(exchange, row, "total"),
            "fee": None if paid is None else {"cost": paid, "currency": currency},
            "info": row,
        },
        market,
    )
