"""The engine of one venue: accounts, orders, markets and the ledger under them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import count
from threading import Lock

from .accounts import Account, Accounts
from .checks import check_order, check_price
from .clock import Clock
from .contracts.margins import Margins
from .contracts.settlement import ContractSettlement
from .desk import ContractDesk
from .events import Event
from .exact import ZERO, add
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
from .opening import Shared, open_market
from .outbox import Outbox
from .positions import ClosedPosition, Collateral, FundingPayment, MarginAccount, Position
from .synthetic.past import Horizon
from .synthetic.traders import Traders
from .trading.book import UNLIMITED
from .treasury import Treasury
from .upkeep import Upkeep

ID_RANGE = 1_000_000_000
"""The synthetic orders and the trades of each market are numbered in a range of their own,
above the range of the accounts' orders, so that no number depends on another market."""
FIRST_ORDER_ID = 1_000_001


class Engine:
    """Order matching and book-keeping for a venue, in exact decimals, without any protocol.

    This is its face: accounts and markets are named, what was due is done first, and the
    listeners are told in the end. The work is done by the parts that it holds.

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
        self.wallets = tuple(wallets)
        self.live = False
        """Whether the synthetic traders go on. Then a market's past reaches up to the moment when it is first
        looked at, and else up to the clock's start: what is still had nothing happen to it since."""
        self.markets: dict[str, Market] = {}
        self.book_keeping = Ledger(journal=journal)
        self.horizons = tuple(horizons)
        self._seed = seed
        self._contracts: dict[str, ContractSettlement] = {}
        self._traders: dict[str, Traders] = {}
        self._next_order_id = count(FIRST_ORDER_ID).__next__
        self.outbox = Outbox()
        self._accounts = Accounts(self.book_keeping, self.wallets)
        self._margins = Margins(collaterals or {})
        self._treasury = Treasury(self.book_keeping, self._margins, self.outbox)
        self._upkeep = Upkeep(
            clock, self._accounts, self.markets, self._contracts, self._margins, self._next_order_id
        )
        self._desk = ContractDesk(self._contracts, self._margins, self.book_keeping, self._upkeep.now)
        self._shared = Shared(
            clock=clock,
            ledger=self.book_keeping,
            accounts=self._accounts,
            outbox=self.outbox,
            margins=self._margins,
            horizons=self.horizons,
            past_lock=Lock(),
            past_ends=lambda: clock.now() if self.live else clock.start_ms,
            now=self._upkeep.now,
            catch_up=self._upkeep.catch_up,
            next_position_id=count(1).__next__,
        )
        named = [self._with_wallet(spec) for spec in markets]
        for wallet in {spec.wallet for spec in named}:
            self._accounts.wallet(wallet)
            if len({spec.is_contract for spec in named if spec.wallet == wallet}) > 1:
                raise ValueError(f"wallet {wallet} has to serve either spot markets or contracts")
        for spec in named:
            self._treasury.add_currencies(spec.money)
        for group in (collaterals or {}).values():
            self._treasury.add_currencies(each.currency for each in group)
        clock.on_advance(lambda _: self.pass_time())
        for spec in named:
            self._add_market(spec)

    def list_market(self, spec: MarketSpec) -> None:
        """A market more, while others are traded; its currencies may be new ones."""
        self._add_market(self._with_wallet(spec))
        self._treasury.add_currencies(spec.money)

    def _with_wallet(self, spec: MarketSpec) -> MarketSpec:
        return spec if spec.wallet else replace(spec, wallet=self.wallets[0])

    def _add_market(self, spec: MarketSpec) -> None:
        if spec.id in self.markets:
            raise ValueError(f"two markets are called {spec.id}")
        first_id = (len(self.markets) + 1) * ID_RANGE + 1
        market = open_market(spec, self._shared, f"{self._seed}:{self.venue}:{spec.id}", first_id)
        self.markets[spec.id] = market
        if market.contract is not None:
            self._contracts[spec.id] = market.contract
        self._traders[spec.id] = Traders(market)

    @property
    def currencies(self) -> list[str]:
        """In the order in which the markets name them."""
        return list(self._treasury.currencies)

    # Time, the synthetic traders, and who listens

    def warm_up(self) -> None:
        """Make the past of every market now. Safe to call from another thread."""
        for market in list(self.markets.values()):  # another may be listed meanwhile
            market.warm_up()

    def catch_up(self) -> None:
        """Do all that is due by now, in order: funding, new prices, settlement, liquidations."""
        self._upkeep.catch_up()

    def pass_time(self) -> None:
        """Do what is due by now, and tell the listeners."""
        self.catch_up()
        self._finish()

    def step_traders(self, warm_only: bool = False) -> None:
        """Let the synthetic traders of each market act once: place, cancel, take.

        With `warm_only`, no past is made for it: markets without one are left alone.
        """
        self.catch_up()
        for id, market in self.markets.items():
            if market.is_warm or not warm_only:
                market.warm_up()
                self._traders[id].step(self.clock.now())  # which is not before the past's end
        self._finish()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every event, after the operation that caused it. Returns what ends that."""

        def one_by_one(batch: list[Event]) -> None:
            for event in batch:
                listener(event)

        return self.subscribe_batches(one_by_one)

    def subscribe_batches(self, listener: Callable[[list[Event]], None]) -> Callable[[], None]:
        """Call `listener` with all events of an operation at once. Returns what ends that."""
        return self.outbox.subscribe(listener)

    def _finish(self) -> None:
        """What follows from an operation, then the events of it all."""
        if self._contracts:
            self._upkeep.calm_down()
            self._desk.tell_changes(self.outbox, self._treasury)
        self.outbox.deliver()

    # Accounts and money

    @property
    def accounts(self) -> list[str]:
        """The accounts that were opened; the synthetic traders are not among them."""
        return list(self._accounts.opened)

    @property
    def deposits(self) -> list[Deposit]:
        """Of all accounts that were opened, oldest first."""
        return self._treasury.deposits

    def open_account(
        self,
        name: str,
        balances: Mapping[str, Decimal],
        wallets: Mapping[str, Mapping[str, Decimal]] | None = None,
    ) -> None:
        """With `balances` in its first wallet, and more in other ones."""
        self._accounts.open(name)
        for wallet, money in {self.wallets[0]: balances, **(wallets or {})}.items():
            for currency, amount in money.items():
                if amount:
                    self.deposit(name, currency, amount, wallet)

    def deposit(self, account: str, currency: str, amount: Decimal, wallet: str | None = None) -> None:
        owner, purse = self._account(account), self._accounts.wallet(wallet)
        self._treasury.deposit(owner, purse, currency, amount, self.clock.now())
        self.outbox.deliver()

    def pay(self, source: str, target: str, currency: str, amount: Decimal) -> None:
        """Move money that is free from one account to another, between their first wallets."""
        payer, payee, wallet = self._account(source), self._account(target), self.wallets[0]
        self._treasury.move(payer, wallet, payee, wallet, currency, amount)
        self._finish()

    def transfer(self, account: str, currency: str, amount: Decimal, source: str, target: str) -> None:
        """Move money between the account's wallets."""
        owner, wallet = self._account(account), self._accounts.wallet
        self._treasury.move(owner, wallet(source), owner, wallet(target), currency, amount)
        self._finish()

    def balances(self, account: str, wallet: str | None = None) -> dict[str, Balance]:
        """Every currency of the venue, also those that the account has nothing of."""
        owner, purse = self._account(account), self._accounts.wallet(wallet)
        return {each: self._treasury.balance(owner, purse, each) for each in self._treasury.currencies}

    def ledger(self) -> dict[str, tuple[Decimal, Decimal]]:
        """For each currency: the sum over all accounts and fees, and what was ever deposited."""
        with self._shared.past_lock:
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
        check_order(market.spec, order)
        if client_id is not None and client_id in owner.by_client_id:
            raise Refused("duplicate_client_id", client_id=client_id, order=owner.by_client_id[client_id])
        offers = [] if trigger_price is not None else market.offers(side, order.ticks, order.amount)
        if type == "market" and trigger_price is None and not offers:
            raise Refused("no_price", market=market_id, side=side)
        if post_only and offers:
            raise Refused("would_cross", price=order.price, best=offers[0][0])
        market.check(order, owner, offers)
        order.id = self._next_order_id()
        market.submit(order, owner, now)
        self._finish()
        return order

    def would_fill(self, market_id: str, side: Side, price: Decimal | None, amount: Decimal) -> Decimal:
        """How much of such an order would trade at once; without a price, of a market order."""
        market = self._market(market_id)
        unlimited = UNLIMITED if side == "buy" else 0
        ticks = unlimited if price is None else check_price(market.spec, price)
        total = ZERO
        for _, part in market.offers(side, ticks, amount):
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

    # Contracts: positions, leverage and margin

    def positions(self, account: str, market_id: str | None = None) -> list[Position]:
        """The open ones, oldest first."""
        return self._desk.positions(self._account(account), market_id)

    def closed_positions(self, account: str, market_id: str | None = None) -> list[ClosedPosition]:
        """Newest first."""
        closed = reversed(self._account(account).closed_positions)
        return [position for position in closed if market_id in (None, position.market)]

    def funding_payments(self, account: str, market_id: str | None = None) -> list[FundingPayment]:
        """Newest first."""
        payments = reversed(self._account(account).funding)
        return [payment for payment in payments if market_id in (None, payment.market)]

    def set_exits(
        self, account: str, market_id: str, stop_loss: Decimal | None, take_profit: Decimal | None
    ) -> None:
        """At which last prices the position is closed at the market; None for never."""
        contract, owner = self._contract(market_id), self._account(account)
        self._desk.set_exits(owner, contract, stop_loss, take_profit)
        self._finish()

    def leverage(self, account: str, market_id: str) -> Decimal:
        """What orders go by that do not say."""
        return self._contract(market_id).requirements.leverage_of(self._account(account))

    def set_leverage(self, account: str, market_id: str, leverage: Decimal) -> None:
        """An open position goes by it at once, when there is margin enough; isolated margin stays."""
        self._desk.set_leverage(self._account(account), self._contract(market_id), leverage)

    def margin_mode(self, account: str, market_id: str) -> MarginMode:
        """What orders go by that do not say."""
        return self._contract(market_id).requirements.mode_of(self._account(account))

    def set_margin_mode(self, account: str, market_id: str, margin_mode: MarginMode) -> None:
        """Refused while there is a position or an open order in the other mode."""
        self._desk.set_margin_mode(self._account(account), self._contract(market_id), margin_mode)

    def add_margin(self, account: str, market_id: str, amount: Decimal) -> None:
        """Put margin into an isolated position, or take a negative amount out of it."""
        self._desk.add_margin(self._account(account), self._contract(market_id), amount)
        self._finish()

    def free_margin(self, account: str, market_id: str) -> Decimal:
        """What can be taken out of an isolated position; zero when there is none."""
        return self._desk.free_margin(self._account(account), self._contract(market_id))

    def margin_account(
        self, account: str, wallet: str | None = None, currency: str | None = None
    ) -> MarginAccount:
        """The crossed group of a wallet; `currency` where the wallet has one for each settle currency."""
        owner = self._account(account)
        return self._margins.margin_account(owner, self._accounts.wallet(wallet), currency)

    def order_margin(self, account: str, market_id: str) -> Decimal:
        """What the open orders of one market tie up."""
        return self._contract(market_id).requirements.order_margin(self._account(account))

    def reference_price(self, wallet: str, currency: str) -> Decimal:
        """What one of a collateral is worth in the settle currency, before its discount."""
        return self._desk.reference_price(self._accounts.wallet(wallet), currency)

    # Who and what is named

    def _market(self, market_id: str) -> Market:
        market = self.markets.get(market_id)
        if market is None:
            raise Refused("unknown_market", market=market_id)
        return market

    def _contract(self, market_id: str) -> ContractSettlement:
        contract = self._market(market_id).contract
        if contract is None:
            raise Refused("no_contract", market=market_id)
        return contract

    def _account(self, name: str) -> Account:
        account = self._accounts[name]
        self._upkeep.catch_up()  # nobody sees an account before what was due is done
        return account
