"""Reads a venue's rate limit from ccxt's settings: `rateLimit` and the token bucket."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.requests.throttle import Limits


class Pace:
    """Tells what the user set in an exchange's `tokenBucket` from what ccxt added to it.

    ccxt derives the rest of the bucket from `rateLimit`, once. As `rateLimit` may change later, only the
    user's own settings are kept.
    """

    own: Mapping[str, Any] = MappingProxyType({})
    made: Any = None

    def before(self, exchange: Exchange) -> None:
        """Keep the user's settings, before ccxt adds its own."""
        if exchange.tokenBucket is not self.made or exchange.tokenBucket is None:
            self.own = dict(exchange.tokenBucket or {})

    def after(self, exchange: Exchange) -> None:
        """Remember the bucket that ccxt made, to recognise it later."""
        self.made = exchange.tokenBucket

    def limits(self, exchange: Exchange) -> Limits:
        """The limits as they are now. The user may change `rateLimit` at any time."""
        bucket = self.own if exchange.tokenBucket is self.made else exchange.tokenBucket or {}
        per_unit = exchange.rateLimit / 1000
        if bucket.get("refillRate"):
            per_unit = 1 / bucket["refillRate"] / 1000
        most = bucket.get("maxCapacity", exchange.options.get("maxRequestsQueue"))
        cost = bucket.get("cost", 1)
        full = float("inf") if most is None else most
        rolling = bucket.get("windowSize", getattr(exchange, "rollingWindowSize", 0))
        algorithm = bucket.get("algorithm", getattr(exchange, "rateLimiterAlgorithm", "leakyBucket"))
        if rolling and algorithm != "leakyBucket":
            return Limits(0, rolling / 1000, rolling / 1000 / per_unit, 0, cost, full)
        # If the venue does not document the length of the window in which it counts, assume one second.
        units = exchange.options.get("throttleWindow") or max(1 / per_unit, 1)
        return Limits(per_unit, units * per_unit, units, bucket.get("capacity", 1), cost, full)
