"""Trading contracts on the small venue."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ccxt_ext.sandbox.engine import (
    Engine,
    Order,
    Position,
    Refused,
    Tier,
)
from tests.sandbox.engine.small_venue import contract

D = Decimal
INVERSE, LINEAR = "BTC_USD", "BTC_USDT"
TWO_TIERS = (Tier(D(50_000), D("0.01"), D("0.006")), Tier(D(200_000), D("0.02"), D("0.012")))


def place(made: Engine, account: str, side: Any, price: Any, amount: Any, **more: Any) -> Order:
    market = more.pop("market", next(iter(made.markets)))
    for name in ("leverage", "trigger_price", "stop_loss", "take_profit"):
        if name in more:
            more[name] = D(more[name])
    return made.place(account, market, side, None if price is None else D(price), D(amount), **more)


def deal(made: Engine, price: Any, amount: Any, buyer: str = "ann", seller: str = "bob", **more: Any) -> None:
    """The two trade with each other; `more` is for the buyer."""
    market = more.get("market", next(iter(made.markets)))
    place(made, seller, "sell", price, amount, market=market, leverage=100)
    place(made, buyer, "buy", price, amount, **more)


def move(made: Engine, price: Any, market: str | None = None) -> None:
    """Two others trade the least there is at a price."""
    for name in ("move-1", "move-2"):
        if name not in made.accounts:
            made.open_account(name, {currency: D(10) ** 9 for currency in made.currencies})
    name = market or next(iter(made.markets))
    deal(made, price, made.markets[name].spec.min_amount, "move-1", "move-2", market=name)


def position(made: Engine, account: str = "ann", market: str | None = None) -> Position:
    (found,) = made.positions(account, market)
    return found


def refused(reason: str, call: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call()
    assert caught.value.reason == reason
    return caught.value


def linear(**changes: Any) -> Any:
    """As BitMax has it: amounts in bitcoin, whole dollars."""
    return contract(
        LINEAR,
        "linear",
        **{
            "contract_size": D(1),
            "step": D("0.0001"),
            "min_amount": D("0.0001"),
            "tick": D("0.25"),
            "start_price": D(20_000),
            "tiers": TWO_TIERS,
            "settle_digits": 9,
            **changes,
        },
    )
