"""Chapter 10, of candles."""

from __future__ import annotations

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case


@case("10.20", "Candles meet what is asked for", needs=("fetchOHLCV",), frontend=True, level="reads")
async def candles(trader: Client, symbol: str, sandbox: Sandbox) -> None:
    """In every timeframe: how many, from when, to when, each on its step, none beyond its high or low."""
    exchange = trader.exchange
    for timeframe in exchange.timeframes:
        step = exchange.parse_timeframe(timeframe) * 1000
        candles = await trader("fetchOHLCV", symbol, timeframe, None, 20)
        now = sandbox.control("GET", "/clock")["now"]
        times = [candle[0] for candle in candles]
        # Nobody trades here any more, so a step that has just begun has no candle.
        assert 20 - (now - times[-1]) // step <= len(candles) <= 20
        assert times == sorted(set(times))
        assert all(low <= min(o, c) and max(o, c) <= high for _, o, high, low, c, _ in candles)
        if timeframe != "1M":
            assert all(time % step == 0 for time in times)
            assert await trader("fetchOHLCV", symbol, timeframe, times[5], 3) == candles[5:8]
            until = await trader("fetchOHLCV", symbol, timeframe, times[5], None, {"until": times[8]})
            assert until == candles[5:9]


@case(
    "10.21", "`paginate` reaches further than one call", needs=("fetchOHLCV",), frontend=True, level="reads"
)
async def pagination(trader: Client, symbol: str) -> None:
    """Without a gap, and no candle twice."""
    exchange = trader.exchange
    if exchange.feature_value(symbol, "fetchOHLCV", "limit") > 1200:
        return  # one call reaches far enough, and there are no pages
    timeframe = "1h" if "1h" in exchange.timeframes else next(iter(exchange.timeframes))
    since = exchange.milliseconds() - 1200 * exchange.parse_timeframe(timeframe) * 1000
    one = await trader("fetchOHLCV", symbol, timeframe, since)
    many = await trader("fetchOHLCV", symbol, timeframe, since, None, {"paginate": True})
    assert len(one) < len(many)
    assert many[: len(one)] == one or many[-1][0] > one[-1][0]
    assert [c[0] for c in many] == sorted({c[0] for c in many})
