"""What can be asked over BitMax's streams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ccxt_ext.sandbox.engine import Market
from ccxt_ext.sandbox.frontend import Stream
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import NO_AUTHORIZATION, Declined
from ccxt_ext.sandbox.frontends.bitmaxfutures.orders import ENTERS
from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.rows import report_row

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Frontend, Key

SNAPSHOT, TOP, REALTIME_SNAPSHOT = "depth-snapshot", "depth-snapshot-top100", "depth-snapshot-realtime"
DEEPEST = {SNAPSHOT: 500, TOP: 100}
SOME_TRADES = 20

Fields = dict[str, Any]


class Action(NamedTuple):
    method: str
    needs: str = ""  # a permission; without one, it is open to everyone
    of_orders: bool = False  # its errors are those of orders
    has_args: bool = True


ACTIONS = {
    "place-order": Action("_place_order", "trade", of_orders=True),
    "cancel-order": Action("_cancel_order", "trade", of_orders=True),
    "cancel-all": Action("_cancel_all", "trade", of_orders=True, has_args=False),
    "close-all-position": Action("_close_all_position", "trade", of_orders=True, has_args=False),
    "futures-open-orders": Action("_open_orders", "view"),
    "futures-account-snapshot": Action("_account_snapshot", "view", has_args=False),
    "order-status": Action("_order_status", "view"),
    SNAPSHOT: Action("_depth_snapshot"),
    TOP: Action("_depth_snapshot"),
    REALTIME_SNAPSHOT: Action("_realtime_snapshot", "view"),
    "market-trades": Action("_market_trades"),
}


class StreamRequests(Stream):
    """The requests of one connection. Each is answered once."""

    venue: Frontend
    key: Key | None

    def _req(self, message: Mapping[str, Any], id: str) -> None:
        asked = message.get("action")
        name = str(asked).lower()  # the page spells one of them cancel-All
        action = ACTIONS.get(name, Action(""))
        args = message.get("args")
        fields = args if isinstance(args, dict) else {}
        with self.venue.channels.later():
            try:
                if not action.method:
                    raise Declined(100005, f"Invalid request action: {asked}")
                self._check(action, message, args)
                answer = getattr(self, action.method)(name, id, fields, message)
            except Declined as refusal:
                answer = self._error(name, id, action, refusal, fields)
            self.send(answer)

    def _check(self, action: Action, message: Mapping[str, Any], args: Any) -> None:
        if action.needs:
            if self.key is None:
                raise Declined(100009, NO_AUTHORIZATION)
            if action.needs not in self.key.permissions:
                raise Declined(200015, f"Permission denied: {action.needs}")
        for name in ("ac", "account"):
            if str(message.get(name) or "futures").lower() != "futures":
                raise Declined(100006, f"Invalid {name}: {message.get(name)}")
        if not isinstance(args, dict) and (action.has_args or args is not None):
            raise Declined(100005, "Missing required parameter: args")

    def _error(self, name: str, id: str, action: Action, refusal: Declined, fields: Fields) -> Fields:
        told = {"id": id, "code": refusal.code}
        if action.of_orders:
            symbol = str(fields.get("symbol") or "")
            info = {"symbol": symbol, "reason": refusal.reason, "errorMsg": refusal.message}
            return {"m": "order", "action": name, "ac": "FUTURES", **told, "info": info}
        m = name if name == REALTIME_SNAPSHOT else "error"
        return {"m": m, **told, "reason": refusal.reason, "info": refusal.message}

    @property
    def _who(self) -> Key:
        assert self.key is not None
        return self.key

    # orders

    def _done(self, name: str, id: str, info: Fields, m: str = "order") -> Fields:
        return {"m": m, "action": name, "ac": "FUTURES", "id": id, "code": 0, "info": info}

    def _place_order(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        """The order's id is of `args`, else that of the request where it can be one, else random."""
        given = fields.get("id") or message.get("id")
        fields = {"time": self.venue.clock.now(), **fields}
        if not fields.get("id"):
            fields["id"] = given if isinstance(given, str) and ENTERS.fullmatch(given) else None
        order, _ = self.venue.place(self._who, fields, source="s")
        return self._done(name, id, {"orderId": self.venue.order_name(order), "symbol": order.market})

    def _cancel_order(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        order = self.venue.to_cancel(self._who, fields)
        self.venue.engine.cancel(order.account, order.id)
        return self._done(name, id, {"orderId": self.venue.order_name(order), "symbol": order.market})

    def _cancel_all(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        symbol = self.venue.symbol_or_all(fields)
        self.venue.engine.cancel_all(self._who.account, symbol)
        return self._done(name, id, {"symbol": symbol or ""})

    def _close_all_position(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        cancels = fields.get("cancelOpen")
        if not isinstance(cancels, bool):
            told = "Required argument missing or type-mismatched (expecting boolean): cancelOpen"
            raise Declined(100006, told)
        symbol = self.venue.symbol_or_all(fields)
        self.venue.close_all(self._who, symbol, cancels)
        info = {"cancelOpen": cancels, **({"symbol": symbol} if symbol else {})}
        return self._done(name, id, info, "position")

    def _open_orders(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        symbol = self.venue.symbol_or_all(fields)
        orders = self.venue.engine.orders(self._who.account, symbol, ("open",))
        rows = [self.venue.full(order, self._who, self.venue.last_fill(order)) for order in orders]
        return {"m": name, "code": 0, "id": id, "ac": "FUTURES", "data": rows}

    def _order_status(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        given = fields.get("orderId")
        names = given.split(",") if isinstance(given, str) else given
        if not isinstance(names, list):
            raise Declined(100005, "Missing required parameter: orderId")
        rows = []
        for order in self.venue.find_orders(self._who, names):
            full = self.venue.full(order, self._who, self.venue.last_fill(order))
            rows.append(report_row(full, self.venue.channels.accounts.report_number(order)))
        return {"m": name, "code": 0, "id": id, "data": rows}

    def _account_snapshot(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        return {"m": name, "id": id, **self.venue.channels.accounts.snapshot(self._who.account)}

    # markets

    def _market(self, fields: Fields) -> Market:
        symbol = fields.get("symbol")
        if symbol is None:
            raise Declined(100005, "Missing required parameter: symbol")
        market = self.venue.engine.markets.get(str(symbol))
        if market is None:
            raise Declined(100008, f"Unable to handle symbol {symbol}")
        return market

    def _depth_snapshot(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        """Not documented to tell the request's id; the older futures stream did."""
        market = self._market(fields)
        number = self.venue.channels.number(market.spec.id)
        book = self.venue.book_row(market, number, DEEPEST[name])
        named = {"id": id} if self.venue.option("snapshotId") else {}
        return {"m": name, "symbol": market.spec.id, **named, "data": book}

    def _realtime_snapshot(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        return self.realtime_book(self._market(fields))

    def realtime_book(self, market: Market) -> Fields:
        number = self.venue.feed.number(market.spec.id)
        book = self.venue.book_row(market, number)
        return {"m": REALTIME_SNAPSHOT, "symbol": market.spec.id, "data": book}

    def _market_trades(self, name: str, id: str, fields: Fields, message: Mapping[str, Any]) -> Fields:
        market = self._market(fields)
        level = fields.get("level", SOME_TRADES)
        if not isinstance(level, int) or isinstance(level, bool) or level < 1:
            raise Declined(100006, "Invalid level")
        rows = self.venue.trade_rows(market, level)
        return {"m": name, "id": id, "symbol": market.spec.id, "data": rows}
