"""A venue of the sandbox without sockets: it gets what a client sends in the client's own thread."""

import weakref
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from ccxt_ext._told_time import OPTION
from ccxt_ext.sandbox.clock_file import ClockFile
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from ccxt_ext.testing.venues import class_of
from ccxt_ext.testing.wire import Answer, Wire
from ccxt_ext.testing.wire import Request as Sent

HOST = "sandbox.example"


class Bench:
    """`before` is called with each request, before the venue sees it: what happens meanwhile.

    With `clock="frozen"`, time is what `advance()` makes of it, for the clients too: however slow the machine
    is, none passes between a signature and the answer.
    """

    def __init__(self, id: str, **settings: Any) -> None:
        self.id = id
        self.world = World(Settings(venues=(id,), **settings))
        self.before: Callable[[Sent], None] = lambda sent: None
        self.wire = Wire(self.answer)
        self._clock_file = ClockFile()
        if self.world.clock.is_frozen:
            self._clock_file.open(self.world.clock)
            weakref.finalize(self, self._clock_file.close)

    @property
    def frontend(self) -> Any:
        return self.world.frontends[self.id]

    @property
    def engine(self) -> Any:
        return self.frontend.engine

    def exchange(self, kind: str = "sync", account: str = "config", **config: Any) -> Any:
        given = self.frontend.config(account, f"http://{HOST}", f"ws://{HOST}")
        if self._clock_file.path is not None:
            told = {OPTION: {"file": self._clock_file.path}}
            given["options"] = {**given.get("options", {}), **told}
        return self.wire.exchange(class_of(self.id, kind), {**given, "enableRateLimit": False, **config})

    def answer(self, sent: Sent) -> Answer:
        self.before(sent)
        parts = urlsplit(sent.url)
        response, _, _ = self.world.receive(
            self.id,
            Request(
                method=sent.method,
                path=parts.path,
                query_string=parts.query,
                headers={name.lower(): value for name, value in sent.headers.items()},
                body=sent.body.encode(),
            ),
        )
        assert response.later is None, "this answer comes later"
        if response.done is not None:
            response.done()
        return Answer(response.body.decode(), response.status, response.headers.get("Content-Type", ""))

    def advance(self, ms: int) -> None:
        self.world.clock.advance(ms)
        self._clock_file.tell(self.world.clock)

    def name(self, order: Any) -> str:
        return str(self.frontend.order_name(order))

    def best(self, market: str, side: str) -> Decimal:
        book = self.engine.markets[market]
        price: Decimal = book.best_bid if side == "buy" else book.best_ask
        return price
