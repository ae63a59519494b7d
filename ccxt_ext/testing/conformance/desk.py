"""A trading account at the venue's frontend, without sockets, where what does something can go wrong."""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import ccxt_ext
from ccxt_ext.testing.bench import Bench
from ccxt_ext.testing.conformance.offline import first_symbol
from ccxt_ext.testing.conformance.placing import argument, read_of, rests
from ccxt_ext.testing.venues import kinds_of
from ccxt_ext.testing.wire import Answer, OneLoop, Request, Run, call

# Gives another answer than the venue's, or raises what the connection does.
Spoil = Callable[[Answer], Answer]


class Fits(Protocol):
    """Says of a request whether it is one of those that something is about."""

    def fits(self, request: Request) -> bool: ...


class Desk:
    """`spoil` is for the answers to requests by which the account's orders change; `instead`, which is for
    those that are like one of these, keeps them from the venue."""

    def __init__(self, id: str, kind: str, **config: Any) -> None:
        ccxt_ext.reset_shared()  # another venue of the same keys knows nothing of its tokens
        self.bench = Bench(id)
        self.exchange: Any = self.bench.exchange(kind, **config)
        if hasattr(self.exchange, "look_again_ms"):
            self.exchange.look_again_ms = (0,)  # nothing takes time here
        self.wire = self.bench.wire
        self.wire.answer = self._answer
        self.acts: list[Request] = []
        """The requests by which the account's orders have changed."""
        self.spoil: Spoil | None = None
        self.instead: tuple[Fits, Spoil] | None = None
        self._run: Run = asyncio.run if self.exchange.synchronous else OneLoop(self)
        self("loadMarkets")
        self.symbol = first_symbol(self.exchange)
        read = read_of(self.exchange)
        told = self(read, argument(read, self.symbol))
        self.amount, self.price = rests(self.exchange, self.symbol, told)

    def __call__(self, method: str, *args: Any) -> Any:
        return call(self.exchange, method, *args, run=self._run)

    def place(self, params: Any = None) -> Any:
        """A bid that meets nobody."""
        return self("createOrder", self.symbol, "limit", "buy", self.amount, self.price, params or {})

    @property
    def orders(self) -> list[Any]:
        """The account's orders as the engine has them, oldest first."""
        return [*reversed(self.bench.engine.orders("config"))]

    def names(self, order: Any) -> list[str]:
        """The ids of an order that may be in a path."""
        return [self.bench.name(order), *([order.client_id] if order.client_id else [])]

    def sent_to(self, door: Door) -> list[Request]:
        return [request for request in self.wire.requests if door.fits(request)]

    def _answer(self, request: Request) -> Answer:
        if self.instead is not None and self.instead[0].fits(request):
            return self.instead[1](Answer({}))
        before = self._state()
        answer = self.bench.answer(request)
        if self._state() == before:
            return answer
        self.acts.append(request)
        return answer if self.spoil is None else self.spoil(answer)

    def _state(self) -> list[Any]:
        return [(order.id, order.status, order.remaining) for order in self.orders]


class Door(NamedTuple):
    """Where a venue takes requests of a sort."""

    method: str
    path: str
    """A regular expression."""

    def fits(self, request: Request) -> bool:
        return request.method == self.method and re.search(self.path, request.path) is not None


class Doors(NamedTuple):
    place: Door
    cancel: Door


def door_of(desk: Desk, request: Request) -> Door:
    names = {name for order in desk.orders for name in desk.names(order)}
    parts = ("[^/]+" if part in names else re.escape(part) for part in request.path.split("/"))
    return Door(request.method, f"^{'/'.join(parts)}$")


@functools.cache
def doors_of(id: str) -> Doors:
    """Where the venue takes orders and cancels: found by trying, as no two venues agree about it."""
    desk = Desk(id, kinds_of(id)[0])
    order = desk.place()
    assert len(desk.acts) == 1, f"{len(desk.acts)} requests placed an order, where one was wanted"
    place = door_of(desk, desk.acts[0])
    desk("cancelOrder", order["id"], desk.symbol)
    assert len(desk.acts) == 2, f"{len(desk.acts) - 1} requests cancelled an order, where one was wanted"
    return Doors(place, door_of(desk, desk.acts[1]))
