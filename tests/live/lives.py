"""Every way in which an order can be entered and end, for the test that compares what is told of each."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ccxt

# What the engine has of an order that it did not take.
REFUSED = {
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
    truth: Any


@dataclass
class Scene:
    """A market, whose book stands still but for these two, and what has been placed there."""

    me: Any
    other: Any
    symbol: str
    orders: Callable[[], list[Any]]  # the engine's own, newest first
    lives: list[Life] = field(default_factory=list)
    unable: dict[str, str] = field(default_factory=dict)

    async def begin(self) -> None:
        market = self.me.market(self.symbol)
        self.tick = market["precision"]["price"]
        self.step = market["precision"]["amount"]
        self.least = 10 * max(market["limits"]["amount"]["min"] or 0, self.step)

    async def book(self) -> Any:
        return await self.other.fetch_order_book(self.symbol)

    def at(self, price: float) -> float:
        return float(self.me.price_to_precision(self.symbol, price))

    def of(self, amount: float) -> float:
        return float(self.me.amount_to_precision(self.symbol, amount))

    async def inside(self, side: str = "buy") -> float:
        """A price at which nobody stands, before all others of its side."""
        book = await self.book()
        bid, ask = book["bids"][0][0], book["asks"][0][0]
        price = self.at(bid + self.tick if side == "buy" else ask - self.tick)
        assert bid < price < ask, "the spread leaves no room"
        return price

    async def place(
        self, name: str, type: str, side: str, amount: float, price: Any, params: Any = {}
    ) -> Life | None:
        """None where the venue cannot; that it says so, the caller compares with `features`."""
        before = len(self.orders())
        try:
            answer = await self.me.create_order(self.symbol, type, side, amount, price, params)
        except ccxt.NotSupported as error:
            assert len(self.orders()) == before, f"{name} is not supported, and yet was placed"
            self.unable[name] = str(error)
            return None
        truth = next((row for row in self.orders() if row["id"] == answer["id"]), REFUSED)
        life = Life(name, answer, truth)
        self.lives.append(life)
        return life

    def promised(self) -> Iterator[str]:
        """What `features` promises of that which the venue would not do."""
        market = self.me.market(self.symbol)
        features = self.me.features[market["type"]]
        if market["contract"]:
            features = features["linear" if market["linear"] else "inverse"]
        able = features["createOrder"]
        promises = {
            "at market": self.me.has_on("createMarketOrder", market["type"]),
            "IOC": able["timeInForce"]["IOC"],
            "FOK": able["timeInForce"]["FOK"],
            "post-only": able["timeInForce"]["PO"],
            "stop that waits": able["triggerPrice"],
        }
        return (name for name, promise in promises.items() if bool(promise) is (name in self.unable))

    async def cancel(self, life: Life) -> None:
        await self.me.cancel_order(life.answer["id"], self.symbol)

    async def meet(self, life: Life, part: float, price: float) -> None:
        """The other account takes a part of a resting bid."""
        await self.other.create_order(
            self.symbol, "limit", "sell", self.of(float(life.truth["amount"]) * part), price
        )

    async def reach(self) -> tuple[float, float, float]:
        """A bid's price and amount that take the best level whole and half of the next, and what stands
        up to that price."""
        (best, first, *_), (price, second, *_) = (await self.book())["asks"][:2]
        assert best < price
        return price, self.of(first + second / 2), first + second


Way = Callable[[Scene], Awaitable[Any]]
WAYS: list[Way] = []


def way(act: Way) -> Way:
    WAYS.append(act)
    return act


@way
async def rests(scene: Scene) -> None:
    await scene.place("rests", "limit", "buy", scene.least, scene.at((await scene.book())["bids"][5][0]))


@way
async def rests_and_is_cancelled(scene: Scene) -> None:
    price = scene.at((await scene.book())["bids"][5][0])
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
    _, amount, _ = await scene.reach()
    await scene.place("at market", "market", "buy", amount, None)


@way
async def at_market_selling(scene: Scene) -> None:
    (_, first, *_), (_, second, *_) = (await scene.book())["bids"][:2]
    await scene.place("at market, selling", "market", "sell", scene.of(first + second / 2), None)


@way
async def immediate_or_cancelled(scene: Scene) -> None:
    price, _, standing = await scene.reach()
    params = {"timeInForce": "IOC"}
    await scene.place("IOC", "limit", "buy", scene.of(standing * 1.5), price, params)
    bid = scene.at((await scene.book())["bids"][3][0])
    await scene.place("IOC that meets nobody", "limit", "buy", scene.least, bid, params)


@way
async def whole_or_nothing(scene: Scene) -> None:
    price, amount, standing = await scene.reach()
    params = {"timeInForce": "FOK"}
    await scene.place("FOK that is killed", "limit", "buy", scene.of(standing * 1.5), price, params)
    await scene.place("FOK", "limit", "buy", amount, price, params)


@way
async def only_posted(scene: Scene) -> None:
    bid = scene.at((await scene.book())["bids"][5][0])
    await scene.place("post-only", "limit", "buy", scene.least, bid, {"postOnly": True})


@way
async def posted_where_it_would_take(scene: Scene) -> None:
    price, amount, _ = await scene.reach()
    before = {row["id"] for row in scene.orders()}
    try:
        await scene.place("post-only that would take", "limit", "buy", amount, price, {"postOnly": True})
    except ccxt.OrderImmediatelyFillable:
        assert all(row["status"] == "canceled" for row in scene.orders() if row["id"] not in before)


@way
async def waits_for_its_price(scene: Scene) -> None:
    price = scene.at((await scene.book())["asks"][9][0])
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
    at_market = await scene.place("stop at market", "market", "buy", scene.least, None, params)
    limit = await scene.place("stop with a limit", "limit", "buy", scene.least, scene.at(asks[4][0]), params)
    if at_market is None and limit is None:
        return
    amount = scene.of(asks[0][1] + asks[1][1] / 2)
    await scene.other.create_order(scene.symbol, "limit", "buy", amount, scene.at(asks[1][0]))


@way
async def is_open_and_filled_in_part(scene: Scene) -> None:
    """Last, as it stands before all others."""
    price = await scene.inside()
    life = await scene.place("open, filled in part", "limit", "buy", scene.least, price)
    assert life is not None
    await scene.meet(life, 0.4, price)


def differences(told: Any, truth: Any, market: Any, at_first: bool = False) -> Iterator[str]:
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
        yield f"{name} {told[name]!r}, not {value!r}"
    fees = {fee["currency"]: fee["cost"] for fee in told.get("fees") or [] if fee.get("cost") is not None}
    fee = told.get("fee")
    if fee and fee.get("cost") is not None:
        fees[fee["currency"]] = fee["cost"]
    paid = {currency: float(amount) for currency, amount in truth["fees"].items()}
    for currency, amount in fees.items():
        if not same(amount, paid.get(currency, 0.0)):
            yield f"fee {amount} {currency}, not {paid}"


def average(truth: Any, market: Any) -> float:
    amount = float(truth["filled"]) * (market["contractSize"] or 1)
    cost = float(truth["cost"])
    return amount / cost if market["inverse"] else cost / amount


def same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, str) or isinstance(theirs, str) or theirs is None:
        return bool(ours == theirs)
    return abs(ours - theirs) <= 1e-9 * max(1.0, abs(theirs))
