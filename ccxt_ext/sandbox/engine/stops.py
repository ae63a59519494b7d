"""Finds the prices at which something of an account waits for a market."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from .contracts.contract_settlement import ContractSettlement
from .exact import RATIO, ZERO
from .model import Order
from .positions import Holding
from .synthetic.played import Stop
from .trading.matching import Matching


def first_stop(
    matching: Matching, contract: ContractSettlement | None, from_ticks: int, to_ticks: int
) -> Stop | None:
    """The first such price on the way between two prices, without these.

    There are orders in the book, orders that wait for their trigger, and stop losses and take profits of
    positions.
    """
    rises = to_ticks > from_ticks
    sign = 1 if rises else -1

    def is_between(ticks: int) -> bool:
        return from_ticks * sign < ticks * sign < to_ticks * sign

    awaited = (
        _next(prices, matching.spec.tick, from_ticks, rises) for prices in _awaited(matching, contract, rises)
    )
    found = [Stop(ticks, False) for ticks in awaited if ticks is not None and is_between(ticks)]
    found += [Stop(ticks, True) for ticks in _first_order(matching, to_ticks, rises) if is_between(ticks)]
    # At the same price, an order in the book comes first: to be filled is to be seen.
    return min(found, key=lambda stop: (stop.ticks * sign, not stop.is_order), default=None)


def _first_order(matching: Matching, to_ticks: int, rises: bool) -> Iterator[int]:
    """The best price at which an account has an order, if it is not beyond."""
    for level in matching.book.asks if rises else matching.book.bids:
        if level.ticks >= to_ticks if rises else level.ticks <= to_ticks:
            return
        if any(matching.accounts[order.account].keeps_records for order in level.orders.values()):
            yield level.ticks
            return


def _awaited(
    matching: Matching, contract: ContractSettlement | None, rises: bool
) -> Iterator[Iterable[Decimal]]:
    """The prices that are waited for while the market rises, or falls, in lists with the next ones first."""
    for orders in matching.triggers.next_first(rises):
        yield (_market_price(order, contract) for order in orders)
    if contract is not None:
        yield sorted(_exits(contract.holdings.values(), rises), reverse=not rises)


def _next(prices: Iterable[Decimal], tick: Decimal, from_ticks: int, rises: bool) -> int | None:
    """The first of these prices that is beyond, in ticks."""
    sign = 1 if rises else -1
    all_ticks = (in_ticks(price, tick, rises) for price in prices)
    return next((ticks for ticks in all_ticks if ticks * sign > from_ticks * sign), None)


def in_ticks(price: Decimal, tick: Decimal, rises: bool) -> int:
    """The first price in ticks that has reached this one."""
    return int(RATIO.divide(price, tick).to_integral_value(ROUND_CEILING if rises else ROUND_FLOOR))


def _market_price(order: Order, contract: ContractSettlement | None) -> Decimal:
    """About the price that the market has when an order's trigger price is reached."""
    price = order.trigger_price
    assert price is not None
    return price if contract is None else contract.prices.market_price_at(price, order.trigger_by)


def _exits(holdings: Iterable[Holding], rises: bool) -> Iterator[Decimal]:
    for holding in holdings:
        exit = holding.take_profit if (holding.net > ZERO) == rises else holding.stop_loss
        if exit:
            yield exit
