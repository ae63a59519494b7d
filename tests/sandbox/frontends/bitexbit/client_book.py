"""A client's order book of bitexbit, order by order, written for the tests from the venue's documents."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

Resting = tuple[str, Decimal, Decimal]


def loads(text: str | bytes) -> Any:
    return json.loads(text, parse_float=Decimal)


def resting(book: Any) -> dict[int, Resting]:
    """The orders of an ungrouped book of API v1, as it was answered."""
    return {
        row["id"]: (side, Decimal(row["price"]), Decimal(row["amount"]))
        for side in ("buy", "sell")
        for row in book[side]
    }


class Replayed:
    """What becomes of a snapshot by the messages of its channel."""

    def __init__(self, pair: str, snapshot: Any) -> None:
        self.pair = pair
        self.orders = resting(snapshot)
        self.kinds = {"placed": 0, "traded": 0, "cancelled": 0}

    def apply(self, message: Any) -> None:
        assert message["success"] is True
        if message.get("cancelled"):
            assert message["pair"] == self.pair
            self.kinds["cancelled"] += 1
            stood = self.orders.pop(message["oid"])
            assert stood == (message["type"], message["price"], message["amount"])
            return
        assert "pair" not in message
        self.kinds["placed"] += 1
        for trade in message["trades"]:
            self.kinds["traded"] += 1
            side, price, amount = self.orders.pop(trade["o_id"])
            assert side != message["type"]
            assert (trade["type"], Decimal(trade["price"])) == (side, price)
            left = amount - Decimal(trade["amount"])
            assert left >= 0
            if left:
                self.orders[trade["o_id"]] = (side, price, left)
        if message["amount"] > 0:
            assert message["oid"] not in self.orders
            self.orders[message["oid"]] = (message["type"], message["price"], message["amount"])
