"""Payments of funding on venues that list none: what this process saw fall due, and nothing else.

The rate and the mark price were told shortly before a payment was due, then the venue went on to the next
one, and a position was held in between.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from ccxt_ext.integrations.hummingbot.pairs import number

SHORTLY_MS = 10 * 60_000
"""How long before it is due a rate counts as the one that is paid."""

UNITS_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000}


class Coming(NamedTuple):
    """A payment to come, as it was told."""

    due: int
    rate: Decimal | None
    mark: Decimal | None
    seen: float


class Paid(NamedTuple):
    """A payment that was made: what the account has received, negative if it paid."""

    time: int
    rate: Decimal
    amount: Decimal


class SeenPayments:
    """Those of one connector."""

    def __init__(self, connector: Any) -> None:
        self.connector = connector
        self.latest: dict[str, Paid] = {}
        """The last payment of each pair."""
        self._coming: dict[str, Coming] = {}
        self._is_said = False

    def take(self, pair: str, row: Mapping[str, Any]) -> bool:
        """Take a funding rate of ccxt's. Returns whether a payment has been made since the last one."""
        coming = coming_of(row, self.connector.venue_ms())
        if coming is None:
            self._say(f"{self.connector.name} does not tell when funding is paid, so no payment is told of")
            return False
        before = self._coming.get(pair)
        if before is None or before.due != coming.due or coming.seen < coming.due:
            self._coming[pair] = coming
        if before is None or before.due >= coming.due:
            return False
        return self._count(pair, before)

    def _count(self, pair: str, coming: Coming) -> bool:
        held = self.connector.positions.held_at(pair, coming.due)
        if not held:
            return False
        if coming.rate is None or coming.mark is None or coming.due - coming.seen > SHORTLY_MS:
            at = datetime.fromtimestamp(coming.due / 1000, timezone.utc).strftime("%Y-%m-%d %H:%M")
            self.connector.logger().warning(
                f"{pair}: the funding rate was not seen shortly before {at}, so what was paid is not known"
            )
            return False
        self.latest[pair] = Paid(coming.due, coming.rate, -held * coming.mark * coming.rate)
        return True

    def _say(self, text: str) -> None:
        if not self._is_said:
            self._is_said = True
            self.connector.logger().info(text)


def coming_of(row: Mapping[str, Any], now: float) -> Coming | None:
    """What a funding rate says of the next payment; None if it does not say when that is due."""
    due = row.get("fundingTimestamp") or row.get("nextFundingTimestamp")
    due = due or next_multiple(row.get("interval"), now)
    if not due:
        return None
    return Coming(int(due), number(row.get("fundingRate")), number(row.get("markPrice")), now)


def next_multiple(interval: str | None, now: float) -> int | None:
    """The next full interval of the day (UTC), such as "8h", after now."""
    if not interval:
        return None
    length = int(interval[:-1]) * UNITS_MS[interval[-1]]
    return int(now // length + 1) * length
