"""What the venue tells of the account: orders, fills and balances, by streams where it has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from hummingbot.core.data_type.user_stream_tracker_data_source import UserStreamTrackerDataSource

from ccxt_ext.integrations.hummingbot.following import follow
from ccxt_ext.integrations.hummingbot.pairs import PERPETUAL

STREAMS = {"orders": "watchOrders", "trades": "watchMyTrades"}
"""The streams of a pair; those of the balance and of positions are the account's."""


class UserStream(UserStreamTrackerDataSource):
    def __init__(self, connector: Any) -> None:
        super().__init__()
        self.connector = connector
        self.is_ready = False
        self._told_at = 0.0
        self._changed = asyncio.Event()

    @property
    def last_recv_time(self) -> float:
        """When a stream told something; 0 where there are none, so that all is polled often."""
        return self._told_at

    async def listen_for_user_stream(self, output: asyncio.Queue[Any]) -> None:
        followed: dict[Hashable, asyncio.Task[None]] = {}
        async with self.connector.client.open() as api:
            try:
                while True:
                    self._changed.clear()
                    self._follow(self._streams(api, output), followed)
                    self.is_ready = True
                    self.connector.poll_now()
                    await self._until_changed(followed.values())
            finally:
                self.is_ready, self._told_at = False, 0.0
                for task in followed.values():
                    task.cancel()
                await asyncio.gather(*followed.values(), return_exceptions=True)

    def pairs_changed(self) -> None:
        """The connector has other pairs now."""
        self._changed.set()

    def _follow(
        self, streams: Mapping[Hashable, tuple[Any, ...]], followed: dict[Hashable, asyncio.Task[None]]
    ) -> None:
        """Follow these streams, and no others."""
        for key in followed.keys() - streams.keys():
            followed.pop(key).cancel()
        for key, stream in streams.items():
            if key not in followed:
                followed[key] = asyncio.ensure_future(follow(*stream))

    async def _until_changed(self, followed: Iterable[asyncio.Task[None]]) -> None:
        """Until there are other pairs. Raises what was raised where one of the streams is followed."""
        changed: asyncio.Task[Any] = asyncio.ensure_future(self._changed.wait())
        running: set[asyncio.Task[Any]] = {task for task in followed if not task.done()}
        try:
            while not changed.done():
                done, running = await asyncio.wait({changed, *running}, return_when=asyncio.FIRST_COMPLETED)
                running.discard(changed)
                for task in done - {changed}:
                    task.result()
        finally:
            changed.cancel()

    def _streams(self, api: Any, output: asyncio.Queue[Any]) -> dict[Hashable, tuple[Any, ...]]:
        """What is followed, by the kind of what it tells and by its symbols."""
        connector = self.connector
        found: dict[Hashable, tuple[Any, ...]] = {}
        symbols = [connector.symbol_of(pair) for pair in connector.trading_pairs]
        for kind, method in STREAMS.items():
            if connector.streams(method):
                for symbol in symbols:
                    found[kind, symbol] = self._stream(api, method, kind, output, symbol)
        if connector.streams("watchBalance"):
            found["balance"] = self._stream(api, "watchBalance", "balance", output)
        if connector.ROW.kind == PERPETUAL and connector.streams("watchPositions"):
            # One stream tells of all.
            key = "positions", tuple(symbols)
            found[key] = self._stream(api, "watchPositions", "positions", output, symbols)
        return found

    def _stream(
        self, api: Any, method: str, kind: str, output: asyncio.Queue[Any], *given: Any
    ) -> tuple[Any, ...]:
        watch = getattr(api, api.un_camel_case(method))

        def take(told: Any) -> None:
            self._told_at = time.time()
            output.put_nowait((kind, told))

        def call() -> Any:
            return watch(*given)

        return call, take, self._cut(method)

    def _cut(self, method: str) -> Callable[[BaseException], None]:
        def cut(error: BaseException) -> None:
            self._told_at = 0.0
            self.logger().warning(f"{method}() of {self.connector.name} was cut, and goes on: {error}")
            self.connector.poll_now()

        return cut

    async def stop(self) -> None:
        self.is_ready, self._told_at = False, 0.0
