"""Carries out orders in a market."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial

from ..accounts import Account
from ..events import Match
from ..exact import ZERO, add, subtract
from ..model import Fill, MarketSpec, Order, Trade, TriggerSource
from .announcer import Announcer
from .book import Book
from .settlement import Charge, Settlement
from .tape import Tape
from .triggers import Triggers


class Matching:
    """Matches orders with the book, has their money moved, records the trades, and announces them.

    The caller has checked an order, and the account's money, before it submits it.
    """

    def __init__(
        self,
        spec: MarketSpec,
        *,
        book: Book,
        tape: Tape,
        settlement: Settlement,
        announcer: Announcer,
        accounts: Mapping[str, Account],
        price_by: Callable[[TriggerSource], Decimal],
        first_trade_id: int,
    ) -> None:
        self.spec = spec
        self.book = book
        self.tape = tape
        self.settlement = settlement
        self.announcer = announcer
        self.price_by = price_by
        """The price that waiting orders are compared with."""
        self.next_trade_id = first_trade_id
        self.seq = 0
        """How often the market has changed."""
        self.accounts = accounts
        self.triggers = Triggers()
        self._holds_triggers = False

    def submit(self, order: Order, account: Account, now: int) -> None:
        """Hold an order's money, match it, and put the rest into the book; or let it wait for its trigger."""
        self.seq += 1
        order.seq = self.seq
        if account.keeps_records:
            account.orders.add(order)
            self.settlement.note(order, account)
            self.announcer.order(order)
        touched = [order]
        self.settlement.reserve(order, account)
        if order.trigger_price is None:
            self._execute(order, account, now, touched)
        else:
            self.triggers.add(order)
        self._after(touched, now)

    def clear(self, makers: Sequence[tuple[Order, Account]], taker: tuple[Order, Account], now: int) -> None:
        """Make the trades between `makers`, best price first, and a `taker` that fills them all.

        This is for the history, and takes half the time of placing the orders in an empty book. It makes no
        events, and does not change the orders.
        """
        for order, account in (*makers, taker):
            self.settlement.reserve(order, account)
        self.seq += len(makers) + 1
        for order, account in makers:
            self._exchange(*taker, order, account, order.amount, now)

    def withdraw(self, order: Order, account: Account, now: int, reason: str = "") -> None:
        """Cancel an open order, and free the money that it still holds."""
        if order.waits:
            self.triggers.remove(order)
        else:
            self._take_out(order, order.remaining, now)
        self._end(order, account, now, reason)
        self._after([order], now)

    def withdraw_all(self, now: int, reason: str) -> None:
        """Cancel all orders: those that wait, then those in the book."""
        for order, account in self._open_orders():
            if order.status == "open":  # the cancel before may have led to its end
                self.withdraw(order, account, now, reason)

    def change(self, spec: MarketSpec, finer: int, now: int) -> None:
        """Go by other rules. Open orders stay, but for those that their accounts could not pay for.

        `finer` is how many of the new ticks an old one is.
        """
        if finer > 1:
            self.book.bids.refine(finer)
            self.book.asks.refine(finer)
            for order in self.triggers.waiting.values():
                order.ticks *= finer
        for order in self.settlement.cannot_pay(spec, self._open_orders()):
            self.withdraw(order, self.accounts[order.account], now, "insufficient_funds")
        self.settlement.change(spec, self._open_orders())
        self.spec = spec

    def _open_orders(self) -> list[tuple[Order, Account]]:
        """Those that wait, then those in the book."""
        orders = [*self.triggers.waiting.values(), *self.book.bids.orders(), *self.book.asks.orders()]
        return [(order, self.accounts[order.account]) for order in orders]

    def run_due(self, now: int) -> None:
        """Carry out waiting orders whose trigger price was reached without a trade."""
        self._after([], now)

    @contextmanager
    def triggers_held(self, now: int) -> Iterator[None]:
        """Let waiting orders wait until the end of a change that takes several orders."""
        self._holds_triggers = True
        try:
            yield
        finally:
            self._holds_triggers = False
            self.run_due(now)

    def _after(self, touched: list[Order], now: int) -> None:
        """Carry out waiting orders whose trigger price was reached, and announce all changes."""
        while self.triggers.waiting and self.spec.active and not self._holds_triggers:
            order = self.triggers.take_due(self.price_by)
            if order is None:
                break
            account = self.accounts[order.account]
            self.seq += 1
            order.seq, order.updated = self.seq, now
            if order.price is None:  # it has held money by its trigger price
                self.settlement.release(order, account)
            order.triggered = True
            account.orders.change(order)
            self.settlement.note(order, account)
            self.announcer.order(order)
            touched.append(order)
            self._execute(order, account, now, touched)
        self.announcer.changes(touched, self.seq)

    def _execute(self, order: Order, account: Account, now: int, touched: list[Order]) -> None:
        """Match an order whose money is held. The rest goes into the book, or is cancelled if it says so."""
        may_rest = order.type == "limit" and order.time_in_force == "GTC"
        if order.reduce_only:
            self._shrink(order, account)
        if not may_rest or order.post_only or order.reduce_only or order.triggered:
            reason = self._unfit(order, account)
            if reason:
                self._end(order, account, now, reason)
                return
        allowed = None
        if order.price is None:
            allowed = partial(self.settlement.allowed, order, account)
        matches: list[Match] = []
        for maker, amount in self.book.crossing(order, allowed):
            trade = self._trade(order, account, maker, amount, now)
            matches.append(Match(trade.id, maker.id, trade.price, trade.amount))
            touched.append(maker)
            for party in (account, self.accounts[maker.account]):
                if party.keeps_records:
                    self._trim(party, order, now, touched)
        self.announcer.entry(order, order.remaining if may_rest else ZERO, matches, now)
        if not order.remaining:
            return
        if may_rest:
            self.book.side(order.side).add(order)
        elif order.type == "limit":
            self._end(order, account, now, "ioc")
        else:
            book_is_empty = not self.book.offers(order.side, order.ticks, order.remaining)
            self._end(order, account, now, "no_liquidity" if book_is_empty else "insufficient_funds")

    def _shrink(self, order: Order, account: Account) -> None:
        """Reduce a reduce-only order to the size of the position."""
        excess = subtract(order.remaining, self.settlement.reducible(order, account))
        if ZERO < excess < order.remaining:
            order.remaining = subtract(order.remaining, excess)
            order.amount = subtract(order.amount, excess)
            account.orders.change(order)
            self.settlement.note(order, account)
            self.announcer.order(order)

    def _trim(self, account: Account, taker: Order, now: int, touched: list[Order]) -> None:
        """Reduce the reduce-only orders in the book to what is left of the position."""
        for order in self.settlement.overhang(account):
            if order is taker:
                continue
            excess = subtract(order.remaining, self.settlement.reducible(order, account))
            self._take_out(order, excess, now)
            touched.append(order)
            if excess == order.remaining:
                self._end(order, account, now, "reduce_only")
            else:
                self._shrink(order, account)

    def _unfit(self, order: Order, account: Account) -> str:
        """Why an order may not trade at all; empty if it may."""
        offers = self.book.offers(order.side, order.ticks, order.remaining)
        if order.reduce_only and not self.settlement.reducible(order, account):
            return "reduce_only"
        reason = self.settlement.unfit(order, account, offers) if order.triggered else ""
        if reason:
            return reason
        if order.post_only and offers:
            return "would_cross"
        if order.time_in_force == "FOK":
            total = ZERO
            for _, amount in offers:
                total = add(total, amount)
            if total < order.remaining:
                return "fok"
        return ""

    def _take_out(self, order: Order, amount: Decimal, now: int) -> None:
        """Take an order, or a part of it, out of the book without a trade."""
        self.book.side(order.side).reduce(order, amount)
        self.announcer.exit(order, amount, now)

    def _end(self, order: Order, account: Account, now: int, reason: str) -> None:
        """Cancel an order that is not in the book."""
        self.settlement.release(order, account)
        self.seq += 1
        order.seq = self.seq
        order.status = "canceled"
        order.reason = reason
        order.updated = now
        if account.keeps_records:
            account.orders.end(order)
            self.settlement.note(order, account)
            self.announcer.order(order)

    def _trade(self, taker: Order, taker_account: Account, maker: Order, amount: Decimal, now: int) -> Trade:
        maker_account = self.accounts[maker.account]
        trade, cost, maker_charge, taker_charge = self._exchange(
            taker, taker_account, maker, maker_account, amount, now
        )
        self.announcer.trade(trade)
        self._fill(maker, maker_account, trade, cost, maker_charge, True)
        self._fill(taker, taker_account, trade, cost, taker_charge, False)
        return trade

    def _exchange(
        self,
        taker: Order,
        taker_account: Account,
        maker: Order,
        maker_account: Account,
        amount: Decimal,
        now: int,
    ) -> tuple[Trade, Decimal, Charge, Charge]:
        """Move the money of a trade. Returns its cost, and the fees of the maker and the taker."""
        spec = self.spec
        price = maker.limit
        cost = self.settlement.cost(price, amount)
        if taker.side == "buy":
            taker_charge, maker_charge = self.settlement.settle_trade(
                taker,
                taker_account,
                maker,
                maker_account,
                price,
                amount,
                cost,
                spec.taker_fee,
                spec.maker_fee,
            )
        else:
            maker_charge, taker_charge = self.settlement.settle_trade(
                maker,
                maker_account,
                taker,
                taker_account,
                price,
                amount,
                cost,
                spec.maker_fee,
                spec.taker_fee,
            )
        trade = Trade(self.next_trade_id, spec.id, price, amount, taker.side, now)
        self.next_trade_id += 1
        self.seq += 1
        self.tape.add(trade)
        return trade, cost, maker_charge, taker_charge

    def _fill(
        self, order: Order, account: Account, trade: Trade, cost: Decimal, charge: Charge, maker: bool
    ) -> None:
        fee, currency = charge
        order.filled = add(order.filled, trade.amount)
        order.remaining = subtract(order.remaining, trade.amount)
        order.cost = add(order.cost, cost)
        order.fees[currency] = add(order.fees.get(currency, ZERO), fee)
        order.updated = trade.timestamp
        order.seq = self.seq
        if not order.remaining:
            order.status = "closed"
        if account.keeps_records:
            if order.remaining:
                account.orders.change(order)
            else:
                account.orders.end(order)
            self.settlement.note(order, account)
            order.average = self.settlement.average(order.filled, order.cost)
            fill = Fill(
                trade.id,
                order.id,
                trade.market,
                order.side,
                trade.price,
                trade.amount,
                cost,
                fee,
                currency,
                maker,
                trade.timestamp,
                account.name,
            )
            account.fills.add(fill)
            self.announcer.order(order, fill)
