"""A small venue to test the engine on: no history, so the book starts empty."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.engine import Clock, Engine, MarketSpec

START_MS = 1_700_000_000_123
MINUTE = 60_000
HOUR = 60 * MINUTE
SPOT_HORIZONS = [
    (minutes * MINUTE, 500) for minutes in (1, 3, 5, 15, 30, 45, 60, 120, 180, 240, 1440, 10080, 43200)
]


class HandClock(Clock):
    """A clock that only moves when it is told to."""

    def __init__(self, start_ms: int = START_MS, frozen: bool = False) -> None:
        self.elapsed_ms = 0
        super().__init__(start_ms, monotonic_ns=self._hand, frozen=frozen)

    def _hand(self) -> int:
        return self.elapsed_ms * 1_000_000

    def elapse(self, ms: int) -> None:
        """Let real time pass."""
        self.elapsed_ms += ms


def spec(market: str = "AAA_BBB", **changes: Any) -> MarketSpec:
    base, quote = market.split("_")
    settings: dict[str, Any] = {
        "tick": Decimal("0.01"),
        "step": Decimal("0.1"),
        "min_amount": Decimal("0.1"),
        "max_amount": Decimal(1000),
        "maker_fee": Decimal("0.001"),
        "taker_fee": Decimal("0.002"),
        "start_price": Decimal(100),
    }
    return MarketSpec(market, base, quote, **{**settings, **changes})


def contract(market: str = "BTC_USD", kind: Any = "inverse", **changes: Any) -> MarketSpec:
    """One whose index and mark price are the market's, and whose funding rate stands still."""
    base, quote = market.split("_")
    settings: dict[str, Any] = {
        "tick": Decimal("0.5"),
        "step": Decimal(1),
        "min_amount": Decimal(1),
        "max_amount": Decimal(1_000_000),
        "maker_fee": Decimal(0),
        "taker_fee": Decimal(0),
        "start_price": Decimal(4000),
        "settle": base if kind == "inverse" else quote,
        "contract_size": Decimal(1) if kind == "inverse" else Decimal("0.001"),
        "basis": 0.0,
        "funding_rate": Decimal("0.001"),
        "funding_interval_ms": 8 * HOUR,
    }
    return MarketSpec(market, base, quote, kind=kind, **{**settings, **changes})


def engine(
    *specs: MarketSpec,
    clock: Clock | None = None,
    seed: int = 1,
    horizons: Sequence[tuple[int, int]] = (),
    **more: Any,
) -> Engine:
    """With accounts `ann` and `bob`, each with 10,000 of every currency."""
    made = Engine("test", specs or [spec()], clock or HandClock(), seed, horizons, journal=True, **more)
    for name in ("ann", "bob"):
        made.open_account(name, {currency: Decimal(10_000) for currency in made.currencies})
    return made


def assert_balanced(made: Engine) -> None:
    for currency, (total, deposited) in made.ledger().items():
        assert total == deposited, currency
