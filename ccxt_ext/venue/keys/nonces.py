"""Numbers that rise with every call of a key, though other processes use the key too.

A venue that demands rising nonces refuses a call that is overtaken by a later one. So the calls of a key
stand in line: the first in line signs, sends and gets its answer before the next one signs.

Of another process that uses the key nothing is known until the venue refuses a number. Numbers are times, so
the lead over this clock that it takes to be heard is what has to be found and kept.
"""

import re

from ccxt_ext.venue.keys.lines import Line
from ccxt_ext.venue.keys.shared import Shared, shared

# Steps double with every refusal in a row, unless the venue tells how far the numbers have come.
FIRST_STEP = 50
LARGEST_STEP = 3_600_000
_NUMBER = re.compile(r"(?<!\d)\d{9,18}(?!\d)")
# What is further ahead is not believed: a number that is too high can never be taken back.
_FARTHEST = 86_400_000


class Nonces:
    def __init__(self, shared: Shared) -> None:
        self._shared = shared

    @property
    def line(self) -> Line:
        return self._shared.line("nonce")

    def take(self, least: int) -> int:
        """A number above all that were taken or refused before, and not below `least`."""
        return self._shared.number("nonce", least + self._lead()[0])

    def refused(self, words: str) -> None:
        """The number taken last was refused in these words: the next one is further ahead of this clock."""
        lead, refusals = self._lead()
        refused = self._shared.number("nonce", 0) - 1
        told = max((int(text) for text in _NUMBER.findall(words)), default=0)
        missed = told - refused if refused < told <= refused + _FARTHEST else 0
        # The number that is told may itself be overtaken meanwhile.
        doublings = refusals - 1 if missed else refusals
        step = 1 if doublings < 0 else min(FIRST_STEP << min(doublings, 30), LARGEST_STEP)
        self._shared.number("nonce", refused + missed)
        self._keep(lead + missed + step, refusals + 1)

    def accepted(self) -> None:
        lead, refusals = self._lead()
        if refusals:
            self._keep(lead, 0)

    def _lead(self) -> tuple[int, int]:
        """How far the numbers have to be ahead of this clock, and how many refusals there were in a row."""
        kept = self._shared.kept("nonce")
        lead, refusals = (0, 0) if kept is None else kept.value
        return lead, refusals

    def _keep(self, lead: int, refusals: int) -> None:
        self._shared.keep("nonce", "", [lead, refusals])


def nonces(venue: str, key: str) -> Nonces:
    """What all instances of this process share that use this key at this venue."""
    return Nonces(shared(venue, key))
