"""Makes the candles beside it: two made-up days of BTC/USDT, of five minutes each.

    python examples/candles/make.py > examples/candles/BTC_USDT-5m.csv

The first day is quiet, for bots that look back before they trade. On the second one the price falls in the
morning, comes back, overshoots, and ends about where it began.
"""

from math import exp, pi, sin
from random import Random

BEGIN = 1_772_323_200_000  # 2026-03-01
STEP = 5 * 60_000
DAY = 288
START = 60_000.0
NOISE = 0.0011
SWINGS = ((0.012, 1.0, 0.0), (0.008, 3.0, 0.6), (0.004, 8.0, 0.2))
"""How high, how often a day, and where in their course they begin."""


def fair(number: int) -> float:
    """The price without its noise, at the beginning of a candle."""
    day = number / DAY
    swing = sum(height * sin(2 * pi * (often * day + begin)) for height, often, begin in SWINGS)
    hour = (day - 1) * 24
    fall = -0.055 * exp(-(((hour - 9) / 2.2) ** 2)) + 0.035 * exp(-(((hour - 16) / 2.5) ** 2))
    return START * exp(swing * (1 if day >= 1 else 0.4) + fall)


def rows() -> list[tuple[int, str, str, str, str, str]]:
    rng = Random("a day of candles")
    found = []
    close = fair(0)
    noise = 0.0
    for number in range(2 * DAY):
        open = close
        noise = 0.9 * noise + rng.gauss(0, NOISE)
        close = round(fair(number + 1) * exp(noise), 2)
        reach = abs(close - open) + START * NOISE * rng.uniform(0.2, 1.2)
        high = max(open, close) + reach * rng.uniform(0.05, 0.6)
        low = min(open, close) - reach * rng.uniform(0.05, 0.6)
        volume = 4 * exp(rng.gauss(0, 0.5)) * (1 + 400 * abs(close / open - 1))
        texts = (f"{price:.2f}" for price in (open, high, low, close))
        found.append((BEGIN + number * STEP, *texts, f"{volume:.4f}"))
    return found


if __name__ == "__main__":
    print("timestamp,open,high,low,close,volume")
    for row in rows():
        print(*row, sep=",")
