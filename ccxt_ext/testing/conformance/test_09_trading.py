"""Chapter 9, of parameters that programs written for ccxt pass everywhere, with a sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ccxt
import pytest

from ccxt_ext.testing.client import LISTS, Client, prices
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.placing import plenty

Placed = Callable[[], Sequence[Mapping[str, Any]]]


def kind_of(trader: Client, symbol: str) -> dict[str, str]:
    return {"type": trader.exchange.market(symbol)["type"]}


@case(
    "9.10",
    "An order that names its market's type is placed and cancelled",
    needs=("createOrder", "cancelOrder", "fetchOrderBook"),
    frontend=True,
    level="proven",
)
async def named_type(trader: Client, symbol: str, placed: Placed) -> None:
    """With words in capitals, and parameters that ask for nothing."""
    bid, _ = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    params = {**kind_of(trader, symbol), "timeInForce": "gtc", "postOnly": False, "reduceOnly": None}
    order = await trader("createOrder", symbol, "LIMIT", "Buy", amount, bid, params)
    assert (order["type"], order["side"]) == ("limit", "buy")
    await trader("cancelOrder", order["id"], symbol, kind_of(trader, symbol))
    [truth] = placed()
    assert (truth["id"], truth["side"], truth["type"]) == (order["id"], "buy", "limit")
    assert truth["status"] == "canceled"


@case(
    "9.11",
    "All orders are listed and cancelled whatever type is named, and none of another type",
    needs=("createOrder", "cancelAllOrders", "fetchOpenOrders", "fetchOrderBook"),
    frontend=True,
    level="proven",
)
async def lists_of_a_type(trader: Client, symbol: str, placed: Placed) -> None:
    """Each list is the same with `type` and with `defaultType`; another type than the market's is refused."""
    bid, ask = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    kind = kind_of(trader, symbol)
    await trader("createOrder", symbol, "limit", "buy", amount, ask)
    for _ in range(2):
        await trader("createOrder", symbol, "limit", "buy", amount, bid)
        await trader("createOrder", symbol, "limit", "sell", amount, ask)
    for name in LISTS:
        if trader.exchange.has.get(name):
            rows = await trader(name, symbol)
            assert await trader(name, symbol, None, None, kind) == rows, name
            assert await trader(name, symbol, None, None, {"defaultType": kind["type"]}) == rows, name
    assert len(await trader("fetchOpenOrders", symbol, None, None, kind)) == 4
    other = {"type": "swap" if kind["type"] == "spot" else "spot"}
    with pytest.raises(ccxt.BadRequest):
        await trader("cancelAllOrders", symbol, other)
    assert len(await trader("fetchOpenOrders", symbol)) == 4
    await trader("cancelAllOrders", symbol, kind)
    assert sorted(order["status"] for order in placed()) == ["canceled"] * 4 + ["closed"]


@case(
    "9.12",
    "A field that the venue does not know does not spoil the signature",
    needs=("createOrder", "cancelOrder", "fetchOrderBook"),
    frontend=True,
    level="proven",
)
async def unknown_field(trader: Client, symbol: str, placed: Placed) -> None:
    """An order and a cancel that bring one are carried out, or refused for what it is: by no error about the
    key, and nothing is placed then."""
    bid, _ = await prices(trader, symbol)
    amount = plenty(trader.exchange, symbol, bid)
    own: dict[str, Any] = {"canaryField": "x", "n": 1.5}
    if hasattr(trader.exchange, "understands"):
        own = {"raw": {"hedged": "x", "n": 1.5}, "canaryField": "x"}
    try:
        order = await trader("createOrder", symbol, "limit", "buy", amount, bid, own)
    except ccxt.ExchangeError as error:
        assert not isinstance(error, ccxt.AuthenticationError), repr(error)
        assert placed() == []
        return
    await trader("cancelOrder", order["id"], symbol, {"unknown": "1"})
    assert [each["status"] for each in placed()] == ["canceled"]
