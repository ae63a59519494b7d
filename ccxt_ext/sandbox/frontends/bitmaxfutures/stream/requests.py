"""Requests over BitMax's streams. Each is answered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ccxt_ext.sandbox.frontend.engine import Market
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import ENDS_ID
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import symbol_or_all
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NO_AUTHORIZATION, Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.markets import book_row, latest_trade_rows
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.desk import Desk
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rows import report_row

SNAPSHOT, TOP, REALTIME_SNAPSHOT = "depth-snapshot", "depth-snapshot-top100", "depth-snapshot-realtime"
DEEPEST = {SNAPSHOT: 500, TOP: 100}
SOME_TRADES = 20

Fields = dict[str, Any]


class StreamRequest(NamedTuple):
    name: str
    """The name of its action."""
    id: str
    fields: Fields
    """The arguments of its action."""
    message: Mapping[str, Any]
    """The whole message."""
    key: Key | None

    @property
    def who(self) -> Key:
        assert self.key is not None
        return self.key


class Action(NamedTuple):
    method: Callable[[StreamRequest], Fields]
    needs: str = ""
    """The permission that the key needs; if there is none, the action is open to everyone."""
    of_orders: bool = False
    """Whether its errors have the form of those about orders."""
    has_args: bool = True


class Requests:
    """Answers requests."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._engine = desk.engine
        self._orders = desk.orders
        self._actions = {
            "place-order": Action(self._place_order, "trade", of_orders=True),
            "cancel-order": Action(self._cancel_order, "trade", of_orders=True),
            "cancel-all": Action(self._cancel_all, "trade", of_orders=True, has_args=False),
            "close-all-position": Action(self._close_all_position, "trade", of_orders=True, has_args=False),
            "futures-open-orders": Action(self._open_orders, "view"),
            "futures-account-snapshot": Action(self._account_snapshot, "view", has_args=False),
            "order-status": Action(self._order_status, "view"),
            SNAPSHOT: Action(self._depth_snapshot),
            TOP: Action(self._depth_snapshot),
            REALTIME_SNAPSHOT: Action(self._realtime_snapshot, "view"),
            "market-trades": Action(self._market_trades),
        }

    def answer(self, message: Mapping[str, Any], id: str, key: Key | None) -> Fields:
        """The answer to a request. `key` is that of the connection, if it has signed on."""
        asked = message.get("action")
        name = str(asked).lower()  # the page spells one of them cancel-All
        action = self._actions.get(name, UNKNOWN)
        args = message.get("args")
        request = StreamRequest(name, id, args if isinstance(args, dict) else {}, message, key)
        try:
            if action is UNKNOWN:
                raise Declined(100005, f"Invalid request action: {asked}")
            _check(action, request)
            return action.method(request)
        except Declined as refusal:
            return _error(action, request, refusal)

    # orders

    def _place_order(self, request: StreamRequest) -> Fields:
        """The order's id is of `args`, else that of the request where it can be one, else random."""
        given = request.fields.get("id") or request.message.get("id")
        fields = {"time": self._desk.clock.now(), **request.fields}
        if not fields.get("id"):
            fields["id"] = given if isinstance(given, str) and ENDS_ID.fullmatch(given) else None
        order, _ = self._orders.place(request.who, fields, source="s")
        return _done(request, {"orderId": self._orders.name_of(order, request.who), "symbol": order.market})

    def _cancel_order(self, request: StreamRequest) -> Fields:
        order = self._orders.to_cancel(request.who, request.fields)
        self._engine.cancel(order.account, order.id)
        return _done(request, {"orderId": self._orders.name_of(order, request.who), "symbol": order.market})

    def _cancel_all(self, request: StreamRequest) -> Fields:
        symbol = symbol_or_all(request.fields, self._engine.markets)
        self._engine.cancel_all(request.who.account, symbol)
        return _done(request, {"symbol": symbol or ""})

    def _close_all_position(self, request: StreamRequest) -> Fields:
        cancels = request.fields.get("cancelOpen")
        if not isinstance(cancels, bool):
            message = "Required argument missing or type-mismatched (expecting boolean): cancelOpen"
            raise Declined(100006, message)
        symbol = symbol_or_all(request.fields, self._engine.markets)
        self._orders.close_all(request.who, symbol, cancels)
        info = {"cancelOpen": cancels, **({"symbol": symbol} if symbol else {})}
        return _done(request, info, "position")

    def _open_orders(self, request: StreamRequest) -> Fields:
        symbol = symbol_or_all(request.fields, self._engine.markets)
        orders = self._engine.orders(request.who.account, symbol, ("open",))
        rows = [self._orders.full_row(order, request.who, self._orders.last_fill(order)) for order in orders]
        return {"m": request.name, "code": 0, "id": request.id, "ac": "FUTURES", "data": rows}

    def _order_status(self, request: StreamRequest) -> Fields:
        given = request.fields.get("orderId")
        names = given.split(",") if isinstance(given, str) else given
        if not isinstance(names, list):
            raise Declined(100005, "Missing required parameter: orderId")
        rows = []
        for order in self._orders.find_all(request.who, names):
            full = self._orders.full_row(order, request.who, self._orders.last_fill(order))
            rows.append(report_row(full, self._desk.channels.accounts.report_number(order)))
        return {"m": request.name, "code": 0, "id": request.id, "data": rows}

    def _account_snapshot(self, request: StreamRequest) -> Fields:
        return {
            "m": request.name,
            "id": request.id,
            **self._desk.channels.accounts.snapshot(request.who.account),
        }

    # markets

    def _market(self, fields: Fields) -> Market:
        symbol = fields.get("symbol")
        if symbol is None:
            raise Declined(100005, "Missing required parameter: symbol")
        market = self._engine.markets.get(str(symbol))
        if market is None:
            raise Declined(100008, f"Unable to handle symbol {symbol}")
        return market

    def _depth_snapshot(self, request: StreamRequest) -> Fields:
        """Whether it has the request's id is not documented; the older futures stream's did."""
        market = self._market(request.fields)
        number = self._desk.channels.number(market.spec.id)
        book = book_row(market, number, self._desk.clock.now(), DEEPEST[request.name])
        named = {"id": request.id} if self._desk.snapshot_has_id else {}
        return {"m": request.name, "symbol": market.spec.id, **named, "data": book}

    def _realtime_snapshot(self, request: StreamRequest) -> Fields:
        return self.realtime_book(self._market(request.fields))

    def realtime_book(self, market: Market) -> Fields:
        """A book with the number that the `depth-realtime` channel goes on from."""
        number = self._desk.feed.number(market.spec.id)
        book = book_row(market, number, self._desk.clock.now())
        return {"m": REALTIME_SNAPSHOT, "symbol": market.spec.id, "data": book}

    def _market_trades(self, request: StreamRequest) -> Fields:
        market = self._market(request.fields)
        level = request.fields.get("level", SOME_TRADES)
        if not isinstance(level, int) or isinstance(level, bool) or level < 1:
            raise Declined(100006, "Invalid level")
        rows = latest_trade_rows(market, level)
        return {"m": request.name, "id": request.id, "symbol": market.spec.id, "data": rows}


UNKNOWN = Action(lambda request: {})


def _check(action: Action, request: StreamRequest) -> None:
    if action.needs:
        if request.key is None:
            raise Declined(100009, NO_AUTHORIZATION)
        if action.needs not in request.key.permissions:
            raise request.key.lacks(action.needs)
    message = request.message
    for name in ("ac", "account"):
        if str(message.get(name) or "futures").lower() != "futures":
            raise Declined(100006, f"Invalid {name}: {message.get(name)}")
    args = message.get("args")
    if not isinstance(args, dict) and (action.has_args or args is not None):
        raise Declined(100005, "Missing required parameter: args")


def _done(request: StreamRequest, info: Fields, m: str = "order") -> Fields:
    return {"m": m, "action": request.name, "ac": "FUTURES", "id": request.id, "code": 0, "info": info}


def _error(action: Action, request: StreamRequest, refusal: Declined) -> Fields:
    head = {"id": request.id, "code": refusal.code}
    if action.of_orders:
        symbol = str(request.fields.get("symbol") or "")
        info = {"symbol": symbol, "reason": refusal.reason, "errorMsg": refusal.message}
        return {"m": "order", "action": request.name, "ac": "FUTURES", **head, "info": info}
    m = request.name if request.name == REALTIME_SNAPSHOT else "error"
    return {"m": m, **head, "reason": refusal.reason, "info": refusal.message}
