"""Which column of BitMax's rows is what, for parsing many of them at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import balances, order_books
from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import (
    ABOVE,
    ABSENT,
    ODD,
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
from ccxt_ext.venue.fast.guards import attempt
from ccxt_ext.venue.fast.order_books import first_levels
from ccxt_ext.venue.fast.parsing import Table, Tables, candles
from ccxt_ext.venue.venue import Venue

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
        known = ClientId(exchange.account_state().orders.client_id)
        return replace(ORDER, columns={**ORDER.columns, "clientOrderId": known})

    def tickers(self, exchange: Exchange, tickers: Sequence[Any]) -> Table | None:
        in_base = any("baseVol" in ticker for ticker in tickers)
        volume: dict[str | int, Column] = {"baseVolume": Number("baseVol" if in_base else "volume")}
        if exchange.options["volumeUnit"] == "quote" and not in_base:
            volume = {"quoteVolume": Number("volume")}
        return replace(TICKER, columns={**TICKER.columns, **volume})

    def ohlcvs(self, exchange: Exchange, ohlcvs: Sequence[Any]) -> Table | None:
        return None if exchange.options["volumeUnit"] == "quote" else CANDLE


class Columns(Venue):
    tables = BitmaxTables()

    def parse_book(self, answer: Any, symbol: str, limit: int | None = None) -> Any:
        made = attempt(self.fast_book, answer, symbol)
        return super().parse_book(answer, symbol, limit) if made is None else first_levels(made, limit)

    def fast_book(self, answer: Any, symbol: str) -> Any:
        book = self.data_of(answer)["data"]
        places = ("bids", "asks", 0, 1, None)
        made = order_books.fast_order_book(self, book, symbol, reading.moment(self, book, "ts"), *places)
        return made and {**made, "nonce": reading.whole(self, book, "seqnum")}

    def parse_cash_balance(self, answer: Any) -> Any:
        parse = super().parse_cash_balance
        made = balances.fast_balance(
            self,
            lambda rows: CASH_BALANCES,
            answer.get("data") if isinstance(answer, dict) else None,
            lambda rows: {**parse({**answer, "data": rows}), "info": answer},
        )
        return parse(answer) if made is None else made

    def parse_futures_balance(self, positions: Any, free_margin: Any) -> Any:
        made = attempt(self.fast_futures_balance, positions, free_margin)
        return super().parse_futures_balance(positions, free_margin) if made is None else made

    def fast_futures_balance(self, positions: Any, free_margin: Any) -> Any:
        """Each collateral's own row with what is free of it, which another answer tells."""
        told = reading.rows(self, free_margin["data"], "collaterals")
        columns = (Text("asset").read(told), Number("availableForTransfer").read(told))
        if any(column.has(ODD, ABSENT) for column in columns):
            return None
        free = dict(zip(columns[0].values, columns[1].raw, strict=True))
        held = positions["data"]
        rows = [{**row, "free": free[str(row["asset"])]} for row in held["collaterals"]]
        parse = super().parse_futures_balance

        def alone(some: list[Mapping[str, Any]]) -> Any:
            margins = [{"asset": row["asset"], "availableForTransfer": row["free"]} for row in some]
            answers = [
                {**answer, "data": {**answer["data"], "collaterals": listed}}
                for answer, listed in ((positions, some), (free_margin, margins))
            ]
            return {**parse(*answers), "info": positions}

        return balances.fast_balance(self, lambda rows: BALANCES, rows, alone)
