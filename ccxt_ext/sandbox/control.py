"""The control port: JSON calls that steer the sandbox, and show what the engine itself has."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ccxt_ext.sandbox.engine import Engine, Fill, Order, Refused
from ccxt_ext.sandbox.faults import ControlCall, parse_fault
from ccxt_ext.sandbox.fields import (
    LARGEST,
    BadCall,
    Fields,
    amount,
    check_names,
    integer,
    integer_text,
    json_fields,
    one_of,
    query_fields,
)
from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.world import ACCOUNTS, World

LONGEST_ADVANCE_MS = 50 * 366 * 86_400_000
ORDER_STATUSES = ("open", "closed", "canceled")


class Control:
    """Answers the calls of the control port."""

    def __init__(self, world: World, describe: Callable[[], dict[str, Any]]) -> None:
        self._world = world
        self._describe = describe
        world.carry_out = self._carry_out
        self._calls: dict[tuple[str, str], Callable[[Fields], Any]] = {
            ("GET", "/"): self.overview,
            ("POST", "/reset"): self.reset,
            ("GET", "/faults"): self.faults,
            ("POST", "/faults"): self.add_fault,
            ("DELETE", "/faults"): self.clear_faults,
            ("GET", "/clock"): self.clock,
            ("POST", "/clock"): self.set_clock,
            ("POST", "/deposit"): self.deposit,
            ("POST", "/cancel"): self.cancel,
            ("POST", "/markets"): self.list_market,
            ("GET", "/ledger"): self.ledger,
            ("GET", "/orders"): self.orders,
            ("GET", "/trades"): self.trades,
            ("GET", "/book"): self.book,
            ("GET", "/requests"): self.requests,
        }

    def handle(self, method: str, path: str, query_string: str = "", body: bytes = b"") -> tuple[int, Any]:
        """The HTTP status and the JSON of the answer to a call."""
        try:
            call = self._calls.get((method, path))
            if call is None:
                raise self._no_such_call(method, path)
            return 200, call(query_fields(query_string) if method == "GET" else json_fields(body))
        except BadCall as error:
            return error.status, {"error": str(error)}
        except Refused as error:
            return 400, {"error": str(error)}

    def _carry_out(self, call: ControlCall) -> Any:
        return self.handle(call.method, call.path, "", json.dumps(call.body).encode())[1]

    def _no_such_call(self, method: str, path: str) -> BadCall:
        methods = sorted(known for known, known_path in self._calls if known_path == path)
        if methods:
            return BadCall(f"{path} takes {' and '.join(methods)}, not {method}", 405)
        known = ", ".join(f"{known} {known_path}" for known, known_path in self._calls)
        return BadCall(f"no such call; there are {known}", 404)

    # steering

    def overview(self, fields: Fields) -> Any:
        check_names(fields)
        settings = self._world.settings
        return {
            **self._describe(),
            "seed": self._world.seed,
            "live": settings.live,
            "limits": settings.limits,
            "crashes": len(self._world.crashes),
            "calls": [f"{method} {path}" for method, path in self._calls],
        }

    def reset(self, fields: Fields) -> Any:
        check_names(fields, "seed")
        self._world.reset(integer(fields, "seed", -LARGEST, LARGEST, self._world.seed))
        return {"seed": self._world.seed}

    def faults(self, fields: Fields) -> Any:
        check_names(fields)
        return {"faults": self._world.faults.describe()}

    def add_fault(self, fields: Fields) -> Any:
        frontends = self._world.frontends
        fault = parse_fault(
            fields,
            self._world.settings.venues,
            [venue for venue, frontend in frontends.items() if frontend.has_streams],
            [venue for venue, frontend in frontends.items() if frontend.numbers_frames],
        )
        self._world.faults.add(fault)
        return {"faults": self._world.faults.describe()}

    def clear_faults(self, fields: Fields) -> Any:
        check_names(fields)
        return {"removed": self._world.faults.clear()}

    def clock(self, fields: Fields) -> Any:
        check_names(fields)
        skews = {venue: clock.skew_ms for venue, clock in self._world.clocks.items()}
        return {"now": self._world.clock.now(), "skew_ms": skews}

    def set_clock(self, fields: Fields) -> Any:
        check_names(fields, "venue", "skew_ms", "advance_ms")
        if "skew_ms" not in fields and "advance_ms" not in fields:
            raise BadCall("'skew_ms' with 'venue', or 'advance_ms', is needed")
        if ("skew_ms" in fields) != ("venue" in fields):
            raise BadCall("'skew_ms' and 'venue' go together; 'advance_ms' is for all venues")
        advance = integer(fields, "advance_ms", 0, LONGEST_ADVANCE_MS, 0)
        if "skew_ms" in fields:
            skew = integer(fields, "skew_ms", -LONGEST_ADVANCE_MS, LONGEST_ADVANCE_MS, 0)
            self._world.clocks[self._venue(fields)].skew_ms = skew
        if advance:
            self._world.clock.advance(advance)
        return self.clock({})

    def deposit(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "currency", "amount", "wallet")
        engine = self._world.frontends[self._venue(fields)].engine
        account = one_of(fields, "account", ACCOUNTS)
        wallet = one_of(fields, "wallet", engine.wallets) if "wallet" in fields else engine.wallets[0]
        currency = one_of(fields, "currency", sorted(engine.currencies))
        engine.deposit(account, currency, amount(fields), wallet)
        balance = engine.balances(account, wallet)[currency]
        return {"free": decimal_text(balance.free), "held": decimal_text(balance.held)}

    def cancel(self, fields: Fields) -> Any:
        """Cancel some open orders, the newest or the oldest ones, as a venue may do by itself."""
        check_names(fields, "venue", "account", "market", "count", "oldest")
        engine = self._world.frontends[self._venue(fields)].engine
        account = one_of(fields, "account", ACCOUNTS)
        market = one_of(fields, "market", list(engine.markets)) if "market" in fields else None
        count = integer(fields, "count", 1, LARGEST, 1)
        oldest = fields.get("oldest", False)
        if not isinstance(oldest, bool):
            raise BadCall("'oldest' must be true or false")
        found = engine.orders(account, market, ("open",))
        if oldest:
            found.reverse()
        name_of = self._order_name(fields)
        for order in found[:count]:
            engine.cancel(account, order.id)
        return [_order(order, name_of(order)) for order in found[:count]]

    def list_market(self, fields: Fields) -> Any:
        """List another market. Only its name differs from one that exists."""
        check_names(fields, "venue", "like", "market", "pair")
        frontend = self._world.frontends[self._venue(fields)]
        like = one_of(fields, "like", list(frontend.engine.markets))
        market, pair = fields.get("market"), fields.get("pair")
        if not isinstance(market, str) or market in frontend.engine.markets:
            raise BadCall("'market' must be the name of one that there is not yet")
        if pair is not None and not isinstance(pair, str):
            raise BadCall("'pair' must be text, such as \"SOL_USDT\"")
        try:
            frontend.list_market(like, market, pair)
        except ValueError as error:
            raise BadCall(str(error)) from None
        return {"markets": list(frontend.engine.markets)}

    # looking

    def ledger(self, fields: Fields) -> Any:
        check_names(fields, "venue")
        chosen = [self._venue(fields)] if "venue" in fields else self._world.settings.venues
        return {venue: self._ledger(venue) for venue in chosen}

    def _ledger(self, venue: str) -> dict[str, dict[str, str]]:
        entries = self._world.frontends[venue].engine.ledger()
        return {
            currency: {"total": decimal_text(total), "deposited": decimal_text(deposited)}
            for currency, (total, deposited) in sorted(entries.items())
        }

    def orders(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "status")
        engine, accounts, market = self._selection(fields)
        statuses = (one_of(fields, "status", ORDER_STATUSES),) if "status" in fields else None
        found = [o for account in accounts for o in engine.orders(account, market, statuses)]
        name_of = self._order_name(fields)
        newest_first = sorted(found, key=lambda order: (-order.created, -order.id))
        return [_order(order, name_of(order)) for order in newest_first]

    def trades(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "market", "order")
        engine, accounts, market = self._selection(fields)
        found = [(account, fill) for account in accounts for fill in engine.fills(account, market)]
        found.sort(key=lambda entry: (-entry[1].timestamp, -entry[1].id))
        name_of = self._order_name(fields)
        rows = []
        for account, fill in found:
            order = engine.order(account, fill.order_id)
            assert order is not None
            rows.append(_trade(account, fill, name_of(order)))
        return [row for row in rows if fields.get("order") in (None, row["order"])]

    def book(self, fields: Fields) -> Any:
        check_names(fields, "venue", "market", "depth")
        engine = self._world.frontends[self._venue(fields)].engine
        depth = integer_text(fields, "depth")
        bids, asks = engine.markets[one_of(fields, "market", list(engine.markets))].book(depth)
        return {
            "bids": [[decimal_text(level.price), decimal_text(level.amount)] for level in bids],
            "asks": [[decimal_text(level.price), decimal_text(level.amount)] for level in asks],
        }

    def requests(self, fields: Fields) -> Any:
        check_names(fields, "venue", "limit")
        limit = integer_text(fields, "limit")
        seen = list(self._world.requests[self._venue(fields)])
        return [asdict(request) for request in (seen if limit is None else seen[len(seen) - limit :])]

    def _order_name(self, fields: Fields) -> Callable[[Order], str]:
        """The function that gives an order's id as the venue shows it to clients."""
        return self._world.frontends[self._venue(fields)].order_name

    def _venue(self, fields: Fields) -> str:
        return one_of(fields, "venue", self._world.settings.venues)

    def _selection(self, fields: Fields) -> tuple[Engine, list[str], str | None]:
        engine = self._world.frontends[self._venue(fields)].engine
        accounts = [one_of(fields, "account", ACCOUNTS)] if "account" in fields else list(ACCOUNTS)
        market = one_of(fields, "market", list(engine.markets)) if "market" in fields else None
        return engine, accounts, market


def _order(order: Order, name: str) -> dict[str, Any]:
    return {
        "account": order.account,
        "id": name,
        "client_id": order.client_id,
        "market": order.market,
        "side": order.side,
        "type": order.type,
        "price": None if order.price is None else decimal_text(order.price),
        "amount": decimal_text(order.amount),
        "filled": decimal_text(order.filled),
        "remaining": decimal_text(order.remaining),
        "cost": decimal_text(order.cost),
        "fees": {currency: decimal_text(fee) for currency, fee in order.fees.items()},
        "status": order.status,
        "created": str(order.created),
        "updated": str(order.updated),
    }


def _trade(account: str, fill: Fill, order: str) -> dict[str, Any]:
    return {
        "account": account,
        "id": str(fill.id),
        "order": order,
        "market": fill.market,
        "side": fill.side,
        "price": decimal_text(fill.price),
        "amount": decimal_text(fill.amount),
        "cost": decimal_text(fill.cost),
        "fee": decimal_text(fill.fee),
        "fee_currency": fill.fee_currency,
        "maker": fill.maker,
        "timestamp": str(fill.timestamp),
    }
