"""BitMax's calls about orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ccxt_ext.sandbox.engine import Engine, Fill, Order, Refused, Side
from ccxt_ext.sandbox.engine.exact import add, multiply
from ccxt_ext.sandbox.engine.model import OPPOSITE
from ccxt_ext.sandbox.frontend import Request, VenueClock
from ccxt_ext.sandbox.frontends.bitmaxfutures.market_data import whole
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import (
    BATCH_FAILED,
    BATCH_SPOILT,
    ENDED,
    LONGEST_ID,
    NO_PRODUCT,
    TOO_LONG,
    TOO_RISKY,
    Declined,
    Wanted,
    client_id_of,
    declined,
    product,
    time_of,
    wanted,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import (
    Listing,
    full_row,
    long_history_row,
    old_history_row,
    short_row,
)

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Key
    from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels

BATCH_LIMIT = 10
SOME_HISTORY = 100
MOST_HISTORY = 1000
# What a client id has to be to end an order's id, and how much of it does.
ENTERS = re.compile(r"[A-Za-z0-9]{9,32}")
TAIL = 9
# The first letter of an order's id: it came over REST or over a stream. What the venue makes itself has an r.
Source = Literal["a", "s"]


class TradingCalls:
    engine: Engine
    listings: dict[str, Listing]
    clock: VenueClock
    channels: Channels

    def body(self, request: Request) -> dict[str, Any]:
        raise NotImplementedError

    def check_time(self, time: int) -> None:
        raise NotImplementedError

    def open_books(self) -> None:
        self._names: dict[int, str] = {}  # the engine's id of an order -> the venue's
        self._orders: dict[tuple[str, str], Order] = {}  # account and the venue's id -> the order
        self._executions: dict[int, str] = {}
        self._ghosts = 0

    # ids

    def name_of(self, order: Order, key: Key) -> str:
        name = self._names.get(order.id)
        if name is None:  # the engine made it: the exit of a position
            name = f"r{order.created:x}{key.uid}{order.id % 10**TAIL:0{TAIL}d}"
            self.name(order, key, name, "PosStopMkt")
        return name

    def name(self, order: Order, key: Key, name: str, execution: str) -> None:
        self._names[order.id] = name
        self._orders[key.account, name] = order
        self._executions[order.id] = execution

    def own_orders(self, key: Key) -> list[Order]:
        """Newest first, with those that were rejected and never stood in a book."""
        for order in self.engine.orders(key.account):
            self.name_of(order, key)
        own = [order for (account, _), order in self._orders.items() if account == key.account]
        return sorted(own, key=lambda order: (order.created, abs(order.id)), reverse=True)

    def own_order(self, key: Key, name: str) -> Order | None:
        order = self._orders.get((key.account, name))
        if order is None:
            self.own_orders(key)  # it may be one that the engine made, and that has no id yet
            order = self._orders.get((key.account, name))
        return order

    def last_fill(self, order: Order) -> Fill | None:
        fills = self.engine.fills(order.account, None, order.id) if order.filled else []
        return fills[0] if fills else None

    def short(self, order: Order, key: Key, accepted: bool = False) -> dict[str, Any]:
        return short_row(order, self.name_of(order, key), key.ids, self.last_fill(order), accepted)

    def full(self, order: Order, key: Key, last: Fill | None) -> dict[str, Any]:
        name = self.name_of(order, key)
        return full_row(order, name, key.ids, last, self._executions[order.id])

    # placing

    def _place(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        with self.told_with(key, "place-order", fields):
            order, wish = self.place(key, fields)
        respond = wish.respond
        if respond == "DONE" and order.status == "open":
            respond = "ACK"  # nothing became of it within the time that the venue waits
        row = self.short(order, key, accepted=respond != "DONE")
        if respond == "ACK":
            row["seqNum"] = -1
        meta = {"action": "place-order", "id": wish.client_id or "", "respInst": respond}
        return {"meta": meta, "order": row}

    def place(self, key: Key, fields: Mapping[str, Any], source: Source = "a") -> tuple[Order, Wanted]:
        wish = self.wanted(key, fields, source)
        name = self.new_name(key, wish, source)
        with self.channels.later():
            try:
                order = self.engine.place(
                    key.account,
                    wish.symbol,
                    wish.side,
                    wish.price,
                    wish.amount,
                    type=wish.type,
                    time_in_force=wish.time_in_force,
                    post_only=wish.post_only,
                    reduce_only=wish.reduce_only,
                    trigger_price=wish.trigger_price,
                    trigger_by=wish.trigger_by,
                    stop_loss=wish.stop_loss,
                    take_profit=wish.take_profit,
                )
            except Refused as refused:
                if refused.reason != "would_cross":
                    raise declined(refused) from None
                order = self.rejected(key, wish)
                self.channels.rejected(order)
            order.client_id = wish.client_id
            self.name(order, key, name or self.fresh_name(key, wish, order, source), wish.execution)
        return order, wish

    def wanted(self, key: Key, fields: Mapping[str, Any], source: Source = "a") -> Wanted:
        wish = wanted(fields, self.listings)
        self.check_time(wish.time)
        name = self.new_name(key, wish, source)
        if (key.account, name) in self._orders:
            raise Declined(100003, "There is an order with this id already")
        return wish

    def new_name(self, key: Key, wish: Wanted, source: Source) -> str | None:
        if wish.client_id is None or not ENTERS.fullmatch(wish.client_id):
            return None
        return f"{source}{wish.time:x}{key.uid}{wish.client_id[-TAIL:]}"

    def fresh_name(self, key: Key, wish: Wanted, order: Order, source: Source) -> str:
        return f"{source}{wish.time:x}{key.uid}{abs(order.id) % 10**TAIL:0{TAIL}d}"

    def rejected(self, key: Key, wish: Wanted) -> Order:
        """A post-only order that would have taken: it is told as rejected."""
        self._ghosts -= 1
        now = self.clock.engine_clock.now()
        market = self.engine.markets[wish.symbol]
        return Order(
            self._ghosts,
            key.account,
            wish.client_id,
            wish.symbol,
            wish.side,
            wish.type,
            wish.price,
            wish.amount,
            wish.amount,
            now,
            now,
            0,
            status="canceled",
            seq=market.seq,
            post_only=True,
            reason="would_cross",
        )

    def _place_batch(self, request: Request, key: Key) -> Any:
        """All or none: what is wrong with one is found before any of them is placed."""
        items = self.batch(request, key, "batch-place-order")
        self.each(items, key, "batch-place-order", lambda fields: self.batch_wish(key, fields))
        self.check_margin(items, key)
        placed: list[Order] = []

        def place(fields: Mapping[str, Any]) -> None:
            placed.append(self.place(key, fields)[0])

        try:
            self.each(items, key, "batch-place-order", place, stop=True)
        except Declined:
            for order in placed:
                if order.status == "open":
                    self.engine.cancel(key.account, order.id)
            raise
        rows = [
            {
                "id": fields.get("id", ""),
                "orderId": self.name_of(order, key),
                "orderType": short_row(order, "", key.ids, None)["orderType"],
                "symbol": order.market,
                "timestamp": self.clock.now(),
            }
            for fields, order in zip(items, placed, strict=True)
        ]
        return {"meta": {"action": "batch-place-order", "respInst": "ACK"}, "orders": rows}

    def batch_wish(self, key: Key, fields: Mapping[str, Any]) -> None:
        if self.wanted(key, fields).respond != "ACK":
            raise Declined(300008, "A batch takes the respInst ACK only")

    def check_margin(self, items: list[dict[str, Any]], key: Key) -> None:
        """Whether there is margin for all of them together."""
        needed = Decimal(0)
        free = self.engine.margin_account(key.account).free
        for fields in items:
            wish = wanted(fields, self.listings)
            if wish.reduce_only:
                continue
            market = self.engine.markets[wish.symbol]
            price = wish.price or wish.trigger_price or market.mark_price
            worth = multiply(price, wish.amount)
            leverage = self.engine.leverage(key.account, wish.symbol)
            needed = add(needed, multiply(worth, Decimal(1) / leverage + market.spec.taker_fee))
            if needed > free:
                raise self.failed_batch(
                    items, key, "batch-place-order", {id(fields): Declined(320008, TOO_RISKY)}
                )

    def batch(self, request: Request, key: Key, action: str) -> list[dict[str, Any]]:
        items = self.body(request).get("orders")
        if not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
            raise Declined(100004, "Invalid orders")
        if len(items) > BATCH_LIMIT:
            raise Declined(300013, f"A batch has {BATCH_LIMIT} orders at most", 200, **key.ids, action=action)
        return items

    def each(
        self,
        items: list[dict[str, Any]],
        key: Key,
        action: str,
        act: Callable[[Mapping[str, Any]], None],
        stop: bool = False,
    ) -> None:
        errors: dict[int, Declined] = {}
        for fields in items:
            try:
                act(fields)
            except Declined as refusal:
                errors[id(fields)] = refusal
                if stop:
                    break
        if errors:
            raise self.failed_batch(items, key, action, errors)

    def failed_batch(
        self, items: list[dict[str, Any]], key: Key, action: str, errors: Mapping[int, Declined]
    ) -> Declined:
        info = []
        for fields in items:
            own = errors.get(id(fields), Declined(300013, BATCH_SPOILT))
            row = {"code": own.code, "id": fields.get("id", ""), "message": own.message, "reason": own.reason}
            if "orderId" in fields:
                row["orderId"] = fields["orderId"]
            info.append({**row, "symbol": fields.get("symbol", "")})
        return Declined(300013, BATCH_FAILED, 200, **key.ids, action=action, info=info)

    @contextmanager
    def told_with(self, key: Key, action: str, fields: Mapping[str, Any]) -> Iterator[None]:
        """Refusals of one order name it."""
        try:
            yield
        except Declined as refusal:
            info = {"id": str(fields.get("id", "")), "symbol": str(fields.get("symbol", ""))}
            refusal.details = {**key.ids, "action": action, "info": info}
            raise

    # cancelling

    def _cancel(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        with self.told_with(key, "cancel-order", fields):
            order = self.to_cancel(key, fields)
            self.engine.cancel(key.account, order.id)
        meta = {
            "action": "cancel-order",
            "id": str(fields.get("id", "")),
            "respInst": str(fields.get("respInst") or "ACK"),
        }
        return {"meta": meta, "order": self.short(order, key)}

    def to_cancel(self, key: Key, fields: Mapping[str, Any]) -> Order:
        product(fields, self.listings)
        client_id_of(fields)
        self.check_time(time_of(fields))
        id = str(fields.get("orderId"))
        if len(id) > LONGEST_ID:
            raise Declined(300006, f"{TOO_LONG}: {id}")
        order = self.own_order(key, id)
        if order is None or order.market != fields["symbol"]:
            raise Declined(300006, "Invalid Order Id")
        if order.status != "open":
            raise Declined(300006, ENDED)
        return order

    def _cancel_batch(self, request: Request, key: Key) -> Any:
        items = self.batch(request, key, "batch-cancel-order")
        found: list[Order] = []
        self.each(items, key, "batch-cancel-order", lambda fields: found.append(self.to_cancel(key, fields)))
        for order in found:
            if order.status == "open":  # it may be named twice
                self.engine.cancel(key.account, order.id)
        rows = [
            {
                "id": fields.get("id", ""),
                "orderId": fields["orderId"],
                "orderType": "",
                "symbol": fields["symbol"],
                "timestamp": self.clock.now(),
            }
            for fields in items
        ]
        return {"meta": {"action": "batch-cancel-order", "respInst": "ACK"}, "orders": rows}

    def _cancel_all(self, request: Request, key: Key) -> Any:
        symbol = self.asked_or_all(request, key, "cancel-all", {})
        self.engine.cancel_all(key.account, symbol)
        return {**key.ids, "action": "cancel-all", "info": {"symbol": symbol or ""}}

    def asked_or_all(self, request: Request, key: Key, action: str, told: Mapping[str, Any]) -> str | None:
        fields = self.body(request)
        try:
            return self.symbol_or_all(fields)
        except Declined as refusal:
            info = {**told, "symbol": fields["symbol"]}
            refusal.details = {"data": {**key.ids, "action": action, "info": info}}
            raise

    def symbol_or_all(self, fields: Mapping[str, Any]) -> str | None:
        symbol = fields.get("symbol")
        if symbol in (None, ""):
            return None
        if not isinstance(symbol, str) or symbol not in self.engine.markets:
            raise Declined(300012, NO_PRODUCT)
        return symbol

    def _close_all(self, request: Request, key: Key) -> Any:
        cancels = self.body(request).get("cancelOpen", True) is not False
        told = {"cancelOpen": cancels}
        symbol = self.asked_or_all(request, key, "close-all-position", told)
        self.close_all(key, symbol, cancels)
        info = {**told, "symbol": symbol or ""}
        return {**key.ids, "action": "close-all-position", "info": info}

    def close_all(self, key: Key, symbol: str | None, cancels: bool) -> None:
        if cancels:
            self.engine.cancel_all(key.account, symbol)
        for position in self.engine.positions(key.account, symbol):
            opening: Side = "buy" if position.side == "long" else "sell"
            with self.channels.later():
                try:
                    order = self.engine.place(
                        key.account,
                        position.market,
                        OPPOSITE[opening],
                        None,
                        position.amount,
                        type="market",
                        reduce_only=True,
                    )
                except Refused as refused:
                    raise declined(refused) from None
                name = f"r{order.created:x}{key.uid}{order.id % 10**TAIL:0{TAIL}d}"
                self.name(order, key, name, "ReduceOnly")

    # lists

    def _open_orders(self, request: Request, key: Key) -> Any:
        if request.method == "POST":
            symbol = self.symbol_or_all(self.body(request))
        else:
            symbol = self.asked_symbol(request)
        return [self.short(order, key) for order in self.engine.orders(key.account, symbol, ("open",))]

    def _history(self, request: Request, key: Key) -> Any:
        symbol = self.asked_symbol(request)
        executed = request.query.get("executedOnly", "false").lower()  # Python's demos print "True"
        if executed not in ("true", "false"):
            raise Declined(100006, "executedOnly is true or false")
        ended = [
            order
            for order in self.own_orders(key)
            if order.status != "open"
            and symbol in (None, order.market)
            and (order.filled or executed == "false")
        ]
        return [
            self.full(order, key, self.last_fill(order))
            for order in ended[: whole(request, "n", SOME_HISTORY)]
        ]

    def asked_symbol(self, request: Request) -> str | None:
        symbol = request.query.get("symbol")
        if symbol is not None and symbol not in self.engine.markets:
            raise Declined(300012, NO_PRODUCT)
        return symbol

    def _order_status(self, request: Request, key: Key) -> Any:
        text = request.query.get("orderId")
        if text is None:
            raise Declined(100006, "Missing required parameter: orderId")
        found = self.find_orders(key, text.split(","))
        rows = [self.full(order, key, self.last_fill(order)) for order in found]
        if "," not in text and not rows:
            raise Declined(100002, "Order is not found")
        account = {"accountId": key.ids["accountId"], "ac": key.ids["ac"]}
        return {"code": 0, **account, "data": rows if "," in text else rows[0]}

    def find_orders(self, key: Key, names: Sequence[str]) -> list[Order]:
        """Those that there are, in the order in which they are named."""
        found = (self.own_order(key, str(name)) for name in names)
        return [order for order in found if order is not None]

    def _long_history(self, request: Request, key: Key) -> Any:
        account = request.query.get("account")
        if account not in ("cash", "margin", "futures", key.ids["accountId"]):
            raise Declined(100006, "Invalid account")
        if account in ("cash", "margin"):
            return []
        symbol = self.asked_symbol(request)
        start, end = whole(request, "startTime", -1), whole(request, "endTime", 10**15)
        number = whole(request, "seqNum", -1)
        ended = [
            order
            for order in self.own_orders(key)
            if order.status != "open"
            and symbol in (None, order.market)
            and start <= order.created <= end
            and order.id >= number
        ]
        if start >= 0 or number >= 0:
            ended.sort(key=lambda order: order.id)
        limit = min(whole(request, "limit", 500), MOST_HISTORY)
        return [long_history_row(order, self.name_of(order, key), key.ids) for order in ended[:limit]]

    def _old_history(self, request: Request, key: Key) -> Any:
        page, size = whole(request, "page", 1), whole(request, "pageSize", 20)
        symbol = self.asked_symbol(request)
        rows = [
            old_history_row(order, self.name_of(order, key), key.ids, self._executions[order.id])
            for order in self.own_orders(key)
            if order.status != "open" and symbol in (None, order.market)
        ]
        return {
            "data": rows[(page - 1) * size : page * size] if page else [],
            "hasNext": page * size < len(rows),
            "limit": 500,
            "page": page,
            "pageSize": size,
        }
