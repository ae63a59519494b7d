"""Chapter 7: many calls at once, on one exchange and on several of one key."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ccxt_ext.sandbox import Sandbox
from ccxt_ext.testing.client import Client
from ccxt_ext.testing.conformance.cases import REST, case
from ccxt_ext.testing.conformance.placing import argument, read_of, resting

AT_ONCE = 20
RATE_LIMIT_MS = 150  # so long that a slow machine is not taken for one that keeps it
CALLS = 8


class Requests:
    """What the venue has seen since this was made."""

    def __init__(self, sandbox: Sandbox, id: str) -> None:
        self._all = lambda: sandbox.control("GET", f"/requests?venue={id}&limit=2000")
        self._before = len(self._all())

    @property
    def seen(self) -> Sequence[Mapping[str, Any]]:
        """Newest first."""
        listed: Sequence[Mapping[str, Any]] = self._all()
        return listed[: len(listed) - self._before]

    def check_taken(self, where: str) -> None:
        refused = [
            f"{each['method']} {each['path']}: {each['status']}"
            for each in self.seen
            if not 200 <= (each["status"] or 0) < 300
        ]
        assert not refused, f"{where}: the venue refused {', '.join(refused)}"


def failures(outcomes: Sequence[Any]) -> list[BaseException]:
    return [outcome for outcome in outcomes if isinstance(outcome, BaseException)]


@case(
    "7.1",
    "Many private calls at once are all heard, and what they share is asked for once",
    needs=("fetchBalance",),
    kinds=("async", "pro"),
    frontend=True,
    level="trades",
)
async def many_at_once(client: Callable[..., Client], sandbox: Sandbox, id: str) -> None:
    """Twenty on one exchange that nobody has used: no nonce is sent twice, and there are not twenty logins,
    look-ups of accounts or lists of markets."""
    alone = client()
    first = Requests(sandbox, id)
    await alone("fetchBalance")
    cold = len(first.seen)
    await alone("fetchBalance")
    own = len(first.seen) - cold
    many = Requests(sandbox, id)
    trader = client()
    outcomes = await asyncio.gather(*(trader("fetchBalance") for _ in range(AT_ONCE)), return_exceptions=True)
    assert not failures(outcomes), f"{AT_ONCE} fetchBalance at once: {failures(outcomes)[0]!r}"
    many.check_taken(f"{AT_ONCE} fetchBalance at once")
    sent, most = len(many.seen), AT_ONCE * own + cold - own
    assert sent <= most, f"{AT_ONCE} fetchBalance at once made {sent} requests, where {most} are enough"


@case(
    "7.2",
    "Several exchanges of one key are heard side by side",
    needs=("createOrder", "cancelOrder", "fetchBalance"),
    kinds=("async",),
    frontend=True,
    level="trades",
)
async def one_key(client: Callable[..., Client], sandbox: Sandbox, id: str, symbol: str, placed: Any) -> None:
    """Three in one process place, cancel and ask at the same time: none takes another's nonce or token."""
    clients = [client() for _ in range(3)]
    amount, price = await resting(clients[0], symbol)
    for each in clients:
        await each("loadMarkets")
    seen = Requests(sandbox, id)

    async def trade(trader: Client) -> None:
        for _ in range(3):
            order = await trader("createOrder", symbol, "limit", "buy", amount, price)
            await trader("fetchBalance")
            await trader("cancelOrder", order["id"], symbol)

    outcomes = await asyncio.gather(*(trade(each) for each in clients), return_exceptions=True)
    assert not failures(outcomes), f"three exchanges of one key: {failures(outcomes)[0]!r}"
    seen.check_taken("three exchanges of one key")
    assert [order["status"] for order in placed()] == ["canceled"] * 9


@case(
    "7.3",
    "The rate limit is kept, however many calls there are at once",
    kinds=REST,
    frontend=True,
    level="reads",
)
async def rate_limit(client: Callable[..., Client], sandbox: Sandbox, id: str, kind: str) -> None:
    """Eight calls, which wait for each other as `rateLimit` and the costs of `api` say; two may go at once,
    as in ccxt's own throttle."""
    trader = client(rateLimit=RATE_LIMIT_MS)
    exchange = trader.exchange
    markets = await trader("loadMarkets")
    read = read_of(exchange)
    given = argument(read, next(iter(markets)))
    seen = Requests(sandbox, id)
    begun = asyncio.get_running_loop().time()
    calls = [trader(read, given) for _ in range(CALLS)]
    for each in calls if kind == "sync" else [asyncio.gather(*calls)]:
        await each
    took_ms = (asyncio.get_running_loop().time() - begun) * 1000
    sent = len(seen.seen)
    least = (sent - 2) * RATE_LIMIT_MS * min(costs(exchange.api)) * 0.9
    assert took_ms >= least, f"{sent} requests took {took_ms:.0f} ms, where they have to take {least:.0f} ms"


def costs(tree: Any) -> Iterator[float]:
    for key, value in tree.items():
        if key not in ("get", "post", "put", "patch", "delete"):
            yield from costs(value) if isinstance(value, dict) else ()
        elif isinstance(value, dict):
            for cost in value.values():
                yield float(cost["cost"] if isinstance(cost, dict) else cost)
        else:
            yield 1.0
