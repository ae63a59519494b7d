"""Chapter 9, of wishes about orders: what the engine has is what was wished for, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import ccxt

from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.desk import Desk
from ccxt_ext.testing.conformance.offline import markets_of
from ccxt_ext.testing.conformance.placing import cost_of, needs_cost, plenty, step_of
from ccxt_ext.testing.conformance.tested import Tested

MakeDesk = Callable[..., Desk]
NEEDS = ("createOrder", "fetchOrderBook")
Params = Mapping[str, Any]


class Asked:
    """Orders on one type of market, and what the engine has of them."""

    def __init__(self, made: Desk) -> None:
        self.made, self.symbol = made, made.symbol
        self.exchange = made.exchange

    def levels(self, side: str) -> list[list[float]]:
        """Of the book: "bids" or "asks"."""
        found: list[list[float]] = self.made("fetchOrderBook", self.symbol)[side]
        return found

    def offer(self) -> tuple[float, float]:
        """The best that is asked: its price and how much of it there is."""
        price, standing, *_ = self.levels("asks")[0]
        return price, standing

    def amount(self, wanted: float) -> float:
        return float(self.exchange.amount_to_precision(self.symbol, wanted))

    def place(self, *order: Any, params: Params) -> tuple[Exception | None, list[Any]]:
        """The error, if it was refused, and the engine's new orders."""
        return self.call("createOrder", self.symbol, *order, dict(params))

    def call(self, method: str, *args: Any) -> tuple[Exception | None, list[Any]]:
        before = {order.id for order in self.made.orders}
        error: Exception | None = None
        try:
            self.made(method, *args)
        except ccxt.ExchangeError as refusal:
            error = refusal
        return error, [order for order in self.made.orders if order.id not in before]


def each_type(tested: Tested, desk: MakeDesk) -> Iterator[Asked]:
    for market_type in sorted({market["type"] for market in markets_of(tested.id) if market["active"]}):
        yield Asked(desk(options={"defaultType": market_type}))


def shown(orders: list[Any]) -> list[str]:
    return [
        f"{each.side} {each.amount} at {each.price}: {each.status}, {each.filled} filled" for each in orders
    ]


@case("9.13", "A post-only order does not trade", needs=NEEDS, frontend=True, level="trades")
def post_only(tested: Tested, desk: MakeDesk) -> None:
    """On each type of market, by `postOnly` and by timeInForce "PO". At the price of the best offer it is
    refused, or ends without a trade. Who does not refuse it there takes it below, where it rests."""
    for params in ({"postOnly": True}, {"timeInForce": "PO"}):
        for asked in each_type(tested, desk):
            where = f"a bid of {asked.symbol} with {params}"
            price, _ = asked.offer()
            amount = plenty(asked.exchange, asked.symbol, price)
            error, orders = asked.place("limit", "buy", amount, price, params=params)
            filled = [order for order in orders if order.filled]
            assert not filled, f"{where} at the price of the best offer has traded: {shown(filled)}"
            if isinstance(error, (ccxt.NotSupported, ccxt.BadRequest)):
                continue
            price = asked.levels("bids")[-1][0]
            amount = plenty(asked.exchange, asked.symbol, price)
            error, orders = asked.place("limit", "buy", amount, price, params=params)
            assert error is None, f"{where} that meets nobody is refused: {error!r}"
            assert [order.status for order in orders] == ["open"], f"{where}: {shown(orders)}"


@case(
    "9.14",
    "An IOC order leaves nothing standing, and a FOK order fills whole or not at all",
    needs=NEEDS,
    frontend=True,
    level="trades",
)
def in_force(tested: Tested, desk: MakeDesk) -> None:
    """On each type of market: a bid for half as much again as the best offer has, and for half of it; or it
    is refused, and nothing is placed."""
    for name in ("IOC", "FOK"):
        for asked in each_type(tested, desk):
            for part in (1.5, 0.5):
                price, standing = asked.offer()
                amount = asked.amount(standing * part)
                where = f"a bid of {asked.symbol} for {amount} where {standing} is offered, {name}"
                error, orders = asked.place("limit", "buy", amount, price, params={"timeInForce": name})
                left = [order for order in orders if order.status == "open"]
                assert not left, f"{where}: the engine still has {shown(left)}"
                filled = float(sum((order.filled for order in orders), Decimal(0)))
                if error is not None:
                    assert not filled, f"{where} is refused, and yet filled: {error!r}"
                    continue
                wanted = min(amount, standing) if name == "IOC" or part < 1 else 0
                assert near(filled, wanted), f"{where}: {filled} is filled, not {wanted}"


def near(number: float, wanted: float) -> bool:
    return abs(number - wanted) <= 1e-9 * max(1.0, abs(wanted))


@case("9.15", "A reduce-only order opens nothing", needs=NEEDS, frontend=True, level="trades")
def reduce_only(tested: Tested, desk: MakeDesk) -> None:
    """On each type of market, where there is no position, a bid at the price of the best offer is not filled.
    On contracts, one that is twice a position does not turn it round."""
    params = {"reduceOnly": True}
    for asked in each_type(tested, desk):
        price, _ = asked.offer()
        amount = plenty(asked.exchange, asked.symbol, price)
        _, orders = asked.place("limit", "buy", amount, price, params=params)
        filled = [order for order in orders if order.filled]
        assert not filled, f"a reduce-only bid of {asked.symbol}, with no position: {shown(filled)}"
        if not asked.exchange.market(asked.symbol)["contract"]:
            continue
        error, _ = asked.place("limit", "buy", amount, price, params={})
        assert error is None, f"a bid of {asked.symbol}: {error!r}"
        bid = asked.levels("bids")[0][0]
        _, orders = asked.place("limit", "sell", 2 * amount, bid, params=params)
        filled = [order for order in orders if float(order.filled) > amount]
        assert not filled, f"a reduce-only offer of {asked.symbol}, with {amount} bought: {shown(filled)}"


@case(
    "9.16",
    "A market buy that says a cost spends it, and no more",
    needs=(*NEEDS, "createMarketOrder"),
    frontend=True,
    level="trades",
)
def by_cost(tested: Tested, desk: MakeDesk) -> None:
    """On each type of market, as `cost`, as the amount where `createMarketBuyOrderRequiresPrice` is False and
    `features` tell `marketBuyRequiresPrice`, and by createMarketBuyOrderWithCost() and
    createMarketOrderWithCost(), where there are; to the market's step. Or it is refused, and nothing is
    bought."""
    ways = ("cost", "amount", "createMarketBuyOrderWithCost", "createMarketOrderWithCost")
    for way in ways:
        for asked in each_type(tested, desk):
            exchange, symbol = asked.exchange, asked.symbol
            if (way == "amount" and not needs_cost(exchange, symbol)) or (
                way.startswith("create") and not exchange.has.get(way)
            ):
                continue
            price, standing = asked.offer()
            cost = cost_of(exchange, symbol, min(plenty(exchange, symbol, price), standing), price)
            error, orders = bought(asked, way, cost)
            spent = float(sum((order.cost for order in orders), Decimal(0)))
            where = f"a market buy of {symbol} that says {cost} as {way}"
            if error is not None:
                assert not orders, f"{where} is refused, and yet placed: {error!r}"
                promised = way.startswith("create")
                assert not promised, f"{where} is claimed, and refused: {error!r}"
                continue
            step = step_of(exchange, symbol, "amount") * price
            assert cost - 1.01 * step <= spent <= cost * (1 + 1e-9), f"{where}: {spent} was spent"


def bought(asked: Asked, way: str, cost: float) -> tuple[Exception | None, list[Any]]:
    if way == "cost":
        amount = plenty(asked.exchange, asked.symbol, asked.offer()[0])
        return asked.place("market", "buy", 2 * amount, None, params={"cost": cost})
    if way == "amount":
        return asked.place("market", "buy", cost, None, params={"createMarketBuyOrderRequiresPrice": False})
    side = ("buy",) if way == "createMarketOrderWithCost" else ()
    return asked.call(way, asked.symbol, *side, cost)
