"""Chapter 5, against a sandbox: what goes wrong on the way is the right error, and no order is lost or
doubled."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ccxt
import pytest

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.desk import Doors
from ccxt_ext.testing.conformance.placing import argument, enough, read_of, resting, step_of
from ccxt_ext.testing.conformance.raising import check
from ccxt_ext.testing.profile import Profile

Fault = Callable[..., None]
Placed = Callable[[], Sequence[Mapping[str, Any]]]

HOUR_MS = 3_600_000
PATIENT_MS = 10_000

FAULTS: Mapping[str, tuple[dict[str, Any], type[Exception]]] = {
    "latency": ({"ms": 800}, ccxt.RequestTimeout),
    "reset": ({}, ccxt.NetworkError),
    "drop_reply": ({}, ccxt.NetworkError),
    "truncate": ({}, ccxt.NetworkError),
    "garbage": ({}, ccxt.BadResponse),
    "empty": ({}, ccxt.BadResponse),
    "status 500": ({"status": 500, "body": "<html>oops</html>"}, ccxt.ExchangeNotAvailable),
    "status 502": ({"status": 502, "body": ""}, ccxt.ExchangeNotAvailable),
    "status 429": ({"status": 429, "body": "slow down"}, ccxt.RateLimitExceeded),
    "status 503": ({"status": 503, "body": "<html>back soon</html>"}, ccxt.ExchangeNotAvailable),
    "status 404": ({"status": 404, "body": "<html>nothing here</html>"}, ccxt.ExchangeNotAvailable),
    "status 200": ({"status": 200, "body": "<html>hello</html>"}, ccxt.BadResponse),
}

# Of these the client cannot know whether the venue took the order: it has.
PROCESSED = {"latency", "drop_reply", "truncate", "garbage", "empty"}


def arm(fault: Fault, name: str, **where: Any) -> None:
    fault(name.partition(" ")[0], **FAULTS[name][0], **where)


def is_unknown(error: BaseException) -> bool:
    return getattr(error, "outcome", None) == "unknown"


async def failing(where: str, expected: type[Exception], call: Any) -> Exception:
    try:
        told = await call
    except Exception as error:
        check(where, expected, error)
        return error
    pytest.fail(f"{where}: no error, but {told!r}", pytrace=False)


@case(
    "5.20",
    "What goes wrong with a read is the right error, and the next read works",
    frontend=True,
    level="reads",
    any_state=True,
)
async def faults_of_reads(trader: Client, symbol: str, sandbox: Sandbox, fault: Fault) -> None:
    """Late and cut answers, garbage, nothing, pages of proxies: what a bot tries again, it can tell by the
    class of ccxt's error."""
    read = read_of(trader.exchange)
    arguments = argument(read, symbol)
    await trader(read, arguments)
    for name, (_, expected) in FAULTS.items():
        trader.exchange.timeout = 200 if name == "latency" else PATIENT_MS
        # aiohttp repeats a read whose kept-alive connection was cut, once.
        arm(fault, name, count=2)
        where = f"{read}, with {name}"
        error = await failing(where, expected, trader(read, arguments))
        own = any(each.__module__ == "ccxt.base.errors" for each in type(error).__mro__[:2])
        assert own, f"{where}: {type(error)} is none of ccxt's"
        sandbox.control("DELETE", "/faults")
        trader.exchange.timeout = PATIENT_MS
        assert await trader(read, arguments), f"{where}: the next one told nothing"


@case(
    "5.21",
    "What goes wrong with an order leaves it placed once or not at all, and it can be found",
    needs=("createOrder",),
    frontend=True,
    level="trades",
    any_state=True,
    patience_s=120,
)
async def faults_of_orders(
    trader: Client, symbol: str, sandbox: Sandbox, id: str, fault: Fault, placed: Placed, doors: Doors
) -> None:
    """With `maxRetriesOnFailure` set. The error says whether the outcome is unknown; the list of open orders
    tells then what there is. A venue without one has to honour a client id once, which the error tells: the
    same order sent again with it is not placed twice."""
    exchange = trader.exchange
    amount, price = await resting(trader, symbol)
    order = (symbol, "limit", "buy", amount, price)
    can_list = bool(exchange.has["fetchOpenOrders"])
    standing = {each["id"] for each in await trader("fetchOpenOrders", symbol)} if can_list else set()
    exchange.options["maxRetriesOnFailure"] = 3
    for name, (_, expected) in FAULTS.items():
        where = f"createOrder, with {name}"
        earlier = standing | {each["id"] for each in placed()}
        exchange.timeout = 200 if name == "latency" else PATIENT_MS
        arm(fault, name, method=doors.place.method, path=doors.place.path)
        error = await failing(where, expected, trader("createOrder", *order))
        refused = expected is ccxt.RateLimitExceeded
        assert is_unknown(error) is not refused, (
            f"{where}: the error {'says' if refused else 'does not say'} outcome = 'unknown': {error!r}"
        )
        exchange.timeout = PATIENT_MS
        while name == "latency" and answered(sandbox, id) is None:
            await asyncio.sleep(0.02)  # until the venue has done what it was slow to do
        there = [each["id"] for each in placed() if each["id"] not in earlier]
        wanted = 1 if name in PROCESSED else 0
        assert len(there) == wanted, f"{where}: {len(there)} orders are placed, not {wanted}"
        if can_list:
            listed = await trader("fetchOpenOrders", symbol)
            found = [each["id"] for each in listed if each["id"] not in earlier]
        else:
            again = {} if refused else named(where, error)
            found = [(await trader("createOrder", *order, again))["id"]]
            there = [each["id"] for each in placed() if each["id"] not in earlier]
        assert found == there, f"{where}: {found} can be found, where there are {there}"


def answered(sandbox: Sandbox, id: str) -> Any:
    """The status of the answer to the latest request; None before there is one."""
    return sandbox.control("GET", f"/requests?venue={id}&limit=1")[0]["status"]


def named(where: str, error: Any) -> dict[str, str]:
    """The parameters that make an order the same order again."""
    told = getattr(error, "client_order_id", None)
    assert told, f"{where}: there is no list of open orders, and no client_order_id: nothing finds the order"
    return {"clientOrderId": told}


@case(
    "5.22",
    "Time that passes costs no order",
    needs=("createOrder",),
    frontend=True,
    level="trades",
)
async def hours_pass(trader: Client, symbol: str, sandbox: Sandbox, placed: Placed) -> None:
    """An hour later, tokens have ended: they are renewed, and nothing is sent twice. `loadTimeDifference`
    tells how far the venue's clock is ahead."""
    amount, price = await resting(trader, symbol)
    for count in (1, 2):
        await trader("createOrder", symbol, "limit", "buy", amount, price)
        assert len(placed()) == count
        sandbox.control("POST", "/clock", {"advance_ms": HOUR_MS})
    if trader.exchange.has["fetchTime"]:
        await trader("loadTimeDifference")
        difference = trader.exchange.options["timeDifference"]
        # Whatever clock a client goes by: one of a sandbox may go by the sandbox's.
        seen = trader.exchange.milliseconds() - await trader("fetchTime")
        assert difference == pytest.approx(seen, abs=5000), f"timeDifference is {difference}, not {seen}"
    await trader("createOrder", symbol, "limit", "buy", amount, price)
    assert len(placed()) == 3


@case(
    "5.23",
    "A clock that is off is corrected when asked",
    needs=("fetchTime", "fetchBalance"),
    frontend=True,
    level="trades",
)
async def clock_is_off(trader: Client, symbol: str, sandbox: Sandbox, id: str) -> None:
    """The venue's refusal is InvalidNonce; with the option `adjustForTimeDifference` it is heard."""
    sandbox.control("POST", "/clock", {"venue": id, "skew_ms": -HOUR_MS})
    try:
        await failing("fetchBalance an hour ahead", ccxt.InvalidNonce, trader("fetchBalance"))
        trader.exchange.options["adjustForTimeDifference"] = True
        await trader("fetchBalance")
    finally:
        sandbox.control("POST", "/clock", {"venue": id, "skew_ms": 0})


WRONG = "0123456789wrong"


@case(
    "5.24",
    "Wrong keys are an AuthenticationError that does not tell them",
    needs=("fetchBalance",),
    frontend=True,
    level="trades",
    any_state=True,
)
async def wrong_keys(client: Callable[..., Client]) -> None:
    """Each credential that the venue asks for, one at a time."""
    needed = [name for name, wanted in client().exchange.requiredCredentials.items() if wanted]
    assert needed
    for credential in needed:
        trader = client(**{credential: WRONG})
        where = f"fetchBalance with a wrong {credential}"
        error = await failing(where, ccxt.AuthenticationError, trader("fetchBalance"))
        assert WRONG not in str(error), f"{where}: the error tells it"


@case(
    "5.25",
    "An order whose cancellation is refused lives",
    needs=("createOrder", "cancelOrder"),
    frontend=True,
    level="trades",
    any_state=True,
)
async def refused_cancel(
    trader: Client, symbol: str, fault: Fault, placed: Placed, doors: Doors, profile: Profile
) -> None:
    """A refusal that is about something else is not OrderNotFound, which would be taken for its end."""
    amount, price = await resting(trader, symbol)
    order = await trader("createOrder", symbol, "limit", "buy", amount, price)
    for words in ({}, dict(profile.cancel_refusal)):
        where = f"cancelOrder, refused with {words or 'other words'}"
        fault("refuse", method=doors.cancel.method, path=doors.cancel.path, **words)
        error = await failing(where, ccxt.BaseError, trader("cancelOrder", order["id"], symbol))
        assert not isinstance(error, ccxt.OrderNotFound), f"{where}: {error!r}, but the order is open"
        assert [each["status"] for each in placed()] == ["open"]
    await trader("cancelOrder", order["id"], symbol)
    assert [each["status"] for each in placed()] == ["canceled"]


# -- many at once -------------------------------------------------------------------------------------------

CLIENTS = 10
ACTIONS = 60  # of each client
ACTIONS_A_FAULT = 30
EVERY_FAULT: Mapping[str, dict[str, Any]] = {
    "latency": {"ms": 30},
    "reset": {},
    "drop_reply": {},
    "truncate": {},
    "garbage": {},
    "empty": {},
    "status": {"status": 502, "body": ""},
}


class Trading:
    """What one client does, and what it believes of it."""

    def __init__(self, client: Client, symbol: str, dice: random.Random) -> None:
        self.client = client
        self.symbol = symbol
        self.dice = dice
        self.placed: list[str] = []
        self.canceled: set[str] = set()
        self.unknown: list[tuple[float, Exception]] = []
        """Prices and errors of orders that may be placed."""

    async def act(self, bids: Sequence[float], amount: float) -> None:
        left = [id for id in self.placed if id not in self.canceled]
        if left and self.dice.random() < 0.5:
            await self.cancel(self.dice.choice(left))
        else:
            await self.place(self.dice.choice(bids), amount)

    async def place(self, price: float, amount: float) -> None:
        try:
            order = await self.client("createOrder", self.symbol, "limit", "buy", amount, price)
        except (ccxt.NetworkError, ccxt.BadResponse) as error:
            assert is_unknown(error), f"createOrder: outcome is not 'unknown': {error!r}"
            self.unknown.append((price, error))
        else:
            self.placed.append(order["id"])

    async def cancel(self, id: str) -> None:
        try:
            await self.client("cancelOrder", id, self.symbol)
        except (ccxt.NetworkError, ccxt.BadResponse):
            return  # it may be cancelled or not, and is tried again
        except ccxt.OrderNotFound:
            pass  # the one before was carried out
        self.canceled.add(id)


@case(
    "5.26",
    "Of random orders among faults none is lost or doubled",
    needs=("createOrder", "cancelOrder"),
    kinds=("async",),
    frontend=True,
    level="trades",
    patience_s=120,
)
async def random_orders(
    trader: Client,
    client: Callable[..., Client],
    symbol: str,
    sandbox: Sandbox,
    id: str,
    fault: Fault,
    placed: Placed,
    doors: Doors,
) -> None:
    """Ten clients of a key place and cancel six hundred times: what they believe placed is at the venue
    exactly once, what they believe cancelled is, and the rest is found by looking."""
    dice = random.Random(id)
    exchange = trader.exchange
    _, price = await resting(trader, symbol)
    step = step_of(exchange, symbol, "price")
    bids = [float(exchange.price_to_precision(symbol, price - n * step)) for n in range(10)]
    amount = max(enough(exchange, symbol, price) for price in bids)
    shared = sandbox.config(id)["rateLimit"] * CLIENTS  # an account's clients share what it may send
    clients = [client(rateLimit=shared) for _ in range(CLIENTS)]
    tradings = [Trading(each, symbol, random.Random(f"{id}{n}")) for n, each in enumerate(clients)]
    for each in clients:
        each.exchange.set_markets(exchange.markets)
    for _ in range(0, ACTIONS, ACTIONS_A_FAULT // CLIENTS):
        name = dice.choice(list(EVERY_FAULT))
        # Few would meet cancels only, which are sent first as they take less time to prepare.
        count, path = dice.randint(1, CLIENTS), f"{doors.place.path}|{doors.cancel.path}"
        fault(name, count=count, path=path, **EVERY_FAULT[name])
        for _ in range(ACTIONS_A_FAULT // CLIENTS):
            await asyncio.gather(*(trading.act(bids, amount) for trading in tradings))
    sandbox.control("DELETE", "/faults")

    believed = [order for trading in tradings for order in trading.placed]
    canceled = {order for trading in tradings for order in trading.canceled}
    unknown = [order for trading in tradings for order in trading.unknown]
    assert unknown, "no fault met an order: the case shows nothing"
    listed = [order["id"] for order in placed()]
    truth = {order["id"]: order["status"] for order in placed()}
    assert len(listed) == len(truth)
    assert len(believed) == len(set(believed)), "an order was told twice"
    assert set(believed) <= set(truth), "an order was told that is not there"
    assert len(truth) <= len(believed) + len(unknown), "an order is there of which nobody was told"
    alive = sorted(order for order in canceled if truth[order] != "canceled")
    assert not alive, f"told as cancelled, but {alive} are not"
    if exchange.has["fetchOpenOrders"]:
        still = {order["id"] for order in await trader("fetchOpenOrders", symbol)}
        assert still == {order for order, status in truth.items() if status == "open"}
        return
    for price, error in unknown:
        again = named("createOrder, among faults", error)
        order = await trader("createOrder", symbol, "limit", "buy", amount, price, again)
        believed.append(order["id"])
    truth = {order["id"]: order["status"] for order in placed()}
    assert set(truth) == set(believed)
