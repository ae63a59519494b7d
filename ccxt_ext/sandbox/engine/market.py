"""One market: how orders are carried out in its book."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from threading import Lock

from .accounts import Account
from .clock import Clock
from .contracts.funding import ContractLife
from .contracts.margins import Margins
from .contracts.prices import ContractPrices
from .contracts.settlement import ContractSettlement
from .events import BalanceEvent, BookEvent, EntryEvent, ExitEvent, Match, OrderEvent, TradeEvent
from .exact import ZERO, add, subtract
from .ledger import Bucket, Ledger
from .market_data import MarketData
from .model import Fill, MarketSpec, Order, Side, Trade
from .synthetic.crowd import Crowd
from .synthetic.history import Horizon, make_history
from .synthetic.past import PASTS, Past, money_in
from .trading.matching import crossing, meets
from .trading.settlement import Charge, Settlement
from .trading.spot import SpotSettlement
from .trading.triggers import Triggers


class Market(MarketData):
    """The caller of what changes a market has checked the order and the account's money."""

    def __init__(
        self,
        spec: MarketSpec,
        *,
        ledger: Ledger,
        accounts: Mapping[str, Account],
        clock: Clock,
        crowd: Crowd,
        horizons: Sequence[Horizon],
        first_trade_id: int,
        history_lock: Lock,
        past_ends: Callable[[], int],
        margins: Margins,
        now: Callable[[], int],
        next_position_id: Callable[[], int],
    ) -> None:
        super().__init__(
            spec,
            clock=clock,
            crowd=crowd,
            horizons=horizons,
            history_lock=history_lock,
            past_ends=past_ends,
        )
        self._accounts = accounts
        self._keeps_journal = ledger.journal is not None
        self._triggers = Triggers()
        self._next_trade_id = first_trade_id
        self._life: ContractLife | None = None
        self.settlement: Settlement
        if spec.is_contract:
            prices = ContractPrices(spec, crowd.seed, clock.start_ms, self._market_price)
            self.contract = self.settlement = ContractSettlement(
                spec, ledger, margins, prices, now, next_position_id, crowd.accounts
            )
            margins.add_market(self.contract)
            self._life = ContractLife(self.contract, ledger)
        else:
            self.settlement = SpotSettlement(spec, ledger)

    def _make_past(self, end_ms: int) -> None:
        key = (self.crowd.seed, replace(self.spec, expiry_ms=None), tuple(self._horizons))
        past = None if self._keeps_journal else PASTS.get(key)  # a copy has no postings
        if past is not None:
            self._begin_with(past, end_ms)
            return
        make_history(self, self.crowd, end_ms, self._horizons)
        PASTS.keep(key, self._past(end_ms))

    def _past(self, end_ms: int) -> Past:
        orders = [*self._book.bids.orders(), *self._book.asks.orders()]
        return Past(
            end_ms,
            tuple(self._trades),
            [replace(order, fees=dict(order.fees)) for order in orders],
            money_in(self._past_buckets()),
            dict(self.contract.synthetic) if self.contract else {},
            self._seq,
            self._next_trade_id,
            self.crowd.next_order_id,
        )

    def _begin_with(self, past: Past, end_ms: int) -> None:
        self._trades.extend(past.trades_until(end_ms))
        for order in past.orders_until(end_ms):
            self._book.side(order.side).add(order)
        for bucket, amounts in zip(self._past_buckets(), past.money, strict=True):
            bucket.amounts.update(amounts)
        if self.contract:
            self.contract.synthetic.update(past.positions)
        self._seq, self._next_trade_id = past.seq, past.next_trade_id
        self.crowd.next_order_id = past.next_order_id

    def _past_buckets(self) -> list[Bucket]:
        """All that money of the past moved between."""
        wallets = [account.wallet for account in self.crowd.accounts]
        return [bucket for wallet in wallets for bucket in wallet.buckets] + [self.settlement.fees]

    # Time

    def next_change(self) -> int | None:
        """When time next does something here; never before there is a past."""
        return self._life.next_change() if self._life and self._has_history else None

    def pass_time(self, at: int) -> None:
        """Pay funding, draw new prices, or settle."""
        assert self._life is not None
        if self._life.expires(at):
            for order in [*self._triggers.orders(), *self.standing("buy"), *self.standing("sell")]:
                self.withdraw(order, self._accounts[order.account], at, "expired")
        self._life.pass_time(at)
        self._after([], at)

    # Orders

    def submit(self, order: Order, account: Account, now: int) -> None:
        """Hold an order's money, match it, and leave the rest in the book; or let it wait."""
        self._seq += 1
        order.seq = self._seq
        if account.keeps_records:
            account.add_order(order)
        if self.events is not None:
            self._tell_order(order, account)
        touched = [order]
        self.settlement.reserve(order, account)
        if order.trigger_price is None:
            self._execute(order, account, now, touched)
        else:
            self._triggers.add(order)
        self._after(touched, now)

    def meet(self, makers: Sequence[tuple[Order, Account]], taker: tuple[Order, Account], now: int) -> None:
        """Trade as if `makers`, the best first, and a `taker` that clears them went through an empty book, in
        half the time. It is for the past: nobody is told, and the orders stay as they are."""
        for order, account in (*makers, taker):
            self.settlement.reserve(order, account)
        self._seq += len(makers) + 1
        for order, account in makers:
            self._exchange(*taker, order, account, order.amount, now)

    def withdraw(self, order: Order, account: Account, now: int, reason: str = "") -> None:
        """Cancel an open order and free what it still holds."""
        if order.waits:
            self._triggers.remove(order)
        else:
            self._take_out(order, order.remaining, now)
        self._end(order, account, now, reason)
        self._after([order], now)

    def _after(self, touched: list[Order], now: int) -> None:
        """Run the orders whose price has come, then tell what all that changed."""
        while self._triggers:
            order = self._triggers.take_due(self.price)
            if order is None:
                break
            account = self._accounts[order.account]
            self._seq += 1
            order.seq, order.updated = self._seq, now
            if order.price is None:  # it held money at its trigger price
                self.settlement.release(order, account)
            order.triggered = True
            if self.events is not None:
                self._tell_order(order, account)
            touched.append(order)
            self._execute(order, account, now, touched)
        if self.events is not None:
            self._tell_book_and_balances(touched)

    def _execute(self, order: Order, account: Account, now: int, touched: list[Order]) -> None:
        """Match an order whose money is held, and do with the rest what it says."""
        plain = order.type == "limit" and order.time_in_force == "GTC"
        if order.reduce_only:
            self._shrink(order, account)
        if not plain or order.post_only or order.reduce_only or order.triggered:
            reason = self._unfit(order, account)
            if reason:
                self._end(order, account, now, reason)
                return
        allowed = None
        if order.price is None:
            allowed = partial(self.settlement.allowed, order, account)
        matches: list[Match] = []
        for maker, amount in crossing(self._book, order, allowed):
            trade = self._trade(order, account, maker, amount, now)
            if self.events is not None:
                matches.append(Match(trade.id, maker.id, trade.price, trade.amount))
            touched.append(maker)
            for party in (account, self._accounts[maker.account]):
                if party.keeps_records:
                    self._trim(party, order, now, touched)
        if self.events is not None:
            left = order.remaining if plain else ZERO
            self.events.append(
                EntryEvent(self.spec.id, order.id, order.side, order.price, left, tuple(matches), now)
            )
        if not order.remaining:
            return
        if plain:
            self._book.side(order.side).add(order)
        elif order.type == "limit":
            self._end(order, account, now, "ioc")
        else:
            book_is_empty = not meets(self._book, order.side, order.ticks, order.remaining)
            self._end(order, account, now, "no_liquidity" if book_is_empty else "insufficient_funds")

    def _shrink(self, order: Order, account: Account) -> None:
        """Cut a reduce-only order down to the position."""
        excess = subtract(order.remaining, self.settlement.reducible(order, account))
        if ZERO < excess < order.remaining:
            order.remaining = subtract(order.remaining, excess)
            order.amount = subtract(order.amount, excess)
            self._tell_order(order, account)

    def _trim(self, account: Account, taker: Order, now: int, touched: list[Order]) -> None:
        """Cut the reduce-only orders in the book down to what is left of the position."""
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
        """Why an order may not even begin to trade."""
        met = meets(self._book, order.side, order.ticks, order.remaining)
        if order.reduce_only and not self.settlement.reducible(order, account):
            return "reduce_only"
        reason = self.settlement.unfit(order, account, met) if order.triggered else ""
        if reason:
            return reason
        if order.post_only and met:
            return "would_cross"
        if order.time_in_force == "FOK":
            total = ZERO
            for _, amount in met:
                total = add(total, amount)
            if total < order.remaining:
                return "fok"
        return ""

    def _take_out(self, order: Order, amount: Decimal, now: int) -> None:
        """Take an order, or a part of it, out of the book without a trade."""
        self._book.side(order.side).reduce(order, amount)
        if self.events is not None:
            self.events.append(ExitEvent(self.spec.id, order.id, order.side, order.limit, amount, now))

    def _end(self, order: Order, account: Account, now: int, reason: str) -> None:
        """Cancel an order that is in no book."""
        self.settlement.release(order, account)
        self._seq += 1
        order.seq = self._seq
        order.status = "canceled"
        order.reason = reason
        order.updated = now
        account.open.pop(order.id, None)
        if self.events is not None:
            self._tell_order(order, account)

    def _trade(self, taker: Order, taker_account: Account, maker: Order, amount: Decimal, now: int) -> Trade:
        maker_account = self._accounts[maker.account]
        trade, cost, maker_charge, taker_charge = self._exchange(
            taker, taker_account, maker, maker_account, amount, now
        )
        if self.events is not None:
            self.events.append(TradeEvent(trade))
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
        """Move the money of a trade; what it cost, and what the maker and the taker were charged."""
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
        trade = Trade(self._next_trade_id, spec.id, price, amount, taker.side, now)
        self._next_trade_id += 1
        self._seq += 1
        self._trades.append(trade)
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
        order.seq = self._seq
        if not order.remaining:
            order.status = "closed"
            account.open.pop(order.id, None)
        if account.keeps_records:
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
            account.add_fill(fill)
            if self.events is not None:
                self._tell_order(order, account, fill)

    # What listeners are told

    def _tell_order(self, order: Order, account: Account, fill: Fill | None = None) -> None:
        if self.events is not None and account.keeps_records:
            self.events.append(OrderEvent(replace(order, fees=dict(order.fees)), fill))

    def _tell_book_and_balances(self, touched: Sequence[Order]) -> None:
        """Each level and balance once, as it stands after the whole operation."""
        assert self.events is not None
        levels: dict[tuple[Side, int], Decimal] = {
            (order.side, order.ticks): order.price for order in touched if order.price is not None
        }
        for (side, ticks), price in levels.items():
            amount = self._book.amount_at(side, ticks)
            self.events.append(BookEvent(self.spec.id, side, price, amount, self._seq))
        for name in dict.fromkeys(order.account for order in touched):
            account = self._accounts[name]
            if account.keeps_records:
                for currency in self.spec.money:
                    free, held = self.settlement.balance(account, currency)
                    wallet = self.settlement.wallet
                    self.events.append(BalanceEvent(name, currency, free, held, wallet))
