"""Calls about orders and what they traded."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from itertools import islice
from typing import Any, TypeVar

from ccxt_ext.sandbox.frontend import between, by_time_and_id, close_position, latest_fill
from ccxt_ext.sandbox.frontend.engine import (
    Engine,
    Fill,
    MarginMode,
    Market,
    Order,
    OrderType,
    Refused,
    Side,
    TimeInForce,
    TriggerSource,
    add,
    multiply,
    subtract,
    units,
)
from ccxt_ext.sandbox.frontends.simulated.market_data import MarketData
from ccxt_ext.sandbox.frontends.simulated.parameters import (
    Arguments,
    flag,
    flag_if_given,
    integer,
    number,
    number_if_given,
    one_of,
    text,
    text_if_given,
    texts,
)
from ccxt_ext.sandbox.frontends.simulated.refusals import (
    Declined,
    bad_request,
    declined_by_engine,
    unknown_order,
)
from ccxt_ext.sandbox.frontends.simulated.rows import Row, fill_row, order_row, written

T = TypeVar("T")
ID = re.compile("[0-9]{1,18}")
MOST_ROWS, SOME_ROWS = 1000, 500
DIVIDING = Context(prec=40, rounding=ROUND_FLOOR)


@dataclass(frozen=True)
class Wanted:
    """An order that was asked for."""

    market: Market
    side: Side
    type: OrderType
    amount: Decimal
    price: Decimal | None
    client_id: str | None
    time_in_force: TimeInForce
    post_only: bool
    reduce_only: bool
    trigger_price: Decimal | None
    trigger_by: TriggerSource
    trigger_above: bool | None
    leverage: Decimal | None
    margin_mode: MarginMode | None
    stop_loss: Decimal | None
    take_profit: Decimal | None


class OrderCalls:
    """Placing, changing, cancelling and finding an account's orders."""

    def __init__(self, engine: Engine, data: MarketData) -> None:
        self._engine = engine
        self._data = data

    def row(self, order: Order) -> Row:
        fill = latest_fill(self._engine, order)
        return order_row(order, fill.timestamp if fill else None)

    # placing

    def create(self, arguments: Arguments, account: str) -> Any:
        return self.row(self._place(account, self._wanted(arguments)))

    def create_many(self, arguments: Arguments, account: str) -> Any:
        """Each is placed or refused by itself."""
        found: list[Row] = []
        orders = arguments.get("orders")
        if not isinstance(orders, list) or not all(isinstance(each, dict) for each in orders):
            raise bad_request("orders is a list of orders")
        for each in orders:
            given = {name: value for name, value in each.items() if value is not None}
            try:
                found.append(self.create(given, account))
            except Refused as refused:
                found.append(_refused(declined_by_engine(refused), given))
            except Declined as declined:
                found.append(_refused(declined, given))
        return found

    def _wanted(self, arguments: Arguments) -> Wanted:
        market = self._data.market(arguments)
        side: Side = "buy" if one_of(arguments, "side", ("buy", "sell"), "") == "buy" else "sell"
        type: OrderType = (
            "market" if one_of(arguments, "type", ("limit", "market"), "") == "market" else "limit"
        )
        price = number_if_given(arguments, "price")
        cost = number_if_given(arguments, "cost")
        amount = number(arguments, "amount") if cost is None else self._amount_for(market, side, cost)
        in_force = one_of(arguments, "timeInForce", ("GTC", "IOC", "FOK"), "GTC")
        by = one_of(arguments, "triggerBy", ("last", "mark", "index"), "last")
        mode = one_of(arguments, "marginMode", ("isolated", "cross", ""), "")
        exits = [number_if_given(arguments, name) for name in ("stopLoss", "takeProfit")]
        if not market.spec.is_contract and any(exits):
            raise bad_request("only positions have a stop loss and a take profit")
        return Wanted(
            market,
            side,
            type,
            amount,
            None if type == "market" else price,
            text_if_given(arguments, "clientOrderId"),
            "IOC" if in_force == "IOC" else "FOK" if in_force == "FOK" else "GTC",
            flag(arguments, "postOnly"),
            flag(arguments, "reduceOnly"),
            number_if_given(arguments, "triggerPrice"),
            "mark" if by == "mark" else "index" if by == "index" else "last",
            flag_if_given(arguments, "triggerAbove"),
            number_if_given(arguments, "leverage"),
            "isolated" if mode == "isolated" else "cross" if mode else None,
            exits[0],
            exits[1],
        )

    def _amount_for(self, market: Market, side: Side, cost: Decimal) -> Decimal:
        """How much a market order trades for that much of the quote currency."""
        spec = market.spec
        if spec.is_contract:
            raise bad_request("only spot markets have orders by cost")
        levels = market.book()[1 if side == "buy" else 0]
        left, total = cost, Decimal(0)
        for level in levels:
            worth = multiply(level.price, level.amount)
            if worth >= left:
                total = add(total, DIVIDING.divide(left, level.price))
                break
            left, total = subtract(left, worth), add(total, level.amount)
        steps = DIVIDING.divide_int(total, spec.step)
        return multiply(spec.step, steps)

    def _place(self, account: str, wanted: Wanted) -> Order:
        return self._engine.place(
            account,
            wanted.market.spec.id,
            wanted.side,
            wanted.price,
            wanted.amount,
            type=wanted.type,
            client_id=wanted.client_id,
            time_in_force=wanted.time_in_force,
            post_only=wanted.post_only,
            reduce_only=wanted.reduce_only,
            trigger_price=wanted.trigger_price,
            trigger_by=wanted.trigger_by,
            trigger_above=wanted.trigger_above,
            leverage=wanted.leverage,
            margin_mode=wanted.margin_mode,
            stop_loss=wanted.stop_loss,
            take_profit=wanted.take_profit,
        )

    def edit(self, arguments: Arguments, account: str) -> Any:
        """Cancel an order, and place another one in its place, which has an id of its own.

        What was given is checked before. If the account has too little for the new order, there is none.
        """
        old = self._own(arguments, account)
        if old.status != "open":
            raise Declined("not_open", f"order {old.id} is {old.status}")
        given = {
            name: value for name, value in arguments.items() if name not in ("id", "originalClientOrderId")
        }
        kept = {"amount": written(old.remaining), "price": written(old.price)}
        wanted = self._wanted({**{name: value for name, value in kept.items() if value}, **given})
        spec = wanted.market.spec
        fits = (
            spec.min_amount <= wanted.amount <= spec.max_amount
            and units(wanted.amount, spec.step) is not None
        )
        if not fits or (wanted.price is not None and units(wanted.price, spec.tick) is None):
            raise Declined("bad_order", f"{wanted.amount} at {wanted.price} does not fit the market's steps")
        self._engine.cancel(account, old.id)
        return self.row(self._place(account, wanted))

    def close_position(self, arguments: Arguments, account: str) -> Any:
        """Close a position at the market's price."""
        market = self._data.contract(arguments)
        positions = self._engine.positions(account, market.spec.id)
        if not positions:
            raise Declined("no_position", f"there is no position in {market.spec.id}")
        return self.row(close_position(self._engine, positions[0]))

    def close_all(self, arguments: Arguments, account: str) -> Any:
        return [
            self.row(close_position(self._engine, position)) for position in self._engine.positions(account)
        ]

    # cancelling

    def cancel(self, arguments: Arguments, account: str) -> Any:
        order = self._own(arguments, account)
        self._engine.cancel(account, order.id)
        return self.row(order)

    def cancel_many(self, arguments: Arguments, account: str) -> Any:
        """Those that are named and open, by their ids or their clients' ids."""
        found = []
        for name, field in (("ids", "id"), ("clientOrderIds", "clientOrderId")):
            for each in texts(arguments, name) or ():
                order = self._own({**arguments, field: each}, account)
                self._engine.cancel(account, order.id)
                found.append(self.row(order))
        return found

    def cancel_all(self, arguments: Arguments, account: str) -> Any:
        symbol = self._symbol(arguments)
        waiting = flag_if_given(arguments, "trigger")
        if waiting is None:
            return [self.row(order) for order in self._engine.cancel_all(account, symbol)]
        orders = [each for each in self._engine.orders(account, symbol, ("open",)) if each.waits is waiting]
        return [self.row(self._engine.cancel(account, order.id)) for order in orders[::-1]]

    def _symbol(self, arguments: Arguments) -> str | None:
        return self._data.market(arguments).spec.id if "symbol" in arguments else None

    # finding

    def _own(self, arguments: Arguments, account: str) -> Order:
        """The order that is named, by its id or its client's id."""
        client_id = text_if_given(arguments, "clientOrderId") if "id" not in arguments else None
        if client_id is not None:
            order = self._engine.order_by_client_id(account, client_id)
        else:
            id = text(arguments, "id")
            order = self._engine.order(account, int(id)) if ID.fullmatch(id) else None
        symbol = self._symbol(arguments)
        if order is None or symbol not in (None, order.market):
            raise unknown_order(client_id or arguments.get("id"))
        return order

    def order(self, arguments: Arguments, account: str) -> Any:
        return self.row(self._own(arguments, account))

    def listing(self, *statuses: str) -> Callable[[Arguments, str], Any]:
        """The call that lists orders in these states."""

        def orders(arguments: Arguments, account: str) -> Any:
            symbol, waiting = self._symbol(arguments), flag_if_given(arguments, "trigger")
            newest = self._engine.newest_orders(account, symbol, statuses or None)
            found = between(newest, *_times(arguments), lambda order: order.created)
            wanted = (order for order in found if waiting is None or order.waits is waiting)
            return [self.row(order) for order in _page(wanted, arguments)]

        return orders

    def my_trades(self, arguments: Arguments, account: str) -> Any:
        symbol, id = self._symbol(arguments), text_if_given(arguments, "order")
        if id is not None:
            own = self._own({"id": id}, account)
            newest = self._engine.newest_fills_of(account, own.id)
        else:
            newest = self._engine.newest_fills(account, symbol)
        since, until = _times(arguments)
        found = between(newest, since, until, lambda fill: fill.timestamp)
        fills = by_time_and_id(found, newest_first=since is None)
        return [self.fill_row(account, fill) for fill in _page(fills, arguments)]

    def fill_row(self, account: str, fill: Fill) -> Row:
        order = self._engine.order(account, fill.order_id)
        return fill_row(fill, order.type if order else None)


def _times(arguments: Arguments) -> tuple[int | None, int | None]:
    return integer(arguments, "since"), integer(arguments, "until")


def _page(rows: Iterable[T], arguments: Arguments) -> list[T]:
    """Oldest first: those from `since` on, or the latest ones."""
    limit = min(integer(arguments, "limit") or SOME_ROWS, MOST_ROWS)
    page = list(islice(rows, limit))
    return page[::-1] if integer(arguments, "since") is None else page


def _refused(declined: Declined, wanted: Arguments) -> Row:
    kept = {name: wanted.get(name) for name in ("symbol", "type", "side", "amount", "price", "clientOrderId")}
    return {**kept, "status": "rejected", "error": {"kind": declined.kind, "message": declined.message}}
