"""The engine of one venue: accounts, orders, markets and the ledger under them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from threading import Lock

from .accounts import Account
from .checks import check_amount, check_kind, check_price, check_trigger, is_nonsense
from .clock import Clock
from .contracts.liquidation import Liquidator
from .contracts.margins import Margins
from .desk import ContractDesk
from .events import Event
from .exact import ZERO, add, multiply
from .ledger import Ledger
from .market import Market
from .model import (
    Balance,
    Deposit,
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
from .positions import Collateral
from .synthetic.crowd import Crowd
from .synthetic.history import Horizon
from .synthetic.traders import Traders
from .trading.matching import UNLIMITED

ID_RANGE = 1_000_000_000
"""The synthetic orders and the trades of each market are numbered in a range of their own,
above the range of the accounts' orders, so that no number depends on another market."""
FIRST_ORDER_ID = 1_000_001


class Engine(ContractDesk):
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
        wallets: Sequence[str] = ("main",),
        collaterals: Mapping[str, Sequence[Collateral]] | None = None,
        journal: bool = False,
    ) -> None:
        """Each account has all `wallets`; the first is the one that is meant when none is named.
        `collaterals` says, for a wallet with contracts, what counts as margin and how much."""
        self.venue = venue
        self.clock = clock
        self.markets: dict[str, Market] = {}
        self.book_keeping = Ledger(journal=journal)
        self._accounts: dict[str, Account] = {}
        self._open_names: list[str] = []
        self.deposits: list[Deposit] = []
        """Of all accounts that were opened, oldest first."""
        self._order_ids = count(FIRST_ORDER_ID)
        self._history_lock = Lock()
        self._listeners: list[Callable[[list[Event]], None]] = []
        self._events: list[Event] = []
        self._batches: deque[list[Event]] = deque()
        self._delivering = False
        self._traders: list[Traders] = []
        self.live = False
        """Whether the synthetic traders go on. Then a market's past reaches up to the moment when it is first
        looked at, and else up to the clock's start: what is still had nothing happen to it since."""
        self.wallets = tuple(wallets)
        self._margins = Margins(self.book_keeping, collaterals or {})
        self._liquidator = Liquidator(self._margins, self._cancel_for)
        self._next_position_id = count(1).__next__
        self._seed, self._horizons = seed, horizons
        named = [spec if spec.wallet else replace(spec, wallet=self.wallets[0]) for spec in markets]
        for wallet in {spec.wallet for spec in named}:
            self._wallet(wallet)
            if len({spec.is_contract for spec in named if spec.wallet == wallet}) > 1:
                raise ValueError(f"wallet {wallet} has to serve either spot markets or contracts")
        self._currencies = list(
            dict.fromkeys(
                [currency for spec in named for currency in spec.money]
                + [each.currency for group in (collaterals or {}).values() for each in group]
            )
        )
        clock.on_advance(lambda _: self.pass_time())
        for spec in named:
            self._add_market(spec)

    def list_market(self, spec: MarketSpec) -> None:
        """A market more, while others are traded; its currencies may be new ones."""
        self._add_market(spec if spec.wallet else replace(spec, wallet=self.wallets[0]))
        self._currencies += [currency for currency in spec.money if currency not in self._currencies]
        if self._listeners:
            self.markets[spec.id].tell(self._events)

    def _add_market(self, spec: MarketSpec) -> None:
        if spec.id in self.markets:
            raise ValueError(f"two markets are called {spec.id}")
        seed, horizons = f"{self._seed}:{self.venue}:{spec.id}", self._horizons
        first_id = (len(self.markets) + 1) * ID_RANGE
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
            past_ends=lambda: self.clock.now() if self.live else self.clock.start_ms,
            margins=self._margins,
            now=self._now,
            next_position_id=self._next_position_id,
        )
        if market.contract is not None:
            self._accounts[market.contract.insurance.name] = market.contract.insurance
            market.catch_up = self.catch_up
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

    def open_account(
        self,
        name: str,
        balances: Mapping[str, Decimal],
        wallets: Mapping[str, Mapping[str, Decimal]] | None = None,
    ) -> None:
        """With `balances` in its first wallet, and more in other ones."""
        if name in self._accounts:
            raise ValueError(f"there is an account {name} already")
        owners = [name, *(f"{name}:{wallet}" for wallet in self.wallets[1:])]
        self._accounts[name] = Account(
            name,
            {
                wallet: self.book_keeping.open_wallet(owner)
                for wallet, owner in zip(self.wallets, owners, strict=True)
            },
        )
        self._open_names.append(name)
        for wallet, money in {self.wallets[0]: balances, **(wallets or {})}.items():
            for currency, amount in money.items():
                if amount:
                    self.deposit(name, currency, amount, wallet)

    def deposit(self, account: str, currency: str, amount: Decimal, wallet: str | None = None) -> None:
        owner, purse = self._account(account), self._wallet(wallet)
        if currency not in self._currencies:
            raise Refused("unknown_currency", currency=currency)
        if not amount.is_finite() or amount <= ZERO or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        self.book_keeping.deposit(owner.wallets[purse], currency, amount)
        self.deposits.append(Deposit(account, purse, currency, amount, self.clock.now()))
        self._tell_balance(owner, purse, currency)
        self._deliver()

    def pay(self, source: str, target: str, currency: str, amount: Decimal) -> None:
        """Move money that is free from one account to another, between their first wallets."""
        self._move(self._account(source), self.wallets[0], self._account(target), None, currency, amount)

    def balances(self, account: str, wallet: str | None = None) -> dict[str, Balance]:
        """Every currency of the venue, also those that the account has nothing of."""
        owner, purse = self._account(account), self._wallet(wallet)
        return {currency: self._balance(owner, purse, currency) for currency in self._currencies}

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
        if not market.active:
            raise Refused("market_closed", market=market_id)
        market.warm_up()  # the past knows nothing of this order, not even of one that waits
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
        self._finish()
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
        self._finish()
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
        now, canceled = self.clock.now(), []
        for order in orders:
            if order.status == "open":  # one that is gone may have set off another
                self.markets[order.market].withdraw(order, owner, now)
                canceled.append(order)
        self._finish()
        return canceled

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

    def _market(self, market_id: str) -> Market:
        market = self.markets.get(market_id)
        if market is None:
            raise Refused("unknown_market", market=market_id)
        return market

    def _account(self, name: str) -> Account:
        account = self._accounts.get(name)
        if account is None:
            raise Refused("unknown_account", account=name)
        self.catch_up()  # nobody sees an account before what was due is done
        return account
