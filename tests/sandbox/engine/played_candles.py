"""Candles to play on the small venue, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from ccxt_ext.sandbox.engine import Candle, Engine, MarketSpec, OhlcvRow
from ccxt_ext.sandbox.engine.exact import multiply

MINUTE = 60_000
NOON = 1_772_366_400_000  # 2026-03-01


def row(minute: int, open: Any, high: Any, low: Any, close: Any, volume: Any = 10) -> OhlcvRow:
    return OhlcvRow(
        NOON + minute * MINUTE, *(Decimal(str(each)) for each in (open, high, low, close, volume))
    )


def live(made: Engine, ms: int) -> None:
    """Let time pass, as the sandbox does."""
    begin = reached = made.clock.now()
    while True:
        with made.clock.at(reached):
            at = made.next_event(reached, made.driven(None))
        if at is None or at > begin + ms:
            break
        reached = at
        with made.clock.at(at):
            made.act(made.driven(None))
    made.clock.advance(ms)


def told(made: Engine, market: str, step_ms: int, since: int = 0) -> list[OhlcvRow]:
    """The candles as a client would get them."""
    found: Sequence[Candle] = made.markets[market].candles(step_ms, since, made.clock.now())
    return [OhlcvRow(*candle[:6]) for candle in found]


@st.composite
def walks(
    draw: st.DrawFn, spec: MarketSpec, step_ms: int, count: int = 8, begin: int = NOON, swing: int = 300
) -> list[OhlcvRow]:
    """Rows around the start price, some missing and some without a volume, which may jump between."""
    ticks = int(spec.start_price / spec.tick)
    rows = []
    for number in range(draw(st.integers(1, count))):
        if draw(st.integers(0, 9)) == 0:
            continue
        open = max(swing + 1, ticks + draw(st.integers(-swing, swing)))
        close = max(1, open + draw(st.integers(-swing, swing)))
        high = max(open, close) + draw(st.integers(0, swing))
        low = max(1, min(open, close) - draw(st.integers(0, swing)))
        steps = draw(st.just(0) | st.integers(4, 400))
        figures = [multiply(spec.tick, each) for each in (open, high, low, close)]
        rows.append(OhlcvRow(begin + number * step_ms, *figures, multiply(spec.step, steps)))
        ticks = close
    return rows or [OhlcvRow(begin, *[spec.start_price] * 4, multiply(spec.step, 4))]
