"""Which column of BitMax's rows is what, for parsing many of them at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import (
    ABOVE,
    ABSENT,
    PLAIN,
    Cells,
    Choice,
    Column,
    Number,
    Row,
    Text,
    Time,
    amount,
)
from ccxt_ext.venue.fast.parsing import Table, Tables, candles
from ccxt_ext.venues.bitmaxfutures import accounts

TRADE = Table(
    {
        "id": Text("seqnum"),
        "timestamp": Time("ts"),
        "price": Number("p"),
        "amount": Number("q"),
        "side": Choice({True: "sell", False: "buy"}, "bm"),
    }
)


@dataclass(frozen=True)
class LastFill(Time):
    """When an order was last filled: the time of its last event, if it has fills at all."""

    def __init__(self) -> None:
        super().__init__("lastExecTime")

    def read(self, rows: Sequence[Row]) -> Cells:
        cells = super().read(rows)
        filled = Number("cumFilledQty").read(rows)
        kinds = [ABSENT if filled.kind(at) != ABOVE else cells.kind(at) for at in range(len(rows))]
        return cells._replace(kinds=kinds)


@dataclass(frozen=True)
class ClientId:
    """What this process knows of an order that it has sent."""

    of: Callable[[str], str | None]

    def read(self, rows: Sequence[Row]) -> Cells:
        ids = [self.of(str(row.get("orderId"))) for row in rows]
        return Cells(ids, [ABSENT if id is None else PLAIN for id in ids], ids)


ORDER = Table(
    {
        "id": Text("orderId"),
        "timestamp": Time("time"),
        "lastTradeTimestamp": LastFill(),
        "lastUpdateTimestamp": Time("lastExecTime"),
        "price": Number("price"),
        "triggerPrice": Number("stopPrice"),
        "stopLossPrice": Number("posStopLossPrice"),
        "takeProfitPrice": Number("posTakeProfitPrice"),
        "amount": Number("orderQty"),
        "filled": Number("cumFilledQty"),
        "average": Number("avgFilledPx"),
        "fee.cost": Number("cumFee"),
    },
    by=("orderType", "side", "status", "execInst", "feeAsset"),
    market="symbol",
)

TICKER = Table(
    {
        "high": Number("high"),
        "low": Number("low"),
        "bid": Number(("bid", 0)),
        "bidVolume": Number(("bid", 1)),
        "ask": Number(("ask", 0)),
        "askVolume": Number(("ask", 1)),
        "open": Number("open"),
        "close": Number("close"),
    },
    market="symbol",
)

CANDLE = candles(Time("ts"), *"ohlcv", inside="data")

BALANCES = Balances("asset", {"total": amount("balance"), "free": amount("free")})
CASH_BALANCES = Balances("asset", {"total": amount("totalBalance"), "free": amount("availableBalance")})


class BitmaxTables(Tables):
    def trades(self, exchange: Exchange, trades: Sequence[Any]) -> Table | None:
        return None if any("orderId" in trade for trade in trades) else TRADE

    def orders(self, exchange: Exchange, orders: Sequence[Any]) -> Table | None:
        if not all("cumFilledQty" in order and str(order.get("seqNum")) != "-1" for order in orders):
            return None
        known = ClientId(accounts.state_of(exchange).orders.client_id)
        return replace(ORDER, columns={**ORDER.columns, "clientOrderId": known})

    def tickers(self, exchange: Exchange, tickers: Sequence[Any]) -> Table | None:
        in_base = any("baseVol" in ticker for ticker in tickers)
        volume: dict[str | int, Column] = {"baseVolume": Number("baseVol" if in_base else "volume")}
        if exchange.options["volumeUnit"] == "quote" and not in_base:
            volume = {"quoteVolume": Number("volume")}
        return replace(TICKER, columns={**TICKER.columns, **volume})

    def ohlcvs(self, exchange: Exchange, ohlcvs: Sequence[Any]) -> Table | None:
        return None if exchange.options["volumeUnit"] == "quote" else CANDLE
