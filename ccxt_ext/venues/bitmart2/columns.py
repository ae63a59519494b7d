"""Which column of BitMart's rows is what, for parsing many of them at once; protocol.py says it in full."""

from collections.abc import Sequence
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import SIDES, Choice, Number, Text, Time, amount
from ccxt_ext.venue.fast.parsing import Table, Tables, candles
from ccxt_ext.venues.bitmart2 import orders

PUBLIC_TRADE = Table(
    {
        "timestamp": Time("order_time", "time"),
        "price": Number("price"),
        "amount": Number("count"),
        "cost": Number("amount"),
        "side": Choice(SIDES, "type", "side"),
    }
)

OWN_TRADE = Table(
    {
        "id": Text("trade_id"),
        "order": Text("entrust_id"),
        "timestamp": Time("timestamp"),
        "price": Number("price"),
        "amount": Number("amount"),
        "fee.cost": Number("fees"),
    },
    by=(lambda exchange, trade: orders.trade_side(exchange, trade),),
    market="symbol",
)

ORDER = Table(
    {
        "id": Text("entrust_id"),
        "timestamp": Time("timestamp"),
        "price": Number("price"),
        "amount": Number("original_amount"),
        "filled": Number("executed_amount"),
        "remaining": Number("remaining_amount"),
        "fee.cost": Number("fees"),
    },
    by=("side", "status"),
    market="symbol",
)

TICKER = Table(
    {
        "high": Number("highest_price"),
        "low": Number("lowest_price"),
        "bid": Number("bid_1"),
        "bidVolume": Number("bid_1_amount"),
        "ask": Number("ask_1"),
        "askVolume": Number("ask_1_amount"),
        "close": Number("current_price"),
        "percentage": Number("fluctuation", times=100),
        "baseVolume": Number("volume"),
        "quoteVolume": Number("base_volume"),
    },
    market="symbol_id",
)

CANDLE = candles(Time("timestamp"), "open_price", "highest_price", "lowest_price", "current_price", "volume")

BALANCES = Balances("id", {"free": amount("available"), "used": amount("frozen")})


class BitmartTables(Tables):
    def trades(self, exchange: Exchange, trades: Sequence[Any]) -> Table | None:
        public = {"count" in trade for trade in trades}
        if len(public) > 1:
            return None
        return PUBLIC_TRADE if public == {True} else OWN_TRADE

    def orders(self, exchange: Exchange, orders: Sequence[Any]) -> Table | None:
        return ORDER

    def tickers(self, exchange: Exchange, tickers: Sequence[Any]) -> Table | None:
        # Rows that tell their market elsewhere are read one by one.
        return TICKER if all(ticker.get("symbol_id") for ticker in tickers) else None

    def ohlcvs(self, exchange: Exchange, ohlcvs: Sequence[Any]) -> Table | None:
        return None if exchange.options["fetchOHLCV"]["volumeIsQuote"] else CANDLE
