"""BTEX for those who watch. The venue has no streams: everything is polled."""

from typing import Any

from ccxt.base.precise import Precise

from ccxt_ext.base.streaming import Streaming
from ccxt_ext.venues.btex import rest

MOST_FILLS = 1000  # of an order, among the latest


class btex(Streaming, rest.btex):
    async def order_that_left(self, order: Any, patient: bool) -> Any:
        """The spot API looks up no order: its fills tell what became of it."""
        symbol = order["symbol"]
        if not self.market(symbol)["spot"]:
            return await super().order_that_left(order, patient)
        since = order["timestamp"]
        found = await self.fetch_my_trades(symbol, since, None if since is not None else MOST_FILLS)
        fills = [trade for trade in found if trade["order"] == order["id"]]
        filled = self.total(fills, "amount")
        amount = self.number_to_string(order["amount"])
        if Precise.string_ge(filled, amount):
            return self.with_fills(order, "closed", filled, fills)
        if not patient:
            return None  # a fill may not be listed yet
        open_orders = await self.fetch_open_orders(symbol)
        again = next((each for each in open_orders if each["id"] == order["id"]), None)
        if again is not None or len(open_orders) >= self.options["spotOpenOrders"]:
            return again  # or one that the venue does not list, of so many
        return self.with_fills(order, "canceled", filled, fills)

    def total(self, trades: list[Any], name: str) -> str:
        total = "0"
        for trade in trades:
            total = Precise.string_add(total, self.number_to_string(trade[name]))
        return total

    def with_fills(self, order: Any, status: str, filled: str, fills: list[Any]) -> Any:
        told = {name: order[name] for name in KEPT}
        cost = self.total(fills, "cost") if fills else None
        fees = [trade["fee"] for trade in fills if trade["fee"]]
        return self.safe_order(
            {
                **told,
                "status": status,
                "filled": filled,
                "cost": cost,
                "lastTradeTimestamp": fills[-1]["timestamp"] if fills else None,
                "fee": {**fees[0], "cost": self.parse_number(self.total(fees, "cost"))} if fees else None,
            },
            self.market(order["symbol"]),
        )


# What does not change in an order.
KEPT = (
    "id",
    "clientOrderId",
    "timestamp",
    "datetime",
    "symbol",
    "type",
    "timeInForce",
    "postOnly",
    "side",
    "price",
    "triggerPrice",
    "amount",
    "info",
)
