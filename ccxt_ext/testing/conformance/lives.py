"""Every way in which an order can be entered and end, for the cases that compare what is told of each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ccxt

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.everything import has_on, market_buy
from ccxt_ext.testing.conformance.listing import turns_pages
from ccxt_ext.testing.conformance.placing import plenty, step_of

Row = Mapping[str, Any]

# What the engine has of an order that it did not take.
REFUSED: Row = {
    "id": None,
    "status": "rejected",
    "filled": "0",
    "amount": "0",
    "cost": "0",
    "fees": {},
    "side": "",
}


@dataclass
class Life:
    """One order: what was answered when it was placed, and the engine's own row of that moment."""

    name: str
    answer: Any
    truth: Row


@dataclass
class Scene:
    """A market, whose book stands still but for these two, and what has been placed there."""

    sandbox: Sandbox
    id: str
    me: Client
    other: Client
    symbol: str
    lives: list[Life] = field(default_factory=list)
    unlike: list[str] = field(default_factory=list)
    """Where what the venue does with an order is not what it promises."""

    async def begin(self) -> None:
        await self.me("loadMarkets")
        await self.other("loadMarkets")
        self.exchange = self.me.exchange
        self.market = self.exchange.market(self.symbol)
        self.tick = step_of(self.exchange, self.symbol, "price")
        self.least = plenty(self.exchange, self.symbol, deep((await self.book())["bids"], 5))

    def orders(self) -> Sequence[Row]:
        """The engine's own, newest first."""
        path = f"/orders?venue={self.id}&account=config&market={self.market['id']}"
        found: Sequence[Row] = self.sandbox.control("GET", path)
        return found

    def has(self, method: str) -> bool:
        return has_on(self.exchange, method, self.market["type"])

    async def book(self) -> Any:
        return await self.other("fetchOrderBook", self.symbol)

    def at(self, price: float) -> float:
        return float(self.exchange.price_to_precision(self.symbol, price))

    def of(self, amount: float) -> float:
        return float(self.exchange.amount_to_precision(self.symbol, amount))

    async def inside(self) -> float:
        """A bid's price at which nobody stands, before all others."""
        book = await self.book()
        bid, ask = book["bids"][0][0], book["asks"][0][0]
        price = self.at(bid + self.tick)
        assert bid < price < ask, f"the spread of {self.symbol} leaves no room"
        return price

    async def place(
        self, name: str, type: str, side: str, amount: float, price: Any, params: Row = {}
    ) -> Life | None:
        """None where the venue cannot, which has to be what it says of itself."""
        asked = list(wishes(type, params))
        promised = [self.promises(wish) for wish in asked]
        before = len(self.orders())
        try:
            answer = await self.me("createOrder", self.symbol, type, side, amount, price, dict(params))
        except ccxt.OrderImmediatelyFillable:
            raise
        except ccxt.ExchangeError as error:
            # A class that is ccxt's alone may leave it to the venue to refuse what it does not promise.
            left = not turns_pages(self.exchange) and not all(promised)
            if not (left or isinstance(error, ccxt.NotSupported)):
                raise
            assert len(self.orders()) == before, f"{name}: it is refused, and yet was placed: {error}"
            if promised == [True]:
                self.unlike.append(f"{name}: {asked[0]} is promised, and refused: {error}")
            return None
        if promised == [False]:
            self.unlike.append(
                f"{name}: there is no {asked[0]} by `has` or `features`, and yet it was placed"
            )
        truth = next((row for row in self.orders() if row["id"] == answer["id"]), REFUSED)
        life = Life(name, answer, truth)
        self.lives.append(life)
        return life

    def promises(self, wish: str) -> bool | None:
        """What `has` and `features` tell of what an order asks for; None where they tell nothing."""
        if wish == "createMarketOrder":
            return self.has(wish)
        told = self.exchange.feature_value(self.symbol, "createOrder", wish)
        return None if told is None and not turns_pages(self.exchange) else bool(told)

    async def cancel(self, life: Life) -> None:
        await self.me("cancelOrder", life.answer["id"], self.symbol)

    async def meet(self, life: Life, part: float, price: float) -> None:
        """The other account takes a part of a resting bid."""
        amount = self.of(float(life.truth["amount"]) * part)
        await self.other("createOrder", self.symbol, "limit", "sell", amount, price)

    async def reach(self) -> tuple[float, float, float]:
        """A bid's price and amount that take the best level whole and half of the next, and what stands
        up to that price."""
        (best, first, *_), (price, second, *_) = (await self.book())["asks"][:2]
        assert best < price
        return price, self.of(first + second / 2), first + second


def wishes(type: str, params: Row) -> Iterator[str]:
    """What an order asks for beside the plainest one, in the words of `has` and `features`."""
    if type == "market":
        yield "createMarketOrder"
    for name, value in params.items():
        if name == "cost":
            continue  # how a market buy says how much it is about
        yield {"timeInForce": f"timeInForce.{value}", "postOnly": "timeInForce.PO"}.get(name, name)


def deep(levels: Sequence[Sequence[float]], number: int) -> float:
    """The price of a level of a book, or of the last one."""
    return levels[min(number, len(levels) - 1)][0]


Way = Callable[[Scene], Awaitable[Any]]
WAYS: list[Way] = []


def way(act: Way) -> Way:
    WAYS.append(act)
    return act


@way
async def rests(scene: Scene) -> None:
    await scene.place("rests", "limit", "buy", scene.least, scene.at(deep((await scene.book())["bids"], 5)))


@way
async def rests_and_is_cancelled(scene: Scene) -> None:
    price = scene.at(deep((await scene.book())["bids"], 5))
    life = await scene.place("rests, is cancelled", "limit", "buy", scene.least, price)
    assert life is not None
    await scene.cancel(life)


@way
async def rests_and_is_filled(scene: Scene) -> None:
    price = await scene.inside()
    life = await scene.place("rests, is filled", "limit", "buy", scene.least, price)
    assert life is not None
    await scene.meet(life, 0.4, price)
    await scene.meet(life, 0.6, price)


@way
async def is_filled_in_part_and_cancelled(scene: Scene) -> None:
    price = await scene.inside()
    life = await scene.place("filled in part, is cancelled", "limit", "buy", scene.least, price)
    assert life is not None
    await scene.meet(life, 0.4, price)
    await scene.cancel(life)


@way
async def crosses_two_levels(scene: Scene) -> None:
    price, amount, _ = await scene.reach()
    await scene.place("crosses two levels", "limit", "buy", amount, price)


@way
async def crosses_and_its_rest_is_cancelled(scene: Scene) -> None:
    price, _, standing = await scene.reach()
    amount = scene.of(standing * 1.5)
    life = await scene.place("crosses, its rest is cancelled", "limit", "buy", amount, price)
    assert life is not None
    await scene.cancel(life)


@way
async def sells_across_two_levels(scene: Scene) -> None:
    (_, first, *_), (price, second, *_) = (await scene.book())["bids"][:2]
    await scene.place("sells across two levels", "limit", "sell", scene.of(first + second / 2), price)


@way
async def at_market(scene: Scene) -> None:
    price, amount, _ = await scene.reach()
    params = market_buy(scene.exchange, scene.symbol, amount, price)["market buy"]
    await scene.place("at market", "market", "buy", amount, None, params)


@way
async def at_market_selling(scene: Scene) -> None:
    (_, first, *_), (_, second, *_) = (await scene.book())["bids"][:2]
    await scene.place("at market, selling", "market", "sell", scene.of(first + second / 2), None)


@way
async def immediate_or_cancelled(scene: Scene) -> None:
    price, _, standing = await scene.reach()
    params = {"timeInForce": "IOC"}
    await scene.place("IOC", "limit", "buy", scene.of(standing * 1.5), price, params)
    bid = scene.at(deep((await scene.book())["bids"], 3))
    await scene.place("IOC that meets nobody", "limit", "buy", scene.least, bid, params)


@way
async def whole_or_nothing(scene: Scene) -> None:
    price, amount, standing = await scene.reach()
    params = {"timeInForce": "FOK"}
    await scene.place("FOK that is killed", "limit", "buy", scene.of(standing * 1.5), price, params)
    await scene.place("FOK", "limit", "buy", amount, price, params)


@way
async def only_posted(scene: Scene) -> None:
    bid = scene.at(deep((await scene.book())["bids"], 5))
    await scene.place("post-only", "limit", "buy", scene.least, bid, {"postOnly": True})


@way
async def posted_where_it_would_take(scene: Scene) -> None:
    price, amount, _ = await scene.reach()
    before = {row["id"] for row in scene.orders()}
    try:
        await scene.place("post-only that would take", "limit", "buy", amount, price, {"postOnly": True})
    except ccxt.InvalidOrder:
        assert all(row["status"] == "canceled" for row in scene.orders() if row["id"] not in before)


@way
async def waits_for_its_price(scene: Scene) -> None:
    price = scene.at(deep((await scene.book())["asks"], 9))
    params = {"triggerPrice": price}
    await scene.place("stop that waits", "limit", "buy", scene.least, price, params)
    life = await scene.place("stop that is cancelled", "limit", "buy", scene.least, price, params)
    if life is not None:
        await scene.cancel(life)


@way
async def is_set_off(scene: Scene) -> None:
    """By a trade at its price: the other account's bid takes all asks up to there."""
    asks = (await scene.book())["asks"]
    params = {"triggerPrice": scene.at(asks[1][0])}
    by_cost = market_buy(scene.exchange, scene.symbol, scene.least, deep(asks, 4))["market buy"]
    at_market = await scene.place("stop at market", "market", "buy", scene.least, None, {**params, **by_cost})
    limit = await scene.place(
        "stop with a limit", "limit", "buy", scene.least, scene.at(deep(asks, 4)), params
    )
    if at_market is None and limit is None:
        return
    amount = scene.of(asks[0][1] + asks[1][1] / 2)
    await scene.other("createOrder", scene.symbol, "limit", "buy", amount, scene.at(asks[1][0]))


@way
async def is_open_and_filled_in_part(scene: Scene) -> None:
    """Last, as it stands before all others."""
    price = await scene.inside()
    life = await scene.place("open, filled in part", "limit", "buy", scene.least, price)
    assert life is not None
    await scene.meet(life, 0.4, price)


def differences(told: Any, truth: Row, market: Any, at_first: bool = False) -> Iterator[str]:
    """Where what a client tells of an order is not the engine's, and not None. The answer to an order may be
    of the moment when it was accepted, `at_first`, if it says nothing of what was filled since."""
    filled, cost = float(truth["filled"]), float(truth["cost"])
    expected: dict[str, Any] = {
        "status": truth["status"],
        "filled": filled,
        "cost": cost,
        "average": average(truth, market) if filled else None,
    }
    if truth["id"] is not None:
        amount = float(truth["amount"])
        expected |= {"remaining": amount - filled, "amount": amount, "side": truth["side"]}
    if at_first and told["filled"] is None and told["status"] == "open":
        del expected["status"]
    for name, value in expected.items():
        if told[name] is None or same(told[name], value):
            continue
        if name == "average" and value is None and told[name] == 0:
            continue
        yield f"{name} is {told[name]!r}, not {value!r}"
    paid = {currency: float(amount) for currency, amount in truth["fees"].items()}
    for currency, amount in fees_of(told).items():
        if not same(amount, paid.get(currency, 0.0)):
            yield f"the fee is {amount} {currency}, not {paid}"


def fees_of(told: Any) -> dict[str, float]:
    fees = {fee["currency"]: fee["cost"] for fee in told.get("fees") or [] if fee.get("cost") is not None}
    fee = told.get("fee")
    if fee and fee.get("cost") is not None:
        fees[fee["currency"]] = fee["cost"]
    return fees


def average(truth: Row, market: Any) -> float:
    amount = float(truth["filled"]) * (market["contractSize"] or 1)
    cost = float(truth["cost"])
    return amount / cost if market["inverse"] else cost / amount


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) or isinstance(theirs, str) or theirs is None:
        return bool(ours == theirs)
    return abs(ours - theirs) <= 1e-9 * max(1.0, abs(theirs))
