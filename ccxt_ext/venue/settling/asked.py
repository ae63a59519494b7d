"""What a call asked for, so that its outcome can be found out if it comes to be unknown. No I/O."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Asked", "Wanted"]

PLACING = ("createOrder", "createOrders")
CANCELLING = ("cancelOrder", "cancelOrders", "cancelAllOrders")

TRIGGERS = ("triggerPrice", "stopPrice", "stopLossPrice", "takeProfitPrice")

#: The calls whose outcome can be settled. Those that go over a socket end in `Ws`.
SETTLED = (*PLACING, "editOrder", *CANCELLING)


@dataclass(frozen=True)
class Wanted:
    """An order as its caller asked for it."""

    symbol: str
    type: str
    side: str
    amount: Any = None
    price: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    """Tells this wish from others of the same content."""


@dataclass(frozen=True)
class Asked:
    """A call whose outcome is unknown."""

    method: str
    """As it stands in `has`; without `Ws`, if it went over a socket."""
    orders: Sequence[Wanted] = ()
    ids: Sequence[str] = ()
    """The venue's ids of the orders to cancel, or to edit."""
    symbol: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    began: int = 0
    """When the call began, in milliseconds by the exchange's clock."""
    ended: int = 0
    ticks: float = 0.0
    """When the call failed, in seconds of `time.monotonic()`."""
    number: int = 0
    """The calls and lists of a key have rising numbers, as a clock may stand still."""


def asked_for(method: str, given: Mapping[str, Any]) -> Asked:
    """What a unified method was called with, by the names of its arguments."""
    params = {**(given.get("params") or {})}
    orders: tuple[Wanted, ...] = ()
    if method in ("createOrder", "editOrder"):
        orders = (wanted(given),)
    elif method == "createOrders":
        listed = given.get("orders")
        orders = tuple(wanted(each) for each in listed or () if isinstance(each, Mapping))
    ids = given.get("ids") or [id for id in (given.get("id"),) if id]
    return Asked(method, orders, tuple(map(str, ids)), given.get("symbol"), params)


def wanted(given: Mapping[str, Any]) -> Wanted:
    symbol, type, side = (str(given.get(name)) for name in ("symbol", "type", "side"))
    params = {**(given.get("params") or {})}
    return Wanted(symbol, type, side, given.get("amount"), given.get("price"), params)
