"""Which column of BitMax's rows is what, for parsing many of them at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ccxt_ext.base.fast import FastParsing, Table
from ccxt_ext.base.fast_columns import Cells, Number, Row, Text, Time

TRADE = Table(
    {"id": Text("seqnum"), "timestamp": Time("ts"), "price": Number("p"), "amount": Number("q")},
    by=("bm",),
)


@dataclass(frozen=True)
class LastFill(Time):
    """When an order was last filled: the time of its last event, if it has fills at all."""

    def __init__(self) -> None:
        super().__init__("lastExecTime")

    def read(self, rows: Sequence[Row]) -> Cells:
        cells = super().read(rows)
        filled = Number("cumFilledQty").read(rows)
        kinds = ["absent" if filled.kind(at) != "+" else cells.kind(at) for at in range(len(rows))]
        return cells._replace(kinds=kinds)


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
    by=(
        "orderType",
        "side",
        "status",
        "execInst",
        "feeAsset",
        lambda exchange, order: str(order.get("seqNum")) == "-1",
    ),
    market="symbol",
)


class Columns(FastParsing):
    def trade_table(self, trades: Sequence[Any]) -> Table | None:
        return None if any("orderId" in trade for trade in trades) else TRADE

    def order_table(self, orders: Sequence[Any]) -> Table | None:
        return ORDER if all("cumFilledQty" in order for order in orders) else None

    def parse_book(self, answer: Any, symbol: str, limit: int | None = None) -> Any:
        try:
            book = answer["data"]["data"] if str(answer["code"]) == "0" else None
            made = None if book is None else self.fast_order_book(book, symbol, self.moment(book, "ts"))
        except (KeyError, TypeError):
            made = None
        if made is None or any(level[2:] for side in ("bids", "asks") for level in made[side]):
            return super().parse_book(answer, symbol, limit)
        sides = {side: made[side][:limit] for side in ("bids", "asks")}
        return {**made, **sides, "nonce": self.whole(book, "seqnum")}
