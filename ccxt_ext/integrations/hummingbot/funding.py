"""The market of a perpetual, with its funding."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from hummingbot.core.data_type.funding_info import FundingInfo, FundingInfoUpdate
from hummingbot.core.data_type.perpetual_api_order_book_data_source import PerpetualAPIOrderBookDataSource

from ccxt_ext.integrations.hummingbot.books import Books
from ccxt_ext.integrations.hummingbot.following import follow
from ccxt_ext.integrations.hummingbot.pairs import number
from ccxt_ext.integrations.hummingbot.payments import coming_of, next_multiple

POLL_S = 30.0

USUAL = "8h"
"""How often funding is paid by most venues."""


class PerpetualBooks(Books, PerpetualAPIOrderBookDataSource):
    """Books, trades and funding of perpetuals."""

    async def get_funding_info(self, trading_pair: str) -> FundingInfo:
        async with self.connector.client.open() as api:
            row = await self._rate(api, self.connector.symbol_of(trading_pair))
        return FundingInfo(trading_pair=trading_pair, **told(row, self.connector.venue_ms()))

    def _streams(self, pair: str) -> list[Any]:
        api, symbol = self._api, self.connector.symbol_of(pair)

        def take(row: Mapping[str, Any]) -> None:
            self._put(self._funding_info_messages_queue_key, {"pair": pair, "funding": row})
            self.connector.rate_told(pair, row["told"])

        cut = self._cut("fetchFundingRate")
        return [*super()._streams(pair), follow(lambda: self._rate(api, symbol), take, cut, POLL_S)]

    async def _rate(self, api: Any, symbol: str) -> Any:
        """The funding rate, with the prices that the venue does not tell with it, and as it was told."""
        row = dict(await api.fetch_funding_rate(symbol)) if api.has.get("fetchFundingRate") else {}
        row["told"] = {**row}
        if row.get("markPrice") is None or row.get("indexPrice") is None:
            ticker = await api.fetch_ticker(symbol)
            mark = row.get("markPrice") or ticker.get("markPrice") or ticker["last"]
            row |= {
                "markPrice": mark,
                "indexPrice": row.get("indexPrice") or ticker.get("indexPrice") or mark,
            }
        return row

    async def _parse_funding_info_message(
        self, raw_message: Mapping[str, Any], message_queue: asyncio.Queue[Any]
    ) -> None:
        said = told(raw_message["funding"], self.connector.venue_ms())
        message_queue.put_nowait(FundingInfoUpdate(trading_pair=raw_message["pair"], **said))


def told(row: Mapping[str, Any], now_ms: float) -> dict[str, Any]:
    """What a funding rate of ccxt's says, in hummingbot's words."""
    coming = coming_of(row, now_ms)
    # hummingbot needs a time. Where the venue tells none, this is no more than what is usual.
    due = next_multiple(USUAL, now_ms) if coming is None else coming.due
    return {
        "index_price": number(row.get("indexPrice")),
        "mark_price": number(row.get("markPrice")),
        "next_funding_utc_timestamp": int((due or 0) / 1000),
        "rate": number(row.get("fundingRate")) or Decimal(0),
    }
