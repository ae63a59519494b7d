"""Calls about candles that a market is given."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.candles import check_timeframe, rows_of, timeframe_ms
from ccxt_ext.sandbox.control.calls import Call, Calls, words_of
from ccxt_ext.sandbox.engine import BadRows, Refused
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names, flag


class CandleCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/candles"): self.candles,
            ("POST", "/candles"): self.play,
            ("DELETE", "/candles"): self.give_back,
        }

    def candles(self, fields: Fields) -> Any:
        """The markets that go through candles, and how many of these have not begun."""
        check_names(fields)
        return {
            "candles": [
                {"venue": venue, "market": id, "coming": market.rows_left}
                for venue, frontend in self.world.frontends.items()
                for id, market in frontend.engine.markets.items()
                if market.rows_left is not None
            ]
        }

    def play(self, fields: Fields) -> Any:
        """Give a market candles: those of the past become its past, and it goes through the others."""
        check_names(fields, "venue", "market", "rows", "timeframe", "fit")
        engine, market = self.engine(fields), self.market(fields)
        fit = flag(fields, "fit") or False
        try:
            step_ms = timeframe_ms(fields.get("timeframe", "1m"))
            rows = rows_of(fields.get("rows"))
            check_timeframe(rows, step_ms)
            engine.helm.play(market, rows, step_ms, fit)
        except BadRows as error:
            raise BadCall(str(error)) from None
        except Refused as refused:
            raise BadCall(words_of(refused)) from None
        coming = engine.markets[market].rows_left or 0
        return {
            "past": len(rows) - coming,
            "coming": coming,
            "from_ms": rows[0].timestamp,
            "until_ms": rows[-1].timestamp + step_ms,
        }

    def give_back(self, fields: Fields) -> Any:
        """Give a market back to its usual synthetic traders."""
        check_names(fields, "venue", "market")
        engine, market = self.engine(fields), self.market(fields)
        left = engine.markets[market].rows_left
        try:
            engine.helm.give_back(market)
        except Refused as refused:
            raise BadCall(words_of(refused)) from None
        return {"removed": left or 0}
