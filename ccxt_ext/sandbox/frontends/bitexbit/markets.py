"""What bitexbit's APIs have in common about markets."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ccxt_ext.sandbox.frontend import Refusal, Request
from ccxt_ext.sandbox.frontend.engine import Candle, Clock, Market
from ccxt_ext.sandbox.frontends.bitexbit.parameters import integer

STEPS = {"1": 1, "5": 5, "15": 15, "30": 30, "60": 60, "240": 240, "D": 1440}
"""How many minutes a candle lasts, by the venue's name for it."""


class Markets:
    def __init__(self, markets: Mapping[str, Market], clock: Clock, uncancellable: Collection[str]) -> None:
        """`uncancellable`: the markets whose orders cannot be cancelled."""
        self._markets = markets
        self._clock = clock
        self._uncancellable = uncancellable

    def named(self, pair: str) -> Market:
        market = self._markets.get(pair)
        if market is None:
            raise Refusal(404, "Pair not found")
        return market

    def ever_named(self, pair: str) -> Market:
        """One that may have ended, for what an account did in it."""
        try:
            return self._markets[pair]
        except KeyError:
            raise Refusal(404, "Pair not found") from None

    def chosen(self, pair: str | None) -> list[Market]:
        """The market that is named, or all if none is."""
        return [self.named(pair)] if pair else list(self._markets.values())

    def can_cancel(self, pair: str) -> bool:
        return pair not in self._uncancellable

    def candles(self, request: Request, pair: str, step: str, limit: int, most: int) -> list[Candle]:
        """The candles that open from `since` to `until`, both included; the latest if there are too many."""
        market = self.named(pair)
        if step not in STEPS:
            raise Refusal(400, "Wrong timeframe")
        limit = min(integer(request, "limit", limit), most)
        now = self._clock.now()
        until = min(integer(request, "until", now // 1000) * 1000, now)
        width = STEPS[step] * 60_000
        since = integer(request, "since", max(until - limit * width, 0) // 1000) * 1000
        candles = market.candles(width, since, until)
        return candles[-limit:] if limit else []
