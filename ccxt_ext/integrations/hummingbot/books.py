"""Books and trades of the market, streamed or polled, as hummingbot's tracker takes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, NetworkError
from hummingbot.core.data_type.common import TradeType
from hummingbot.core.data_type.order_book_message import OrderBookMessage, OrderBookMessageType
from hummingbot.core.data_type.order_book_tracker_data_source import OrderBookTrackerDataSource

from ccxt_ext.integrations.hummingbot import pace
from ccxt_ext.integrations.hummingbot.following import follow, follow_newest

LEVELS = 200
"""So many of each side are told."""

TOLD_BY = ("id", "timestamp", "side", "price", "amount")
"""What tells a trade from others: not all venues number them."""

PAUSE_S = 0.1
"""Several changes within this time are told at once."""

AGAIN_S = 2.0
"""When a book is asked for again that did not come."""

EMPTY_S = 1.0
"""So long a side has to be empty until that is told."""


class Books(OrderBookTrackerDataSource):
    """Of one connector's pairs."""

    def __init__(self, connector: Any) -> None:
        super().__init__(connector.trading_pairs)
        self.connector = connector
        self._api: Any = None
        self._following: dict[str, list[asyncio.Task[None]]] = {}
        self._number = int(time.time() * 1000)

    async def get_last_traded_prices(
        self, trading_pairs: list[str], domain: str | None = None
    ) -> dict[str, float]:
        told: dict[str, float] = await self.connector.get_last_traded_prices(trading_pairs=trading_pairs)
        return told

    # -- streams ------------------------------------------------------------------------------------

    async def listen_for_subscriptions(self) -> None:
        async with self.connector.client.open() as api:
            self._api = api
            try:
                for pair in list(self._trading_pairs):
                    self._follow(pair)
                await asyncio.Event().wait()
            finally:
                self._api = None
                await self.stop()

    async def stop(self) -> None:
        """End what follows the market."""
        tasks = [task for some in self._following.values() for task in some]
        self._following.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def subscribe_to_trading_pair(self, trading_pair: str) -> bool:
        if self._api is None:
            return False
        self.add_trading_pair(trading_pair)
        self._follow(trading_pair)
        self.connector.pairs_changed()
        return True

    async def unsubscribe_from_trading_pair(self, trading_pair: str) -> bool:
        self.remove_trading_pair(trading_pair)
        for task in self._following.pop(trading_pair, []):
            task.cancel()
        self.connector.pairs_changed()
        return True

    def _follow(self, pair: str) -> None:
        if pair not in self._following:
            self._following[pair] = [asyncio.ensure_future(each) for each in self._streams(pair)]

    def _streams(self, pair: str) -> list[Any]:
        """What is followed for a pair."""
        api, symbol = self._api, self.connector.symbol_of(pair)

        def book(told: Any) -> None:
            self._put(self._snapshot_messages_queue_key, told)

        def trades(told: Any) -> None:
            for row in told:
                self._put(self._trade_messages_queue_key, {"pair": pair, "trade": row})

        found = [self._book(api, pair, book)]
        if api.has.get("watchTrades") is True:
            found.append(follow(lambda: api.watch_trades(symbol), trades, self._cut("watchTrades")))
        elif api.has.get("fetchTrades"):
            polled, wait = PolledTrades(api, symbol), pace.trades_s(api, len(self._trading_pairs))
            found.append(follow(polled.new, trades, self._cut("fetchTrades"), wait))
        return found

    def _book(self, api: Any, pair: str, take: Any) -> Any:
        symbol = self.connector.symbol_of(pair)

        async def watched() -> Any:
            return self.snapshot(pair, await whole_book(api, symbol))

        async def fetched() -> Any:
            return self.snapshot(pair, await api.fetch_order_book(symbol))

        if api.has.get("watchOrderBook") is True:
            return follow_newest(watched, take, self._cut("watchOrderBook"), PAUSE_S)
        wait = pace.books_s(api, len(self._trading_pairs))
        return follow(fetched, take, self._cut("fetchOrderBook"), wait)

    def _cut(self, method: str) -> Any:
        def cut(error: BaseException) -> None:
            self.logger().warning(f"{method}() of {self.connector.name} was cut, and goes on: {error}")

        return cut

    def _put(self, key: str, told: Mapping[str, Any]) -> None:
        self._message_queue[key].put_nowait(told)

    # -- messages -----------------------------------------------------------------------------------

    def snapshot(self, pair: str, book: Mapping[str, Any]) -> dict[str, Any]:
        # Rising numbers of our own: few venues number their books, and none over REST and streams alike.
        self._number += 1
        at = book.get("timestamp")
        return {
            "trading_pair": pair,
            "update_id": self._number,
            "timestamp": at / 1000 if at else time.time(),
            "bids": [level[:2] for level in book["bids"][:LEVELS]],
            "asks": [level[:2] for level in book["asks"][:LEVELS]],
        }

    async def _order_book_snapshot(self, trading_pair: str) -> OrderBookMessage:
        """hummingbot asks once when the network starts, and its connector is never ready if that fails."""
        while True:
            try:
                async with self.connector.client.open() as api:
                    book = await api.fetch_order_book(self.connector.symbol_of(trading_pair))
            except (NetworkError, BadResponse) as error:
                self.logger().warning(f"The book of {trading_pair} is asked for again: {error}")
                await self.connector.pause(AGAIN_S)
                continue
            return snapshot_message(self.in_base(trading_pair, self.snapshot(trading_pair, book)))

    async def _parse_order_book_snapshot_message(
        self, raw_message: dict[str, Any], message_queue: asyncio.Queue[Any]
    ) -> None:
        pair = raw_message["trading_pair"]
        message_queue.put_nowait(snapshot_message(self.in_base(pair, raw_message)))

    async def _parse_trade_message(
        self, raw_message: dict[str, Any], message_queue: asyncio.Queue[Any]
    ) -> None:
        pair, row = raw_message["pair"], raw_message["trade"]
        at = (row.get("timestamp") or time.time() * 1000) / 1000
        content = {
            "trading_pair": pair,
            "trade_type": float((TradeType.SELL if row.get("side") == "sell" else TradeType.BUY).value),
            "trade_id": row.get("id") or at,
            "update_id": at,
            "price": row["price"],
            "amount": float(row["amount"]) * float(self.connector.desk.size_of(pair)),
        }
        message_queue.put_nowait(OrderBookMessage(OrderBookMessageType.TRADE, content, at))

    def in_base(self, pair: str, snapshot: dict[str, Any]) -> dict[str, Any]:
        """Amounts of contracts, in the base."""
        size = float(self.connector.desk.size_of(pair))
        if size == 1:
            return snapshot
        return {
            **snapshot,
            **{
                side: [[price, amount * size] for price, amount in snapshot[side]]
                for side in ("bids", "asks")
            },
        }


async def whole_book(api: Any, symbol: str) -> Any:
    """The next book of a stream, with an empty side only if it stays so.

    A venue may tell one by one that all orders of a side have gone, and of others that have come. Between the
    two hummingbot has no price, and a strategy that needs one right then may never trade again.
    """
    book = await api.watch_order_book(symbol)
    end = time.monotonic() + EMPTY_S
    while not (book["bids"] and book["asks"]):
        try:
            book = await asyncio.wait_for(api.watch_order_book(symbol), end - time.monotonic())
        except asyncio.TimeoutError:
            break
    return book


class PolledTrades:
    """What others have traded in a market since it was asked for last."""

    def __init__(self, api: Any, symbol: str) -> None:
        self._api = api
        self._symbol = symbol
        self._seen: set[tuple[Any, ...]] | None = None

    async def new(self) -> list[Mapping[str, Any]]:
        rows = await self._api.fetch_trades(self._symbol)
        by_key = {tuple(row.get(name) for name in TOLD_BY): row for row in rows}
        seen, self._seen = self._seen, set(by_key)
        return [] if seen is None else [row for key, row in by_key.items() if key not in seen]


def snapshot_message(snapshot: Mapping[str, Any]) -> OrderBookMessage:
    content = {name: snapshot[name] for name in ("trading_pair", "update_id", "bids", "asks")}
    return OrderBookMessage(OrderBookMessageType.SNAPSHOT, content, snapshot["timestamp"])
