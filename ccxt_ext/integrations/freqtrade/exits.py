"""Exits without reduce-only orders: one that would open a position is refused before it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import ccxt
from freqtrade.exceptions import (
    DDosProtection,
    InsufficientFundsError,
    OperationalException,
    TemporaryError,
)
from freqtrade.exchange.common import retrier

CLOSED_BY = {"sell": "long", "buy": "short"}


def refuse_to_open(exchange: Any, api: Any, pair: str, side: str, contracts: float) -> None:
    """Raise InsufficientFundsError if an exit of so many contracts is more than can be closed.

    `api` is the exchange's class of ccxt's.

    With this error freqtrade goes on: it looks the trade's open orders up, and in its next round looks for
    the order that has closed the position.
    """
    wanted = number(contracts)
    # Orders first: what is filled between the two looks counts twice then, and is not overlooked.
    pending = sum((left(order) for order in others(exchange, api, pair, side)), Decimal(0))
    held = sum((number(each["contracts"]) for each in positions(exchange, pair, side)), Decimal(0))
    if wanted <= held - pending:
        return
    size, base = number(exchange.get_contract_size(pair)), exchange.get_pair_base_currency(pair)

    def told(contracts: Decimal) -> str:
        return f"{(contracts * size).normalize():f} {base}"

    raise InsufficientFundsError(
        f"to {side} {told(wanted)} of {pair}: that would open a position, as {told(held)} is held "
        f"{CLOSED_BY[side]}, and other open orders {side} {told(pending)}. {exchange.name} has no "
        "reduce-only orders, so it was not sent"
    )


def positions(exchange: Any, pair: str, side: str) -> Iterator[Any]:
    """The positions that an order of this side reduces."""
    for each in exchange.fetch_positions(pair):
        if each["symbol"] == pair and each["side"] == CLOSED_BY[side] and each["contracts"]:
            yield each


def others(exchange: Any, api: Any, pair: str, side: str) -> Iterator[Any]:
    """The orders of this side that are open, whoever has placed them, and those that may be on the venue."""
    for order in open_orders(api, pair):
        if order["side"] == side:
            yield order
    for wanted in exchange.unsettled_orders():
        if (wanted.symbol, wanted.side) == (pair, side):
            yield {"amount": wanted.amount}


def left(order: Any) -> Decimal:
    """What an order may still trade, in contracts."""
    remaining = order.get("remaining")
    return number(order["amount"] if remaining is None else remaining)


def number(value: Any) -> Decimal:
    return Decimal(str(value))


@retrier
def open_orders(api: Any, pair: str) -> Any:
    """The account's, in contracts; freqtrade itself has no call for them."""
    try:
        return api.fetch_open_orders(pair)
    except ccxt.DDoSProtection as error:
        raise DDosProtection(error) from error
    except (ccxt.OperationFailed, ccxt.ExchangeError) as error:
        raise TemporaryError(
            f"Could not get the open orders of {pair} due to {error.__class__.__name__}. Message: {error}"
        ) from error
    except ccxt.BaseError as error:
        raise OperationalException(error) from error
