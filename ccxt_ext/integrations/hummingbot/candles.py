"""Candles of our connectors' markets, as hummingbot's feeds give them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy
from hummingbot.core.network_iterator import NetworkStatus
from hummingbot.data_feed.candles_feed.candles_base import CandlesBase

from ccxt_ext.integrations.hummingbot import fit, shelf
from ccxt_ext.integrations.hummingbot.row import Row

MOST = 500
"""So many candles are fetched at once, be it by several requests."""

UNEVEN = "1M"
"""hummingbot has all candles of one length alike, and takes a month for 30 days."""

NAP_S = 1.0
"""After an error, as hummingbot's own feeds wait."""

LONGEST_NAP_S = 60.0
"""Where candles that are asked for again and again are not there."""

SLOWEST_S, QUICKEST_S = 10.0, 1.0
"""Where nothing streams candles they are looked at ten times in their length, within these bounds."""

COLUMNS = len(CandlesBase.columns)

logger = logging.getLogger(__name__)


def extend(module: ModuleType) -> None:
    """Add our connectors' names to hummingbot's factory. What it has itself stays its own."""
    there = module.CandlesFactory._candles_map
    why = "; ".join(dict.fromkeys(fit.differences_in("candles")))
    if why or not isinstance(there, dict):
        fit.tell(fit.refusal(fit.version(), why or "CandlesFactory has no map", "candles"))
        return
    for name, row in shelf.rows().items():
        there.setdefault(name, feed_class(row))


def feed_class(row: Row) -> Any:
    return type(f"{row.class_name}Candles", (CcxtCandles,), {"ROW": row})


class CcxtCandles(CandlesBase):
    """The candles of one pair. With a connector attached it goes by that one's exchange, else by its own."""

    ROW: Row

    _logger: Any = None

    def __init__(self, trading_pair: str, interval: str = "1m", max_records: int = 150) -> None:
        from ccxt_ext.integrations.hummingbot.client import Client

        self.client: Any = Client(self.ROW.id, {}, "spot" if self.ROW.kind == "spot" else "swap")
        self.timeframes = lengths(self.client.api)
        if interval not in self.timeframes:
            there = ", ".join(self.timeframes)
            raise ValueError(
                f"{self.ROW.name} has no candles of {interval}"
                + (f"; it has those of {there}" if there else ", nor of any other length")
            )
        self._naps = 0
        self._looked = False
        super().__init__(trading_pair, interval, max_records)

    @classmethod
    def logger(cls) -> Any:
        if CcxtCandles._logger is None:
            CcxtCandles._logger = logging.getLogger(__name__)
        return CcxtCandles._logger

    def attach_connector(self, connector: Any) -> None:
        super().attach_connector(connector)
        self.client = getattr(connector, "client", self.client)

    # -- what hummingbot asks of each feed ------------------------------------------------------------

    @property
    def name(self) -> str:
        return f"{self.ROW.name}_{self._trading_pair}"

    @property
    def rate_limits(self) -> list[Any]:
        return []  # ccxt throttles

    @property
    def intervals(self) -> Mapping[str, str]:
        return self.timeframes

    @property
    def candles_max_result_per_rest_request(self) -> int:
        return MOST

    def get_exchange_trading_pair(self, trading_pair: str) -> str:
        """ccxt's symbol; before the markets are known, the one that it most likely is."""
        from ccxt_ext.integrations.hummingbot import pairs

        for symbol, pair in pairs.pairs(self.client.markets, self.ROW.kind).items():
            if pair == trading_pair:
                return symbol
        if self.client.markets:
            raise ValueError(f"{self.ROW.name} has no pair {trading_pair}")
        symbol = trading_pair.replace("-", "/")
        return symbol if self.ROW.kind == "spot" else f"{symbol}:{trading_pair.rpartition('-')[2]}"

    async def _initialize_exchange_data(self) -> None:
        async with self.client.open():
            self._ex_trading_pair = await self._resolve_exchange_symbol()

    async def check_network(self) -> NetworkStatus:
        async with self.client.open() as api:
            if api.has.get("fetchTime") is True:
                await api.fetch_time()
            else:
                await api.fetch_ohlcv(await self._resolve_exchange_symbol(), self.interval, None, 1)
        return NetworkStatus.CONNECTED

    # -- history --------------------------------------------------------------------------------------

    async def get_historical_candles(self, config: Any) -> Any:
        async with self.client.open():  # one session for all requests
            return await super().get_historical_candles(config)

    async def fetch_candles(
        self, start_time: int | None = None, end_time: int | None = None, limit: int | None = None
    ) -> Any:
        """Candles that begin within these times: at most so many, the last ones if an end is told."""
        length = self.interval_in_seconds
        count = min(MOST, max(MOST if limit is None else limit, 1))
        if end_time is not None:
            last = int(end_time)
            first = max(last - length * count, int(start_time or 0))
        elif start_time is not None:
            first, last = int(start_time), int(start_time) + length * count
        else:
            raise ValueError("Either the start time or end time must be specified.")
        rows = await self._fetched(first, last)
        await self._wait_if_none(bool(rows) and (end_time is None or rows[0][0] < last))
        return numpy.array(even(rows, length)).astype(float).reshape(-1, COLUMNS)

    async def _wait_if_none(self, there_are: bool) -> None:
        """hummingbot asks again at once where there is nothing older, and orders wait for their turn."""
        if there_are:
            self._naps = 0
            return
        await self._sleep(min(NAP_S * 2**self._naps, LONGEST_NAP_S))
        self._naps += 1

    async def _fetched(self, first: int, last: int) -> list[list[float]]:
        """The candles that begin within these times, in as many requests as the exchange wants for it."""
        length, found = self.interval_in_seconds, dict[int, list[float]]()
        await self.initialize_exchange_data()
        async with self.client.open() as api:
            while first <= last:
                told = await api.fetch_ohlcv(
                    self._ex_trading_pair, self.interval, first * 1000, (last - first) // length + 1
                )
                new = {at: row for row in map(candle, told) if first <= (at := int(row[0])) <= last}
                found |= new
                if not new:
                    break
                first = max(new) + length
        return [found[at] for at in sorted(found)]

    # -- the newest -----------------------------------------------------------------------------------

    async def listen_for_subscriptions(self) -> None:
        while True:
            try:
                async with self.client.open() as api:
                    while True:
                        for row in await self._news(api):
                            self.take(candle(row))
            except asyncio.CancelledError:
                raise
            except Exception as error:
                log = self.logger()
                if is_network_error(error):
                    log.warning(f"The candles of {self.name} were cut, and go on: {error}")
                else:
                    log.exception(f"Unexpected error in the candles of {self.name}. They go on.")
                await self._sleep(NAP_S)
            finally:
                await self._on_order_stream_interruption()

    async def _news(self, api: Any) -> Sequence[Sequence[float]]:
        if api.has.get("watchOHLCV"):
            told: Sequence[Sequence[float]] = await api.watch_ohlcv(self._ex_trading_pair, self.interval)
            return told
        if self._looked:
            await self._sleep(min(max(self.interval_in_seconds / 10, QUICKEST_S), SLOWEST_S))
        self._looked = True
        since = int(time.time() - 2 * self.interval_in_seconds) * 1000
        fetched: Sequence[Sequence[float]] = await api.fetch_ohlcv(
            self._ex_trading_pair, self.interval, since
        )
        return fetched

    def take(self, row: list[float]) -> None:
        """Take the news of one candle: the newest once more, or those that follow it."""
        candles: Any = self._candles
        if not candles:
            candles.append(numpy.array(row))
            self._ws_candle_available.set()
            self._fill_candles_task = asyncio.ensure_future(self.fill_historical_candles())
        elif row[0] == candles[-1][0]:
            candles[-1] = numpy.array(row)
        elif row[0] > candles[-1][0]:
            for each in even([list(candles[-1]), row], self.interval_in_seconds)[1:]:
                candles.append(numpy.array(each))


def lengths(api: Any) -> dict[str, str]:
    """The lengths of candles that an exchange has, and hummingbot too."""
    if not api.has.get("fetchOHLCV"):
        return {}
    known = set(CandlesBase.interval_to_seconds) - {UNEVEN}
    return {name: name for name in api.timeframes or {} if name in known}


def candle(row: Sequence[float]) -> list[float]:
    """ccxt's row as hummingbot's. What ccxt does not tell is 0, as with hummingbot's own feeds."""
    at, *prices, volume = row[:6]
    return [at / 1000, *(float(price) for price in prices), float(volume or 0), 0.0, 0.0, 0.0, 0.0]


def even(rows: list[list[float]], length: int) -> list[list[float]]:
    """With a candle for each time in which nothing was traded: hummingbot throws away those with a gap."""
    found: list[list[float]] = []
    for row in rows:
        while found and row[0] - found[-1][0] > length:
            close = found[-1][4]
            found.append([found[-1][0] + length, close, close, close, close, *[0.0] * (COLUMNS - 5)])
        found.append(row)
    return found


def is_network_error(error: BaseException) -> bool:
    from ccxt.base.errors import NetworkError

    return isinstance(error, NetworkError)
