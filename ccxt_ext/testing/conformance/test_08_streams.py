"""Chapter 8: what is watched is what the engine has, whatever happens to the connection."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.markets import first_of_each_type
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.watched import POLL_FAULTS, Stage

OWN = ("watchOrders", "watchMyTrades")
STORM = 100  # faults
SEED = 20260

StageOf = Callable[[str], Stage]


@case(
    "8.1",
    "A streaming class claims, beyond REST, only what is watched or goes over a socket",
    kinds=("pro",),
    level="streams",
)
def claims_beyond_rest(tested: Tested, fresh: Callable[..., Any]) -> None:
    """And what is watched is waited for: each such method is a coroutine."""
    exchange = fresh()
    rest = tested.instance("async") or tested.instance("sync")
    assert rest is not None, "there are streams and no class that fetches"
    claimed = {name for name, able in exchange.has.items() if able}
    more = {name for name in claimed if not rest.has.get(name)}
    watched = {name for name in claimed if name.startswith(("watch", "unWatch"))}
    other = {name for name in more - watched if name != "ws" and not name.endswith("Ws")}
    assert not other, f"{sorted(other)} are claimed by the streaming class alone"
    assert claimed >= {name for name, able in rest.has.items() if able}, "the streaming class can do less"
    for name in sorted(watched):
        assert inspect.iscoroutinefunction(getattr(exchange, name)), f"{name}() is no coroutine function"


@case(
    "8.2",
    "A book that is watched is the engine's",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def book_is_the_engines(watcher: Client, stage: StageOf) -> None:
    """On each type of market, at every level that is told, while both accounts trade."""
    for market_type, symbol in (await first_of_each_type(watcher)).items():
        watcher.exchange.options["defaultType"] = market_type
        on = stage(symbol)
        await on.begin("watchOrderBook")
        await on.weather()
        await on.has_the_book()


async def through(on: Stage, stream_fault: str, poll_faults: tuple[str, ...], apart_s: float = 0.1) -> None:
    """The book, the orders and the trades, of which what is polled suffers what can befall requests."""
    await on.begin(*on.able("watchOrderBook", *OWN))
    kinds = [stream_fault] if on.is_streamed("watchOrderBook") else list(poll_faults)
    faults = [{"kind": kind} if kind.startswith("ws_") else on.poll_fault(kind) for kind in kinds]
    await on.weather(faults * (6 // len(faults)), apart_s)
    await holds_all(on)


async def holds_all(on: Stage) -> None:
    await on.has_the_book()
    if on.able("watchOrders"):
        await on.has_the_orders()
    if on.able("watchMyTrades"):
        await on.has_the_trades()


@case(
    "8.3",
    "A cut is made good",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def cut(stage: StageOf, symbol: str) -> None:
    """The connection ends, several times, while both accounts trade. Whoever watches gets an error of ccxt's
    at most; when he watches on, the book, his orders and his trades are the engine's, and none is missing."""
    await through(stage(symbol), "ws_close", ("reset", "drop_reply"))


@case(
    "8.4",
    "Silence is noticed",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def silence(stage: StageOf, symbol: str) -> None:
    """The connection stays open and tells nothing, several times. Nobody is left with an old book. (Pings are
    set to be frequent: by `options["ws"]` of our parts, by `streaming["keepAlive"]` of ccxt's.)"""
    on = stage(symbol)
    on.be_impatient()
    await through(on, "ws_stall", ("empty", "drop_reply"), apart_s=0.5)


@case(
    "8.5",
    "A gap is noticed",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def gap(stage: StageOf, symbol: str) -> None:
    """A numbered frame is missing, several times. The book is begun anew, not patched up. (Where frames have
    no numbers, nobody could notice, and nothing is left out.)"""
    on = stage(symbol)
    if on.numbers_frames:
        await through(on, "ws_gap", ("truncate", "empty"))
        if on.is_streamed("watchOrderBook"):
            await on.miss_a_level()
            await on.has_the_book()


@case(
    "8.6",
    "What cannot be read is an error of ccxt's, and is made good",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def garbage(stage: StageOf, symbol: str) -> None:
    """Frames, or answers to polls, that are no JSON."""
    await through(stage(symbol), "ws_garbage", ("garbage", "truncate"))


@case(
    "8.7",
    "After a storm, what is held is what the venue has",
    needs=("watchOrderBook", "createOrder"),
    kinds=("pro",),
    frontend=True,
    level="streams",
)
async def storm(stage: StageOf, symbol: str, sandbox: Sandbox, id: str) -> None:
    """A hundred cuts, stalls, gaps, garbage frames and lost answers, fifty a second, while both accounts
    trade. Then the book, the orders and the trades are the engine's, to the last one."""
    on, dice = stage(symbol), random.Random(SEED)
    on.be_impatient()
    await on.begin(*on.able("watchOrderBook", *OWN))
    frames, orders = on.is_streamed("watchOrderBook"), on.is_streamed("watchOrders")
    # A stall takes as long as it takes to be noticed, so they are fewer.
    short = ("ws_close", "ws_garbage", "ws_gap" if on.numbers_frames else "ws_garbage")
    faults: list[dict[str, Any]] = []
    for number in range(STORM):
        if frames and (number % 4 or orders):
            faults.append({"kind": "ws_stall" if number % 12 == 1 else dice.choice(short)})
        else:
            faults.append(on.poll_fault(dice.choice(POLL_FAULTS)))
    await on.weather(faults, 0.02)
    sums = sandbox.control("GET", "/ledger")[id]
    assert all(entry["total"] == entry["deposited"] for entry in sums.values())
    await holds_all(on)
