"""Calls about time."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.fields import LARGEST, BadCall, Fields, check_names, flag, integer

LONGEST_ADVANCE_MS = 50 * 366 * 86_400_000


class ClockCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("GET", "/clock"): self.clock, ("POST", "/clock"): self.set_clock}

    def clock(self, fields: Fields) -> Any:
        check_names(fields)
        skews = {venue: clock.skew_ms for venue, clock in self.world.clocks.items()}
        clock = self.world.clock
        return {
            "now": clock.now(),
            "frozen": clock.is_frozen,
            "ticking": clock.ticking(),
            "skew_ms": skews,
        }

    def set_clock(self, fields: Fields) -> Generator[None, None, Any]:
        check_names(fields, "venue", "skew_ms", "advance_ms", "at_ms", "freeze", "trade")
        if not {"skew_ms", "advance_ms", "at_ms", "freeze"} & set(fields):
            raise BadCall("'skew_ms' with 'venue', 'advance_ms', 'at_ms' or 'freeze' is needed")
        if ("skew_ms" in fields) != ("venue" in fields):
            raise BadCall("'skew_ms' and 'venue' go together; all else is for all venues")
        passing = {"advance_ms", "at_ms"} & set(fields)
        if len(passing) == 2:
            raise BadCall("'advance_ms' and 'at_ms' say the same in two ways: give one")
        trade, freeze = flag(fields, "trade"), flag(fields, "freeze")
        if trade is not None and not passing:
            raise BadCall("'trade' goes with 'advance_ms' or 'at_ms'")
        if self.world.is_passing and (passing or freeze is not None):
            raise BadCall("time is being passed already")
        advance = integer(fields, "advance_ms", 0, LONGEST_ADVANCE_MS, 0)
        now = self.world.clock.now()
        at = integer(fields, "at_ms", 0, LARGEST, now)
        if at < now:
            raise BadCall(f"'at_ms' is in the past: it is {now} here, and time never goes back")
        if at - now > LONGEST_ADVANCE_MS:
            raise BadCall(f"'at_ms' is more than 50 years ahead: it is {now} here")
        if "skew_ms" in fields:
            skew = integer(fields, "skew_ms", -LONGEST_ADVANCE_MS, LONGEST_ADVANCE_MS, 0)
            self.world.clocks[self.venue(fields)].skew_ms = skew
        if freeze:
            self.world.freeze()
        if passing:
            # Time went on while this was read, unless it stood still.
            left = at - self.world.clock.now() if "at_ms" in fields else advance
            yield from self.world.passing(max(left, 0), trade)
        if freeze is False:
            self.world.unfreeze()
        return self.clock({})
