"""A client of either kind."""

import inspect

import ccxt_ext
import ccxt_ext.async_support


class Client:
    """One way to call the sync and the async class: `await client('fetchTicker', symbol)`."""

    def __init__(self, kind, id, config):
        module = ccxt_ext if kind == "sync" else ccxt_ext.async_support
        self.exchange = getattr(module, id)(config)

    async def __call__(self, method, *args):
        result = getattr(self.exchange, method)(*args)
        return await result if inspect.isawaitable(result) else result

    async def close(self):
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


async def prices(trader, symbol):
    book = await trader("fetchOrderBook", symbol)
    return book["bids"][0][0], book["asks"][0][0]


def least(trader, symbol):
    market = trader.exchange.market(symbol)
    return max(market["limits"]["amount"]["min"], market["precision"]["amount"]) * 10
