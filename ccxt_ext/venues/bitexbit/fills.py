"""Which order each of one's own trades on bitexbit is of."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading

Fill = tuple[str, str | None]  # its id and its side
KEPT = 2000


class Fills:
    """The orders of one's own trades, as far as they have been told lately."""

    def __init__(self) -> None:
        self.orders: dict[Fill, str] = {}

    def remember(self, fill: Fill, order: str) -> None:
        self.orders[fill] = order
        while len(self.orders) > KEPT:
            del self.orders[next(iter(self.orders))]

    def orders_of(self, fills: Iterable[Fill]) -> dict[Fill, str]:
        """Of those that are remembered."""
        return {fill: self.orders[fill] for fill in fills if fill in self.orders}


def fills_of_row(exchange: Exchange, row: Mapping[str, Any], wanted: Set[Fill]) -> list[Fill]:
    """Which of the wanted fills, each an id and a side, a row of v1's is. A row without one's own side
    may be either; with both wanted, that is not told."""
    id = reading.required_text(exchange, row, "id")
    sides = [reading.side(exchange, row, "my_side")] if "my_side" in row else ["buy", "sell", None]
    found = [(id, side) for side in sides if (id, side) in wanted]
    return found if len(found) == 1 else []
