"""Formulas for the price at which a position is liquidated. A market's spec names the one its venue uses.

It is the price at which a position's equity (its margin plus profit) equals its maintenance margin. The
margin of a crossed position is what its group has for it: the total margin and the other positions' profit,
less their maintenance margin, all as they are now.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, Protocol

from .exact import ONE, RATIO, ZERO


class Stake(NamedTuple):
    """The figures that a liquidation price depends on."""

    inverse: bool
    long: bool
    quantity: Decimal
    """The number of contracts times their size."""
    entry_value: Decimal
    """The cost of the position, from which profit is counted."""
    margin: Decimal
    rate: Decimal
    """The maintenance margin rate."""


class LiquidationFormula(Protocol):
    """A venue's own formula."""

    def maintenance(self, value: Decimal, entry_value: Decimal, rate: Decimal) -> Decimal:
        """The maintenance margin of a position with this value now."""

    def price(self, stake: Stake) -> Decimal | None:
        """The liquidation price; None if there is no such price."""


class MaintenanceAtMark:
    """The maintenance margin is a share of the position's value at the mark price."""

    def maintenance(self, value: Decimal, entry_value: Decimal, rate: Decimal) -> Decimal:
        return RATIO.multiply(value, rate)

    def price(self, stake: Stake) -> Decimal | None:
        entry, margin, rate = stake.entry_value, stake.margin, stake.rate
        if stake.inverse:
            factor = RATIO.add(ONE, rate if stake.long else -rate)
            value = RATIO.add(entry, margin if stake.long else -margin)
            return _ratio(RATIO.multiply(stake.quantity, factor), value)
        factor = RATIO.add(ONE, -rate if stake.long else rate)
        value = RATIO.add(entry, -margin if stake.long else margin)
        return _ratio(value, RATIO.multiply(stake.quantity, factor))


class MaintenanceAtEntry:
    """The maintenance margin is a share of the position's value when it was opened."""

    def maintenance(self, value: Decimal, entry_value: Decimal, rate: Decimal) -> Decimal:
        return RATIO.multiply(entry_value, rate)

    def price(self, stake: Stake) -> Decimal | None:
        cushion = RATIO.subtract(stake.margin, RATIO.multiply(stake.entry_value, stake.rate))
        adds = stake.long == stake.inverse
        value = RATIO.add(stake.entry_value, cushion if adds else -cushion)
        return _ratio(stake.quantity, value) if stake.inverse else _ratio(value, stake.quantity)


MAINTENANCE_AT_MARK = MaintenanceAtMark()
"""The formula of a venue that counts the maintenance margin from the value at the mark price."""
MAINTENANCE_AT_ENTRY = MaintenanceAtEntry()
"""The formula of a venue that counts it from the value at entry."""


def _ratio(above: Decimal, below: Decimal) -> Decimal | None:
    return RATIO.divide(above, below) if above > ZERO and below > ZERO else None
