"""The engine of one venue: accounts, orders, markets and the ledger under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import count
from threading import Lock

from .accounts import Account
from .checks import check_amount, check_kind, check_price, check_trigger, is_nonsense
from .clock import Clock
from .crowd import Crowd
from .exact import ZERO, add, multiply
from .history import Horizon
from .ledger import Ledger
from .market import Market
from .matching import UNLIMITED
from .model import (
    Balance,
    BalanceEvent,
    Event,
    Fill,
    MarginMode,
    MarketSpec,
    Order,
    OrderType,
    Refused,
    Side,
    TimeInForce,
    TriggerSource,
)
from .traders import Traders

ID_RANGE = 1_000_000_000
"""The synthetic orders and the trades of each market are numbered in a range of their own,
above the range of the accounts' orders, so that no number depends on another market."""
FIRST_ORDER_ID = 1_000_001


class Engine:
    """Order matching and book-keeping for a venue, in exact decimals, without any protocol.

    Everything runs in one thread, except that `Market.warm_up` may be called from another.
    """

    def __init__(
        self,
        venue: str,
        markets: Sequence[MarketSpec],
        clock: Clock,
        seed: int,
        horizons: Sequence[Horizon] = (),
        *,
        journal: bool = False,
    ) -> None:
        self.venue = venue
        self.clock = clock
        self.markets: dict[str, Market] = {}
        self.book_keeping = Ledger(journal=journal)
        self._accounts: dict[str, Account] = {}
        self._open_names: list[str] = []
        self._order_ids = count(FIRST_ORDER_ID)
        self._history_lock = Lock()
        self._listeners: list[Callable[[Event], None]] = []
        self._events: list[Event] = []
        self._delivering = False
        self._traders: list[Traders] = []
        self._currencies = list(
            dict.fromkeys(currency for spec in markets for currency in (spec.base, spec.quote))
        )
        for number, spec in enumerate(markets, start=1):
            self._add_market(spec, f"{seed}:{venue}:{spec.id}", number * ID_RANGE, horizons)

    def _add_market(self, spec: MarketSpec, seed: str, first_id: int, horizons: Sequence[Horizon]) -> None:
        if spec.id in self.markets:
            raise ValueError(f"two markets are called {spec.id}")
        crowd = Crowd(spec, self.book_keeping, seed, first_id + 1)
        for account in crowd.accounts:
            self._accounts[account.name] = account
        market = Market(
            spec,
            ledger=self.book_keeping,
            accounts=self._accounts,
            clock=self.clock,
            crowd=crowd,
            horizons=horizons,
            first_trade_id=first_id + 1,
            history_lock=self._history_lock,
        )
        self.markets[spec.id] = market
        self._traders.append(Traders(market))

    @property
    def currencies(self) -> list[str]:
        """In the order in which the markets name them."""
        return list(self._currencies)

    # Accounts and money

    @property
    def accounts(self) -> list[str]:
        """The accounts that were opened; the synthetic traders are not among them."""
        return list(self._open_names)

    def open_account(self, name: str, balances: Mapping[str, Decimal]) -> None:
        if name in self._accounts:
            raise ValueError(f"there is an account {name} already")
        self._accounts[name] = Account(name, self.book_keeping.open_wallet(name))
        self._open_names.append(name)
        for currency, amount in balances.items():
            if amount:
                self.deposit(name, currency, amount)

    def deposit(self, account: str, currency: str, amount: Decimal) -> None:
        wallet = self._account(account).wallet
        if currency not in self._currencies:
            raise Refused("unknown_currency", currency=currency)
        if not amount.is_finite() or amount <= ZERO or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        self.book_keeping.deposit(wallet, currency, amount)
        if self._listeners:
            self._events.append(BalanceEvent(account, currency, *wallet.balance(currency)))
            self._deliver()

    def pay(self, source: str, target: str, currency: str, amount: Decimal) -> None:
        """Move money that is free from one account to another."""
        payer, payee = self._account(source).wallet, self._account(target).wallet
        if currency not in self._currencies:
            raise Refused("unknown_currency", currency=currency)
        if not amount.is_finite() or amount <= ZERO or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        free = payer.free.get(currency)
        if free < amount:
            raise Refused("insufficient_funds", currency=currency, needed=amount, free=free)
        self.book_keeping.post(payer.free, payee.free, currency, amount)
        if self._listeners:
            for name, wallet in ((source, payer), (target, payee)):
                self._events.append(BalanceEvent(name, currency, *wallet.balance(currency)))
            self._deliver()

    def balances(self, account: str) -> dict[str, Balance]:
        """Every currency of the venue, also those that the account has nothing of."""
        wallet = self._account(account).wallet
        return {currency: wallet.balance(currency) for currency in self._currencies}

    def ledger(self) -> dict[str, tuple[Decimal, Decimal]]:
        """For each currency: the sum over all accounts and fees, and what was ever deposited."""
        with self._history_lock:
            return dict(self.book_keeping.totals())

    # Orders

    def place(
        self,
        account: str,
        market_id: str,
        side: Side,
        price: Decimal | None,
        amount: Decimal,
        *,
        type: OrderType = "limit",
        client_id: str | None = None,
        time_in_force: TimeInForce = "GTC",
        post_only: bool = False,
        reduce_only: bool = False,
        trigger_price: Decimal | None = None,
        trigger_by: TriggerSource = "last",
        trigger_above: bool | None = None,
        leverage: Decimal | None = None,
        margin_mode: MarginMode | None = None,
        stop_loss: Decimal | None = None,
        take_profit: Decimal | None = None,
    ) -> Order:
        """Place an order. A market order has no price; one that is given is not looked at.

        A waiting order (`trigger_price`) waits for the price to rise to its trigger when it
        buys, to fall there when it sells, unless `trigger_above` says otherwise.
        """
        owner = self._account(account)
        market = self._market(market_id)
        spec = market.spec
        if not spec.active:
            raise Refused("market_closed", market=market_id)
        now = self.clock.now()
        order = Order(
            0,
            account,
            client_id,
            market_id,
            side,
            type,
            None if type == "market" else price,
            amount,
            amount,
            now,
            now,
            UNLIMITED if side == "buy" else 0,
            time_in_force=time_in_force,
            post_only=post_only,
            reduce_only=reduce_only,
            trigger_price=trigger_price,
            trigger_by=trigger_by,
            trigger_above=side == "buy" if trigger_above is None else trigger_above,
            leverage=leverage,
            margin_mode=margin_mode,
            stop_loss=stop_loss,
            take_profit=take_profit,
        )
        check_kind(order)
        # From here on in the market's own scale, whatever zeros the caller wrote.
        if type == "limit":
            order.ticks = check_price(spec, price)
            order.price = multiply(spec.tick, order.ticks)
        order.amount = order.remaining = multiply(spec.step, check_amount(spec, amount))
        for trigger in (trigger_price, stop_loss, take_profit):
            check_trigger(spec, trigger)
        worth = order.price or trigger_price
        if worth is not None and multiply(worth, order.amount) < spec.min_cost:
            raise Refused("too_small", min_cost=spec.min_cost)
        if client_id is not None and client_id in owner.by_client_id:
            raise Refused("duplicate_client_id", client_id=client_id, order=owner.by_client_id[client_id])
        meets = [] if trigger_price is not None else market.meets(side, order.ticks, order.amount)
        if type == "market" and trigger_price is None and not meets:
            raise Refused("no_price", market=market_id, side=side)
        if post_only and meets:
            raise Refused("would_cross", price=order.price, best=meets[0][0])
        market.settlement.check(order, owner, meets)
        order.id = next(self._order_ids)
        market.submit(order, owner, now)
        self._deliver()
        return order

    def would_fill(self, market_id: str, side: Side, price: Decimal | None, amount: Decimal) -> Decimal:
        """How much of such an order would trade at once; without a price, of a market order."""
        market = self._market(market_id)
        unlimited = UNLIMITED if side == "buy" else 0
        ticks = unlimited if price is None else check_price(market.spec, price)
        total = ZERO
        for _, part in market.meets(side, ticks, amount):
            total = add(total, part)
        return total

    def cancel(self, account: str, order_id: int) -> Order:
        owner = self._account(account)
        order = owner.orders.get(order_id)
        if order is None:
            raise Refused("unknown_order", order=order_id)
        if order.status != "open":
            raise Refused("not_open", order=order_id, status=order.status)
        self.markets[order.market].withdraw(order, owner, self.clock.now())
        self._deliver()
        return order

    def cancel_all(self, account: str, market_id: str | None = None, side: Side | None = None) -> list[Order]:
        """Cancel the account's open orders, oldest first."""
        owner = self._account(account)
        if market_id is not None:
            self._market(market_id)
        orders = [
            order
            for order in owner.open.values()
            if market_id in (None, order.market) and side in (None, order.side)
        ]
        now = self.clock.now()
        for order in orders:
            self.markets[order.market].withdraw(order, owner, now)
        self._deliver()
        return orders

    def order(self, account: str, order_id: int) -> Order | None:
        return self._account(account).orders.get(order_id)

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        return self._account(account).by_client_id.get(client_id)

    def orders(
        self, account: str, market_id: str | None = None, statuses: Collection[str] | None = None
    ) -> list[Order]:
        """Newest first."""
        owner = self._account(account)
        only_open = statuses is not None and set(statuses) == {"open"}
        return [
            order
            for order in reversed((owner.open if only_open else owner.orders).values())
            if market_id in (None, order.market) and (statuses is None or order.status in statuses)
        ]

    def fills(self, account: str, market_id: str | None = None, order_id: int | None = None) -> list[Fill]:
        """Newest first."""
        owner = self._account(account)
        fills = owner.fills if order_id is None else owner.fills_by_order.get(order_id, [])
        return [fill for fill in reversed(fills) if market_id in (None, fill.market)]

    # Life

    def warm_up(self) -> None:
        """Make the past of every market now. Safe to call from another thread."""
        for market in self.markets.values():
            market.warm_up()

    def step_traders(self) -> None:
        """Let the synthetic traders of each market act once: place, cancel, take."""
        now = self.clock.now()
        for traders in self._traders:
            traders.step(now)
        self._deliver()

    def subscribe(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` with every event, after the operation that caused it."""
        self._listeners.append(listener)
        for market in self.markets.values():
            market.tell(self._events)

    def _deliver(self) -> None:
        if self._delivering or not self._events:
            return
        self._delivering = True
        try:
            for event in self._events:  # grows when a listener acts, so that all hear in order
                for listener in self._listeners:
                    listener(event)
        finally:
            self._events.clear()
            self._delivering = False

    def _market(self, market_id: str) -> Market:
        market = self.markets.get(market_id)
        if market is None:
            raise Refused("unknown_market", market=market_id)
        return market

    def _account(self, name: str) -> Account:
        account = self._accounts.get(name)
        if account is None:
            raise Refused("unknown_account", account=name)
        return account
