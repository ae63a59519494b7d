"""Tells the listeners of an engine what happens in one market."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ..accounts import Account
from ..events import BalanceEvent, BookEvent, EntryEvent, ExitEvent, Match, OrderEvent, TradeEvent
from ..model import Fill, MarketSpec, Order, Side, Trade
from ..outbox import Outbox
from .book import Book
from .settlement import Settlement


class Announcer:
    """Makes the events of one market, if anybody listens. There are none while its history is made."""

    __slots__ = ("_accounts", "_book", "_outbox", "_settlement", "_spec", "_when_begun")

    def __init__(
        self,
        spec: MarketSpec,
        outbox: Outbox,
        book: Book,
        settlement: Settlement,
        accounts: Mapping[str, Account],
    ) -> None:
        self._spec = spec
        self._when_begun = outbox
        self._outbox = Outbox()  # one without listeners
        self._book = book
        self._settlement = settlement
        self._accounts = accounts

    def begin(self) -> None:
        self._outbox = self._when_begun

    def order(self, order: Order, fill: Fill | None = None) -> None:
        """Tell of an order after a change, unless it is a synthetic trader's."""
        if self._outbox.heard_in_full:
            self._outbox.add(OrderEvent(order.copy(), fill))

    def trade(self, trade: Trade) -> None:
        if self._outbox.heard_in_full:
            self._outbox.add(TradeEvent(trade))

    def entry(self, order: Order, left: Decimal, matches: Sequence[Match], now: int) -> None:
        """Tell of an order that was matched, with `left` of it in the book."""
        if self._outbox.heard_in_full:
            self._outbox.add(
                EntryEvent(self._spec.id, order.id, order.side, order.price, left, tuple(matches), now)
            )

    def exit(self, order: Order, amount: Decimal, now: int) -> None:
        """Tell of an order that was taken out of the book, all of it or a part, without a trade."""
        if self._outbox.heard_in_full:
            self._outbox.add(ExitEvent(self._spec.id, order.id, order.side, order.limit, amount, now))

    def changes(self, touched: Sequence[Order], seq: int) -> None:
        """Tell of each level and each balance that an operation has changed, once, as it is in the end."""
        if not self._outbox.heard:
            return
        add, market, wallet = self._outbox.add, self._spec.id, self._settlement.wallet
        levels: dict[tuple[Side, int], Decimal] = {}
        for order in touched:
            if order.price is not None:
                levels[order.side, order.ticks] = order.price
        for (side, ticks), price in levels.items():
            add(BookEvent(market, side, price, self._book.amount_at(side, ticks), seq))
        if not self._outbox.heard_in_full:
            return
        for name in dict.fromkeys(order.account for order in touched):
            account = self._accounts[name]
            if account.keeps_records:
                for currency in self._spec.money:
                    free, held = self._settlement.balance(account, currency)
                    add(BalanceEvent(name, currency, free, held, wallet))
