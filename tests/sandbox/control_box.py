"""A sandbox without sockets, its control port included."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from ccxt_ext.sandbox.control.port import Control
from ccxt_ext.sandbox.frontend import Request
from ccxt_ext.sandbox.frontends import NOWHERE
from ccxt_ext.sandbox.settings import Settings
from ccxt_ext.sandbox.world import World
from tests.ids import IDS

NOON = 1_614_816_000_000 + 12 * 3_600_000


class Box:
    def __init__(
        self,
        *venues: str,
        start_ms: int = NOON,
        addresses: Callable[[], dict[str, Any]] | None = None,
        **settings: Any,
    ) -> None:
        self.take(World(Settings(venues=venues or IDS, start_ms=start_ms, **settings)), addresses)

    def take(self, world: World, addresses: Callable[[], dict[str, Any]] | None = None) -> None:
        """Have the control port of this world."""
        self.world = world
        describe = addresses or self._configs
        self.control = Control(world, lambda host: describe())

    def _configs(self) -> dict[str, Any]:
        """The addresses of nothing."""
        return {
            "venues": {
                venue: {name: frontend.config(name, *NOWHERE) for name in frontend.accounts}
                for venue, frontend in self.world.frontends.items()
            }
        }

    def call(self, method: str, target: str, fields: Any = None) -> tuple[int, Any]:
        path, _, query = target.partition("?")
        body = b"" if fields is None else json.dumps(fields).encode()
        status, answer = self.control.handle(method, path, query, body)
        return status, json.loads(json.dumps(answer))

    def ok(self, method: str, target: str, fields: Any = None) -> Any:
        status, answer = self.call(method, target, fields)
        assert status == 200, answer
        return answer

    def send(self, venue: str, method: str, path: str) -> tuple[int, Any]:
        path, _, query = path.partition("?")
        response, _, _ = self.world.receive(venue, Request(method, path, query))
        return response.status, json.loads(response.body)

    def place(self, venue: str, market: str, count: int) -> list[str]:
        """Open orders that nobody meets, oldest first."""
        engine = self.world.frontends[venue].engine
        spec = engine.markets[market].spec
        orders = [
            engine.place("config", market, "buy", spec.tick * (n + 1), spec.min_amount * 1000)
            for n in range(count)
        ]
        return [str(order.id) for order in orders]

    def open_orders(self, venue: str) -> list[str]:
        return [order["id"] for order in self.ok("GET", f"/orders?venue={venue}&status=open")]
