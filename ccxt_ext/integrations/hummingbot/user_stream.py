"""What the venue tells of the account: orders, fills and balances, by streams where it has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
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

    @property
    def last_recv_time(self) -> float:
        """When a stream told something; 0 where there are none, so that all is polled often."""
        return self._told_at

    async def listen_for_user_stream(self, output: asyncio.Queue[Any]) -> None:
        client = self.connector.client
        async with client.open() as api:
            followed = [follow(*each) for each in self._streams(api, output)]
            self.is_ready = True
            self.connector.poll_now()
            try:
                await asyncio.gather(*followed)
                await asyncio.Event().wait()  # hummingbot starts anew what ends
            finally:
                self.is_ready, self._told_at = False, 0.0

    def _streams(self, api: Any, output: asyncio.Queue[Any]) -> list[Any]:
        connector = self.connector
        found: list[Any] = []
        for kind, method in STREAMS.items():
            if connector.streams(method):
                for pair in connector.trading_pairs:
                    found.append(self._stream(api, method, kind, output, connector.symbol_of(pair)))
        if connector.streams("watchBalance"):
            found.append(self._stream(api, "watchBalance", "balance", output))
        if connector.ROW.kind == PERPETUAL and connector.streams("watchPositions"):
            symbols = [connector.symbol_of(pair) for pair in connector.trading_pairs]
            found.append(self._stream(api, "watchPositions", "positions", output, symbols))
        return found

    def _stream(self, api: Any, method: str, kind: str, output: asyncio.Queue[Any], *given: Any) -> Any:
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
