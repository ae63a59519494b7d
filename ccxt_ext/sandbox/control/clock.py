"""Calls about time."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.fields import BadCall, Fields, check_names, integer

LONGEST_ADVANCE_MS = 50 * 366 * 86_400_000


class ClockCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("GET", "/clock"): self.clock, ("POST", "/clock"): self.set_clock}

    def clock(self, fields: Fields) -> Any:
        check_names(fields)
        skews = {venue: clock.skew_ms for venue, clock in self.world.clocks.items()}
        return {"now": self.world.clock.now(), "skew_ms": skews}

    def set_clock(self, fields: Fields) -> Any:
        check_names(fields, "venue", "skew_ms", "advance_ms", "trade")
        if "skew_ms" not in fields and "advance_ms" not in fields:
            raise BadCall("'skew_ms' with 'venue', or 'advance_ms', is needed")
        if ("skew_ms" in fields) != ("venue" in fields):
            raise BadCall("'skew_ms' and 'venue' go together; 'advance_ms' is for all venues")
        trade = fields.get("trade")
        if "trade" in fields and ("advance_ms" not in fields or not isinstance(trade, bool)):
            raise BadCall("'trade' is true or false, and goes with 'advance_ms'")
        advance = integer(fields, "advance_ms", 0, LONGEST_ADVANCE_MS, 0)
        if "skew_ms" in fields:
            skew = integer(fields, "skew_ms", -LONGEST_ADVANCE_MS, LONGEST_ADVANCE_MS, 0)
            self.world.clocks[self.venue(fields)].skew_ms = skew
        if advance:
            self.world.pass_time(advance, trade)
        return self.clock({})
