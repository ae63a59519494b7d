"""Notes what calls ask for that place or cancel orders, and adds it to errors of unknown outcome."""

import functools
import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ccxt.base.errors import BaseError
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders.outcomes import is_unknown
from ccxt_ext.venue.settling import docket
from ccxt_ext.venue.settling.asked import PLACING, SETTLED, Asked, asked_for
from ccxt_ext.venue.settling.docket import Docket, docket_of

# Lists whose rows were there before what is asked for later.
LISTING = ("fetchOpenOrders", "fetchOrders")


def tracked(method: Callable[..., Any], name: str, names: Sequence[str]) -> Callable[..., Any]:
    """A unified method that notes what it is asked for; itself, if that is of no use."""
    kind = name.removesuffix("Ws")
    if kind not in SETTLED and kind not in LISTING:
        return method

    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def wrapper(self: Any, *args: Any, **named: Any) -> Any:
            call = Call(self, kind, {**dict(zip(names, args, strict=False)), **named})
            try:
                answer = await method(self, *args, **named)
            except BaseException as error:
                call.fails(error)
                raise
            call.succeeds(answer)
            return answer
    else:

        @functools.wraps(method)
        def wrapper(self: Any, *args: Any, **named: Any) -> Any:
            call = Call(self, kind, {**dict(zip(names, args, strict=False)), **named})
            try:
                answer = method(self, *args, **named)
            except BaseException as error:
                call.fails(error)
                raise
            call.succeeds(answer)
            return answer

    return wrapper


class Call:
    """One call of a tracked method."""

    def __init__(self, exchange: Exchange, method: str, given: Mapping[str, Any]) -> None:
        self._exchange = exchange
        self._asked: Asked | None = None
        if method in SETTLED:
            asked = asked_for(method, given)
            orders = [replace(order, symbol=symbol_of(exchange, order.symbol)) for order in asked.orders]
            now, number = exchange.milliseconds(), self._docket().number()
            self._asked = replace(asked, orders=tuple(orders), began=now, number=number)
        if self._asked is not None and method in PLACING:
            kept = self._docket()
            for order in self._asked.orders:
                kept.begins(order, self._asked.began, self._asked.number)

    def succeeds(self, answer: Any) -> None:
        now, kept = self._exchange.milliseconds(), self._docket()
        told = answer if isinstance(answer, list) else [answer]
        ids = [order.get("id") if isinstance(order, Mapping) else None for order in told]
        placed: Sequence[Any] = ()
        if self._asked is not None:
            placed = self._asked.orders if self._asked.method in PLACING else ()
        for place, id in enumerate(ids):
            order = placed[place] if place < len(placed) else None
            if isinstance(id, str) and (order is not None or self._asked is None):
                kept.is_told(id, None if order is None else order.token)
        for order in placed:
            kept.ends(order, now)

    def fails(self, error: BaseException) -> None:
        if self._asked is None:
            return
        unknown = isinstance(error, BaseError) and is_unknown(error)
        own = unknown and not hasattr(error, "asked")  # else it is that of a call within this one
        now, ticks = self._exchange.milliseconds(), time.monotonic()
        if own:
            vars(error)["asked"] = replace(self._asked, ended=now, ticks=ticks)
        # A call that was cancelled may have left as well; nobody will ask for its order.
        lost = own or not isinstance(error, Exception)
        ids = list(getattr(error, "order_ids", ())) if own else []
        for place, order in enumerate(self._asked.orders if self._asked.method in PLACING else ()):
            if place < len(ids):  # no other call's order has this id
                self._docket().is_told(ids[place], order.token)
            if lost:
                self._docket().becomes(order, docket.UNKNOWN, now, ended=now, ticks=ticks)
            else:
                self._docket().ends(order, now)

    def _docket(self) -> Docket:
        return docket_of(self._exchange)


def symbol_of(exchange: Exchange, symbol: str) -> str:
    """The symbol of what may be a market's id."""
    if not exchange.markets or symbol in exchange.markets:
        return symbol
    try:
        return str(exchange.market(symbol)["symbol"])
    except BaseError:  # the call itself will say so
        return symbol
