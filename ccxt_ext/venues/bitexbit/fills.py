"""Which order each of one's own trades on bitexbit is of."""

from collections.abc import Mapping, Set
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading


def told_fills(exchange: Exchange, row: Mapping[str, Any], wanted: Set[tuple[str, str | None]]) -> list[Any]:
    """Which of the wanted fills, each an id and a side, a row of v1's is. A row without one's own side
    may be either; with both wanted, that is not told."""
    id = reading.required(exchange, row, "id")
    if "my_side" in row:
        return [key for key in [(id, reading.side_of(exchange, row, "my_side"))] if key in wanted]
    found = [key for key in ((id, "buy"), (id, "sell"), (id, None)) if key in wanted]
    return found if len(found) == 1 else []
