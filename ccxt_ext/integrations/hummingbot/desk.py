"""Where all that is told of orders comes together: by streams, by polling, by answers, in any order.

hummingbot's tracker takes each fill once, by its id. An order's end is told to it after the order's fills.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from ccxt.base.errors import BaseError, NetworkError, OrderNotFound
from hummingbot.core.data_type.common import OrderType, TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder, OrderState, OrderUpdate

from ccxt_ext.integrations.hummingbot import late, orders
from ccxt_ext.integrations.hummingbot.lookup import LISTS, Lookup, NotYetKnown
from ccxt_ext.integrations.hummingbot.pairs import contract_size
from ccxt_ext.venue.rest_client import AsyncRestClient
from ccxt_ext.venue.settling.asked import Wanted

KEPT = 500
"""So many orders are remembered of which a stream has told, and none is known yet; and whose end was told."""

PATIENCE_S = 20.0
"""How long an order that has ended waits for fills that its venue does not list yet."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 4.0

EARLIER_MS = 60_000
"""Trades are asked for from so long before the order on: clocks differ."""


class Told(NamedTuple):
    """An order as it was told, and how much of it was filled by then."""

    row: Mapping[str, Any]
    update: OrderUpdate
    wanted: Decimal

    def after(self, before: Told) -> Told:
        """Both, in whatever order they came: an end stays one, and what was filled stays filled."""
        if self.has_ended is before.has_ended:
            later = self if self.wanted >= before.wanted else before
        else:
            later = self if self.has_ended else before
        return later._replace(wanted=max(self.wanted, before.wanted))

    @property
    def has_ended(self) -> bool:
        return self.update.new_state in orders.FINAL


class OrderDesk:
    """One connector's orders, as its venue tells of them."""

    def __init__(self, connector: Any) -> None:
        self.connector = connector
        self.tracker = connector.tracker
        self.client = connector.client
        self.lookups: dict[str, Lookup] = {}
        """The search for each order of unknown outcome, by hummingbot's id."""
        self.unwanted: set[str] = set()
        """Orders of unknown outcome that are to be cancelled once they are found."""
        self.inherited: set[str] = set()
        """Orders of another process, which hummingbot's strategies do not know."""
        self._cancelling: set[asyncio.Task[None]] = set()
        self._ended: OrderedDict[str, None] = OrderedDict()
        """The last orders whose end was told."""
        self._strays: OrderedDict[str, list[Mapping[str, Any]]] = OrderedDict()
        self._unnoted: list[InFlightOrder] = []
        """Orders of another process that may be lost, before the first of them is looked for."""
        self._completing: dict[str, asyncio.Task[None]] = {}
        self._latest: dict[str, Told] = {}
        """What was told last of each order whose fills are being completed."""
        self._asked: dict[str, int] = {}
        """When the fills of an order were asked for, in milliseconds."""

    @property
    def logger(self) -> logging.Logger:
        return self.connector.logger()

    def size_of(self, pair: str) -> Decimal:
        market = self.client.markets.get(self.connector.symbol_of(pair))
        return contract_size(market or {})

    # -- what is told -------------------------------------------------------------------------------

    def tracked(self, order_id: Any, client_id: Any) -> InFlightOrder | None:
        fillable = self.tracker.all_fillable_orders
        found = fillable.get(client_id) if client_id else None
        if found is None and order_id:
            found = self.tracker.all_fillable_orders_by_exchange_order_id.get(str(order_id))
        return found

    def order_told(self, row: Mapping[str, Any]) -> None:
        """Take an order as it is told."""
        tracked = self.tracked(row.get("id"), row.get("clientOrderId"))
        if tracked is None:
            self._stray(row.get("id"), {"order": row})
            return
        size = self.size_of(tracked.trading_pair)
        state = orders.state(row, tracked, size)
        if state is None:
            return
        update = orders.order_update(row, tracked, state, self.connector.now())
        if tracked.exchange_order_id is None and update.exchange_order_id is not None:
            self._found(tracked, update)
        behind = orders.filled(row, size) - tracked.executed_amount_base > orders.CLOSE_TO
        if state is OrderState.FILLED and not self._is_filled(tracked):
            behind = True
        if tracked.client_order_id in self._completing:
            behind = True  # its fills are being asked for
        if tracked.completely_filled_event.is_set():
            behind = False
        if behind:
            self._complete(tracked, row, update)
        if not behind or state not in orders.FINAL:
            self.tell(tracked, update)

    def tell(self, tracked: InFlightOrder, update: OrderUpdate) -> None:
        """Tell hummingbot, unless the order has ended already: an answer may be older than that.

        hummingbot takes it a little later. Until then the order is as before.
        """
        id, ends = tracked.client_order_id, update.new_state in orders.FINAL
        if id in self._ended:
            return
        if tracked.current_state in orders.FINAL and not (ends and id in self.tracker.lost_orders):
            return
        if ends:
            self._ended[id] = None
            while len(self._ended) > KEPT:
                self._ended.popitem(last=False)
        self.tracker.process_order_update(update)

    def has_ended(self, tracked: InFlightOrder) -> bool:
        """Whether its end was told."""
        return tracked.client_order_id in self._ended or tracked.current_state in orders.FINAL

    def trade_told(self, row: Mapping[str, Any]) -> None:
        """Take a fill as it is told."""
        tracked = self.tracked(row.get("order"), row.get("clientOrderId"))
        if tracked is None:
            self._stray(row.get("order"), {"trade": row})
            return
        self._take(row, tracked)

    def placed(self, tracked: InFlightOrder, row: Mapping[str, Any]) -> None:
        """Take the answer to an order, or the order once it was found."""
        if self.connector.recorder is None:
            late.keep(self.connector.client, tracked.client_order_id, str(row["id"]))
        at = row.get("timestamp")
        update = OrderUpdate(
            trading_pair=tracked.trading_pair,
            update_timestamp=at / 1000 if at else self.connector.now(),
            new_state=OrderState.OPEN,
            client_order_id=tracked.client_order_id,
            exchange_order_id=str(row["id"]),
        )
        self._found(tracked, update)
        if row.get("status") is not None:
            self.order_told({**row, "clientOrderId": tracked.client_order_id})

    def _found(self, tracked: InFlightOrder, update: OrderUpdate) -> None:
        """The order has an id now: its search ends, and what was told of it before is told again."""
        id = tracked.client_order_id
        self.lookups.pop(id, None)
        if tracked.current_state is OrderState.PENDING_CREATE:
            opened = update._replace(new_state=OrderState.OPEN)
            self.tell(tracked, opened)
        if tracked.exchange_order_id is None and update.exchange_order_id is not None:
            tracked.update_exchange_order_id(update.exchange_order_id)
        for told in self._strays.pop(str(update.exchange_order_id), []):
            if "trade" in told:
                self._take(told["trade"], tracked)
            else:
                self.order_told({**told["order"], "clientOrderId": id})
        if id in self.unwanted and update.new_state not in orders.FINAL:
            task = asyncio.ensure_future(self.connector.cancel_found(tracked))
            self._cancelling.add(task)
            task.add_done_callback(self._cancelling.discard)
        self.unwanted.discard(id)

    def _stray(self, order_id: Any, told: Mapping[str, Any]) -> None:
        if order_id:
            self._strays.setdefault(str(order_id), []).append(told)
            while len(self._strays) > KEPT:
                self._strays.popitem(last=False)

    def _take(self, row: Mapping[str, Any], tracked: InFlightOrder) -> None:
        connector = self.connector
        size = self.size_of(tracked.trading_pair)
        fill = orders.trade_update(
            connector.quirks.untold(row, tracked, size),
            tracked,
            size,
            connector.fees_of(tracked.trading_pair),
            connector.now(),
        )
        is_new = fill.trade_id not in tracked.order_fills
        self.tracker.process_trade_update(fill)
        if is_new:
            connector.fill_told()

    def _is_filled(self, tracked: InFlightOrder) -> bool:
        return tracked.completely_filled_event.is_set() or bool(
            tracked.amount - tracked.executed_amount_base <= orders.CLOSE_TO
        )

    # -- an order's fills ---------------------------------------------------------------------------

    def _complete(self, tracked: InFlightOrder, row: Mapping[str, Any], update: OrderUpdate) -> None:
        """Get the fills that an order has and no trade has told; then tell its end."""
        id, wanted = tracked.client_order_id, orders.filled(row, self.size_of(tracked.trading_pair))
        if update.new_state is OrderState.FILLED and row.get("filled") is None:
            wanted = Decimal(tracked.amount)
        told, before = Told(row, update, wanted), self._latest.get(id)
        self._latest[id] = told if before is None else told.after(before)
        if id not in self._completing:
            self._completing[id] = asyncio.ensure_future(self._completed(tracked))

    async def completed(self, tracked: InFlightOrder) -> None:
        """Wait until the fills are told that an order is known to have, if that is not given up before."""
        task = self._completing.get(tracked.client_order_id)
        if task is not None:
            await asyncio.wait({task})

    async def _completed(self, tracked: InFlightOrder) -> None:
        id = tracked.client_order_id
        try:
            pause, waited = FIRST_PAUSE_S, 0.0
            while self._lacks(tracked) and waited < PATIENCE_S:
                try:
                    await self.fetch_fills([tracked], self._latest[id].row, whole=True)
                except BaseError as error:
                    self.logger.debug(f"The fills of {id} are not known yet: {error}")
                if self._lacks(tracked):
                    await self.connector.pause(pause)
                    waited, pause = waited + pause, min(pause * 2, LONGEST_PAUSE_S)
            if self._lacks(tracked):
                self.logger.warning(
                    f"The venue says that {self._latest[id].wanted} of the order {id} were filled, and lists "
                    f"fills of {tracked.executed_amount_base}"
                )
            update = self._latest[id].update
            if update.new_state in orders.FINAL:
                self.tell(tracked, update)
        finally:
            self._completing.pop(id, None)
            self._latest.pop(id, None)

    def _lacks(self, tracked: InFlightOrder) -> bool:
        wanted = self._latest[tracked.client_order_id].wanted
        return bool(wanted - tracked.executed_amount_base > orders.CLOSE_TO)

    @property
    def lists_trades(self) -> bool:
        """Whether the venue lists fills. Otherwise its orders tell them."""
        return self.client.has("fetchMyTrades") or self.client.has("fetchOrderTrades")

    async def fetch_fills(
        self, tracked: Sequence[InFlightOrder], row: Mapping[str, Any] | None = None, whole: bool = False
    ) -> None:
        """Ask for the fills of these orders, if not for the whole of them since they were asked for last.

        Raises what ccxt does.
        """
        by_pair: dict[str, list[InFlightOrder]] = {}
        for order in tracked:
            if order.exchange_order_id is not None:
                by_pair.setdefault(order.trading_pair, []).append(order)
        if not by_pair:
            return
        async with self.client.open() as api:
            refused: BaseError | None = None
            for pair, some in by_pair.items():
                try:
                    await self._fetch_fills(api, pair, some, row, whole)
                except NetworkError:
                    raise
                except BaseError as error:  # others' fills are told all the same
                    refused = error
            if refused is not None:
                raise refused

    async def _fetch_fills(
        self,
        api: Any,
        pair: str,
        some: Sequence[InFlightOrder],
        row: Mapping[str, Any] | None,
        whole: bool,
    ) -> None:
        symbol = self.connector.symbol_of(pair)
        if api.has.get("fetchMyTrades"):
            now = api.milliseconds()
            since = min(self._since(order, whole) for order in some)
            await self._take_trades(api, symbol, max(since, 0), some)
            self._note_asked(some, now)
        elif api.has.get("fetchOrderTrades"):
            for order in some:
                self._told(await api.fetch_order_trades(order.exchange_order_id, symbol), some)
        else:
            for order in some:
                await self._fills_of_order(api, symbol, order, row)

    def _since(self, tracked: InFlightOrder, whole: bool) -> int:
        created = int(tracked.creation_timestamp * 1000)
        asked = 0 if whole else self._asked.get(tracked.client_order_id, 0)
        return max(created, asked) - EARLIER_MS

    def _note_asked(self, some: Iterable[InFlightOrder], now: int) -> None:
        fillable = self.tracker.all_fillable_orders
        self._asked = {id: at for id, at in self._asked.items() if id in fillable}
        self._asked.update((order.client_order_id, now) for order in some)

    async def _take_trades(self, api: Any, symbol: str, since: int, some: Sequence[InFlightOrder]) -> None:
        """Take all trades from a time on. Each page is taken at once, as the next may fail to come."""
        met: set[Any] = set()
        while True:
            rows = await api.fetch_my_trades(symbol, since)
            self._told(rows, some)
            new = [row for row in rows if row["id"] not in met]
            met.update(row["id"] for row in new)
            last = max((row["timestamp"] or 0 for row in new), default=0)
            if last <= since or isinstance(api, AsyncRestClient):  # whose lists are whole
                return
            since = last

    async def _fills_of_order(
        self, api: Any, symbol: str, tracked: InFlightOrder, row: Mapping[str, Any] | None
    ) -> None:
        """A venue that lists no trades: an order tells its own."""
        if row is None:
            row = await api.fetch_order(tracked.exchange_order_id, symbol)
        trades = row.get("trades") or []
        rest = orders.rest_of_order(row, tracked, self.size_of(tracked.trading_pair))
        for trade in trades or ([rest] if rest else []):
            self._take(trade, tracked)

    def _told(self, rows: Iterable[Mapping[str, Any]], some: Sequence[InFlightOrder]) -> None:
        by_id = {order.exchange_order_id: order for order in some}
        for row in rows:
            tracked = by_id.get(str(row.get("order")))
            if tracked is not None:
                self._take(row, tracked)

    # -- looking ------------------------------------------------------------------------------------

    async def look(self, tracked: InFlightOrder) -> Mapping[str, Any]:
        """An order as it is now, told to hummingbot too. Raises OrderNotFound, or what else ccxt does."""
        if tracked.exchange_order_id is None:
            return await self.find(tracked)
        symbol = self.connector.symbol_of(tracked.trading_pair)
        async with self.client.open() as api:
            self.connector.quirks.remind(api, symbol, tracked)
            row = await self._row(api, tracked.exchange_order_id, symbol)
        self.order_told({**row, "clientOrderId": tracked.client_order_id})
        return row

    async def _row(self, api: Any, id: str, symbol: str) -> Mapping[str, Any]:
        """An order by its id: from the lists, where the venue looks none up."""
        if api.has.get("fetchOrder"):
            found: Mapping[str, Any] = await api.fetch_order(id, symbol)
            return found
        for name in LISTS:
            if api.has.get(name):
                rows: list[Mapping[str, Any]] = await getattr(api, api.un_camel_case(name))(symbol)
                for row in rows:
                    if str(row["id"]) == id:
                        return row
        raise OrderNotFound(f"{api.id} lists no order {id}")

    async def find(self, tracked: InFlightOrder, unwanted: bool = False) -> Mapping[str, Any]:
        """An order of unknown outcome; one that is unwanted is cancelled if it is found later.

        Raises NotYetKnown, or OrderNotFound if it was never placed.
        """
        id = tracked.client_order_id
        if id not in self.lookups and id in self.connector.being_placed:
            raise NotYetKnown(f"The order {id} is just being placed")
        async with self.client.open() as api:
            self._note_restored(api)
            lookup = self.lookups.get(id)
            if lookup is None:
                lookup = self.lookups[id] = self._lookup_of(tracked)
            try:
                row: Mapping[str, Any] | None = late.answer(self.connector.client, id)
                if row is None:
                    row = await lookup.order(api, self.connector.known_ids())
            except NotYetKnown:
                if tracked.exchange_order_id is not None:  # a stream has told of it meanwhile
                    return await self.look(tracked)
                if unwanted:
                    self.unwanted.add(id)
                raise
            if row is None:
                self.lookups.pop(id, None)
                self.unwanted.discard(id)
                raise OrderNotFound(f"{api.id} has no order {id}: it was never placed")
            self.logger.warning(f"The order {id}, whose outcome was unknown, is on the venue as {row['id']}")
            if unwanted:
                self.unwanted.discard(id)  # who asks cancels it
            elif lookup.honours_ids and lookup.is_late(api):
                self.unwanted.add(id)  # it may be there only since it was sent again
            self.placed(tracked, row)
        return row

    def lose(self, tracked: InFlightOrder, wanted: Wanted, error: BaseException) -> None:
        """The answer to an order was lost: it is looked for from now on, unless a stream has told of it."""
        self._forget_untracked()
        if tracked.exchange_order_id is not None:
            return
        id, at = tracked.client_order_id, int(tracked.creation_timestamp * 1000)
        self.lookups[id] = Lookup(wanted, id, at, error)
        said = f"It is not known whether the order {id} was placed; it is looked for: {error}"
        self.logger.log(logging.WARNING if isinstance(error, Exception) else logging.DEBUG, said)

    def _forget_untracked(self) -> None:
        """Drop the searches that hummingbot has given up."""
        fillable = self.tracker.all_fillable_orders
        self.lookups = {id: lookup for id, lookup in self.lookups.items() if id in fillable}
        self.unwanted &= fillable.keys()

    def restored(self) -> None:
        """Orders of hummingbot's database have come: look for those that another process has not found.

        All of them are noted before one is looked for, as what is listed is shared out among them.
        """
        for id, tracked in self.tracker.all_updatable_orders.items():
            self.inherited.add(id)
            if tracked.exchange_order_id is None and id not in self.lookups:
                self._unnoted.append(tracked)

    def _note_restored(self, api: Any) -> None:
        """Only now are the markets known, without which no order can be told."""
        while self._unnoted:
            tracked = self._unnoted.pop()
            if tracked.exchange_order_id is None:
                lookup = self.lookups[tracked.client_order_id] = self._lookup_of(tracked)
                lookup.note(api, self.connector.known_ids())

    def _lookup_of(self, tracked: InFlightOrder) -> Lookup:
        at = int(tracked.creation_timestamp * 1000)
        honours_ids = self.connector.quirks.honours_ids
        return Lookup(self.wanted(tracked), tracked.client_order_id, at, honours_ids=honours_ids)

    def wanted(self, tracked: InFlightOrder, **more: Any) -> Wanted:
        """An order as ccxt is asked for it."""
        symbol = self.connector.symbol_of(tracked.trading_pair)
        type = "market" if tracked.order_type is OrderType.MARKET else "limit"
        side = "buy" if tracked.trade_type is TradeType.BUY else "sell"
        amount = float(tracked.amount / self.size_of(tracked.trading_pair))
        price = tracked.price
        given = None if price is None or price.is_nan() or type == "market" else float(price)
        return Wanted(symbol, type, side, amount, given, self.connector.order_params(tracked, **more))


def is_passing(error: BaseException) -> bool:
    """Whether an error tells nothing of the order that was asked for."""
    return isinstance(error, (NetworkError, NotYetKnown))
