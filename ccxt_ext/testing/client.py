"""A client of any kind, and what tests of trading often ask one for."""

from __future__ import annotations

import inspect
from typing import Any

from ccxt_ext.testing.venues import class_of


class Client:
    """One way to call all classes: `await client('fetchTicker', symbol)`."""

    def __init__(self, kind: str, id: str, config: dict[str, Any]) -> None:
        self.exchange: Any = class_of(id, kind)(config)
        # Only connections with TLS need what ccxt waits for when an exchange is closed.
        self.exchange.timeout_on_exit = 0

    async def __call__(self, method: str, *args: Any) -> Any:
        result = getattr(self.exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    async def close(self) -> None:
        if not self.exchange.synchronous:
            await self.exchange.close()


LISTS = (
    "fetchTrades",
    "fetchMyTrades",
    "fetchOrders",
    "fetchOpenOrders",
    "fetchClosedOrders",
    "fetchCanceledOrders",
    "fetchCanceledAndClosedOrders",
)


async def prices(trader: Client, symbol: str) -> tuple[float, float]:
    """The best bid and the best ask."""
    book = await trader("fetchOrderBook", symbol)
    return book["bids"][0][0], book["asks"][0][0]
