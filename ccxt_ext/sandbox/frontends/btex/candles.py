"""How long BTEX's candles are, how many are kept, and how many are sent at most."""

from __future__ import annotations

MINUTE = 60_000
HOUR = 60 * MINUTE
CONTRACT_STEPS = {
    "5m": 5 * MINUTE,
    "15m": 15 * MINUTE,
    "30m": 30 * MINUTE,
    "1h": HOUR,
    "4h": 4 * HOUR,
    "8h": 8 * HOUR,
    "1d": 24 * HOUR,
}
SPOT_STEPS = {**CONTRACT_STEPS, "2h": 2 * HOUR}
HORIZONS = (
    (5 * MINUTE, 1000),
    (15 * MINUTE, 500),
    (30 * MINUTE, 500),
    (HOUR, 500),
    (2 * HOUR, 300),
    (4 * HOUR, 300),
    (8 * HOUR, 300),
    (24 * HOUR, 300),
)
MOST_CANDLES = 3000
