"""Whether calls become slower with what was done before, or with what is open.

`python -m benchmarks.sandbox.growth [ID ...]` prints the figures of the venues.
"""

import contextlib
import gc
import sys
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import ccxt

from benchmarks.measure import table
from benchmarks.sandbox.box import Box
from ccxt_ext.plugins import ours

PAST = (1_000, 10_000, 100_000)
OPEN = (50, 500, 5_000)
FEWER_OPEN = {"btex": (50, 500, 1_900)}
"""Where a venue allows no more."""
LAST = "the last, times the first"


class Load:
    """Orders of an account: a tenth of those that are past were filled, the others cancelled."""

    def __init__(self, box: Box) -> None:
        self.box, self.engine = box, box.engine
        markets = [each for each in self.engine.markets.values() if each.active]
        listed = {market["id"]: symbol for symbol, market in box.client.markets.items()}
        self.market = next(each for each in markets if each.spec.id in listed)
        self.symbol = listed[self.market.spec.id]
        spec = self.market.spec
        wallet = spec.wallet
        for currency in spec.money:
            for account in ("config", "counterparty"):
                self.engine.deposit(account, currency, Decimal(10) ** 9, wallet)
        bid = self.market.best_bid
        assert bid is not None
        self.far = (bid * Decimal("0.8") // spec.tick) * spec.tick
        self.amount = max(spec.min_amount, (spec.min_cost / self.far // spec.step + 1) * spec.step)
        self.past = 0
        self.open = 0
        self.first = ""
        self.engine.markets.get(spec.id)
        with contextlib.suppress(Exception):
            box.client.set_leverage(5, self.symbol)

    def place(self, price: Decimal) -> Any:
        leverage = {"leverage": Decimal(5)} if self.market.spec.is_contract else {}
        return self.engine.place("config", self.market.spec.id, "buy", price, self.amount, **leverage)

    def age(self, count: int) -> None:
        """Go on until this many orders are past."""
        place, cancel = self.place, self.engine.cancel
        while self.past < count:
            self.past += 1
            if self.past % 10 == 0:
                price = self.market.best_ask if self.past % 20 else self.market.best_bid
                side = "buy" if self.past % 20 else "sell"
                assert price is not None
                leverage = {"leverage": Decimal(5)} if self.market.spec.is_contract else {}
                self.engine.place("config", self.market.spec.id, side, price, self.amount, **leverage)
            else:
                cancel("config", place(self.far).id)
        while positions := self.engine.positions("config"):  # so that a client may say another leverage
            self.close(positions[0])

    def close(self, position: Any) -> None:
        """Two orders, as what is left of it may be less than an order may have."""
        more, less = ("buy", "sell") if position.side == "long" else ("sell", "buy")
        for side, amount in ((more, self.amount), (less, position.amount + self.amount)):
            self.engine.place(
                "config", position.market, side, None, amount, type="market", leverage=Decimal(5)
            )

    def stand(self, count: int) -> None:
        """Go on until this many orders are open."""
        spec = self.market.spec
        while self.open < count:
            self.place(self.far - spec.tick * (self.open % 200))
            self.open += 1


def calls(load: Load, limit: int = 50) -> dict[str, Callable[[], Any]]:
    client, symbol = load.box.client, load.symbol
    order = client.create_order(symbol, "limit", "buy", float(load.amount), float(load.far))

    def placed() -> None:
        made = client.create_order(symbol, "limit", "buy", float(load.amount), float(load.far))
        client.cancel_order(made["id"], symbol)

    found: dict[str, Callable[[], Any]] = {
        "create_order + cancel_order": placed,
        "fetch_order": lambda: client.fetch_order(order["id"], symbol),
        "fetch_open_orders": lambda: client.fetch_open_orders(symbol),
        "fetch_closed_orders a page": lambda: client.fetch_closed_orders(symbol, limit=limit),
        "fetch_canceled_orders a page": lambda: client.fetch_canceled_orders(symbol, limit=limit),
        "fetch_orders a page": lambda: client.fetch_orders(symbol, limit=limit),
        "fetch_my_trades a page": lambda: client.fetch_my_trades(symbol, limit=limit),
        "fetch_balance": client.fetch_balance,
        "fetch_positions": client.fetch_positions,
        "fetch_trades a page": lambda: client.fetch_trades(symbol, limit=limit),
        "fetch_order_book": lambda: client.fetch_order_book(symbol, 10),
        **lists(load, limit),
        **control_calls(load, limit),
    }
    able = {}
    for name, call in found.items():
        try:
            call()
        except (ccxt.NotSupported, ccxt.BadRequest):
            continue
        able[name] = call
    return able


def lists(load: Load, limit: int) -> dict[str, Callable[[], Any]]:
    """What the venue lists beside what ccxt's calls need."""
    client, market = load.box.client, load.market.spec.id
    if client.id == "bitmart2":
        listed = client.private_get_orders
        asked = {"symbol": market, "offset": 0, "limit": limit}
        return {
            f"status={status} ({name}) a page": partial(listed, {**asked, "status": status})
            for status, name in ((1, "no fill yet"), (2, "part filled"))
        }
    if client.id != "bitexbit":
        return {}
    begun = load.engine.clock.start_ms
    bounds: dict[str, Any] = {"symbol": market, "limit": limit}
    return {
        "orders of one side": lambda: client.v2_private_get_orders({**bounds, "type": "sell-limit"}),
        "orders until then": lambda: client.v2_private_get_orders({**bounds, "until": begun}),
        "open orders until then": lambda: client.v2_private_get_orders(
            {**bounds, "until": begun, "status": "active"}
        ),
        "everybody's orders of one side": lambda: client.v2_public_get_orders(
            {**bounds, "type": "sell-limit"}
        ),
        "own trades of one side": lambda: client.v2_private_get_trades({**bounds, "type": "sell"}),
        "trades of one side": lambda: client.v2_public_get_trades({**bounds, "type": "sell"}),
        "trades until then": lambda: client.v2_public_get_trades({**bounds, "until": begun}),
        "v1: orders of one side": lambda: client.v1_private_get_orders_own(
            {"pair": market, "type": "sell", "limit": limit}
        ),
    }


def control_calls(load: Load, limit: int) -> dict[str, Callable[[], Any]]:
    """What a test looks at beside what its bot sees."""
    ask, filled = load.box.control, load.box.control("/trades", account="config", limit=1)
    calls: dict[str, Callable[[], Any]] = {
        "GET /orders?limit": lambda: ask("/orders", limit=limit),
        "GET /orders?limit&status=open": lambda: ask("/orders", limit=limit, status="open"),
        "GET /trades?limit": lambda: ask("/trades", limit=limit),
        "GET /book?depth": lambda: ask("/book", market=load.market.spec.id, depth=10),
    }
    if filled:
        calls["GET /trades?order"] = lambda: ask("/trades", order=filled[0]["order"])
    return calls


def measure(id: str) -> tuple[list[list[str]], list[list[str]]]:
    """The rows for what is past, and for what is open."""
    past, load = {}, Load(Box(id))
    for count in PAST:
        load.age(count)
        gc.collect()
        for name, call in calls(load).items():
            past.setdefault(name, []).append(load.box.cost(call))
        load.engine.cancel_all("config")
    standing, load = {}, Load(Box(id))
    load.age(PAST[0])  # so that pages are full, and need not be sought for
    load.engine.cancel_all("config")
    for count in FEWER_OPEN.get(id, OPEN):
        load.stand(count)
        gc.collect()
        for name, call in calls(load).items():
            if "open_orders" not in name:  # that has them all
                standing.setdefault(name, []).append(load.box.cost(call))
    return [rows(name, each) for name, each in past.items()], [
        rows(name, each) for name, each in standing.items()
    ]


def rows(name: str, costs: list[float]) -> list[str]:
    return [name, *(f"{cost * 1000:.2f} ms" for cost in costs), f"**{costs[-1] / costs[0]:.1f}**"]


def report(id: str) -> str:
    """The tables of a venue."""
    past, standing = measure(id)
    header = ["call", *(f"{count:,} past" for count in PAST), LAST]
    open_header = ["call", *(f"{count:,} open" for count in FEWER_OPEN.get(id, OPEN)), LAST]
    return f"{table(header, past)}\n{table(open_header, standing)}"


if __name__ == "__main__":
    for name in sys.argv[1:] or ours():
        print(f"### {name}\n\n{report(name)}", flush=True)
