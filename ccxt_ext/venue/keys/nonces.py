"""Nonces: numbers that rise with every call of a key, even if other processes use the key too.

A venue that demands rising nonces refuses a call if a later one overtakes it. So the calls of a key stand in
line: each one is signed, sent and answered before the next one is signed.

Nothing is known about other processes with the same key until the venue refuses a number. Numbers are times.
So this finds out how far ahead of the clock they have to be, and keeps that lead.
"""

import re
from typing import Any

from ccxt_ext.venue.keys.lines import Line
from ccxt_ext.venue.keys.shared import Shared, shared

__all__ = ["Nonces", "shared_nonces"]

# The step doubles with each refusal in a row, unless the venue says which number it has seen.
FIRST_STEP = 50
LARGEST_STEP = 3_600_000
_NUMBER = re.compile(r"(?<!\d)\d{9,18}(?!\d)")
# A number that is further ahead is not believed, as a number that is too high can never be taken back.
_FARTHEST = 86_400_000


class Nonces:
    """The nonces of one key."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    @property
    def line(self) -> Line:
        """The line in which the calls of this key go one after the other."""
        return self._shared.line("nonce")

    def take(self, least: int) -> int:
        """A new number: higher than all that were taken or refused before, and at least `least`."""
        return self._shared.number("nonce", least + self._lead()[0])

    def refused(self, words: str) -> None:
        """The venue refused the last number, in these words. The next one is further ahead of the clock."""
        lead, refusals = self._lead()
        refused = self._shared.number("nonce", 0) - 1
        seen = max((int(text) for text in _NUMBER.findall(words)), default=0)
        missed = seen - refused if refused < seen <= refused + _FARTHEST else 0
        # Other processes may have gone on from the number that the venue told.
        doublings = refusals - 1 if missed else refusals
        step = 1 if doublings < 0 else min(FIRST_STEP << min(doublings, 30), LARGEST_STEP)
        self._shared.number("nonce", refused + missed)
        self._keep(lead + missed + step, refusals + 1)

    def accepted(self) -> None:
        """The venue accepted the last number, so the lead is large enough."""
        lead, refusals = self._lead()
        if refusals:
            self._keep(lead, 0)

    def _lead(self) -> tuple[int, int]:
        """How far the numbers have to be ahead of the clock, and how many were refused in a row."""
        kept = self._shared.kept("nonce")
        lead, refusals = (0, 0) if kept is None else kept.value
        return lead, refusals

    def _keep(self, lead: int, refusals: int) -> None:
        self._shared.keep("nonce", "", [lead, refusals])


def shared_nonces(exchange: Any) -> Nonces:
    """The nonces that all clients of this process share who use the key of this one."""
    return Nonces(shared(exchange.id, str(exchange.apiKey)))
