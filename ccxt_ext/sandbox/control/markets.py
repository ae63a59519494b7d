"""Calls about the markets of a venue."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names


class MarketCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("POST", "/markets"): self.list_market}

    def list_market(self, fields: Fields) -> Any:
        """List another market. Only its name differs from one that exists."""
        check_names(fields, "venue", "like", "market", "pair")
        frontend = self.frontend(fields)
        like = self.market(fields, "like")
        market, pair = fields.get("market"), fields.get("pair")
        if not isinstance(market, str) or market in frontend.engine.markets:
            raise BadCall("'market' must be the name of one that there is not yet")
        if pair is not None and not isinstance(pair, str):
            raise BadCall("'pair' must be text, such as \"SOL_USDT\"")
        try:
            frontend.list_market(like, market, pair)
        except ValueError as error:
            raise BadCall(str(error)) from None
        return {"markets": list(frontend.engine.markets)}
