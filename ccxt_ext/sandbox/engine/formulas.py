"""At what price a position is liquidated. Venues differ; a market's spec names its formula.

Each is the price at which a position's equity equals its maintenance margin: margin plus
profit at that price. For a crossed position, the margin is what the group has for it: total
margin and the other positions' profit, less their maintenance margin, all held still.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple, Protocol

from .exact import ONE, RATIO, ZERO


class Stake(NamedTuple):
    """What a liquidation price depends on."""

    inverse: bool
    long: bool
    quantity: Decimal
    """Contracts x size."""
    entry_value: Decimal
    """From where profit counts."""
    margin: Decimal
    rate: Decimal
    """The maintenance margin rate."""


class LiquidationFormula(Protocol):
    def maintenance(self, value: Decimal, entry_value: Decimal, rate: Decimal) -> Decimal:
        """The maintenance margin of a position worth `value` now."""

    def price(self, stake: Stake) -> Decimal | None:
        """None when no price can do it."""


class MaintenanceAtMark:
    """Maintenance margin is a rate of what the position is worth at the mark price."""

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
    """Maintenance margin is a rate of what the position was worth when it was opened."""

    def maintenance(self, value: Decimal, entry_value: Decimal, rate: Decimal) -> Decimal:
        return RATIO.multiply(entry_value, rate)

    def price(self, stake: Stake) -> Decimal | None:
        cushion = RATIO.subtract(stake.margin, RATIO.multiply(stake.entry_value, stake.rate))
        adds = stake.long == stake.inverse
        value = RATIO.add(stake.entry_value, cushion if adds else -cushion)
        return _ratio(stake.quantity, value) if stake.inverse else _ratio(value, stake.quantity)


MAINTENANCE_AT_MARK = MaintenanceAtMark()
MAINTENANCE_AT_ENTRY = MaintenanceAtEntry()


def _ratio(above: Decimal, below: Decimal) -> Decimal | None:
    return RATIO.divide(above, below) if above > ZERO and below > ZERO else None
