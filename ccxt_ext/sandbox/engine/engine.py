"""The engine of one venue, with its accounts, orders, markets and ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from .accounts import Account, Accounts
from .checks import check_order, check_price
from .clock import Clock
from .contracts.contract_settlement import ContractSettlement
from .contracts.margins import Margins
from .desk import ContractDesk
from .events import Event
from .exact import ZERO, add
from .helm import Helm
from .ledger import Ledger
from .listed import Listed
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
from .opening import EngineParts
from .outbox import Outbox, one_by_one
from .past import PastLock
from .positions import ClosedPosition, Collateral, FundingPayment, MarginAccount, Position, Terms
from .roster import Roster
from .serial import Serial
from .synthetic.history import Horizon
from .trading.book import UNLIMITED
from .treasury import Treasury
from .upkeep import Upkeep

FIRST_ORDER_ID = 1_000_001


class Engine:
    """Order matching and book-keeping for a venue, in exact decimals, without any protocol.

    Accounts, wallets, markets and currencies go by their names. What cannot be done raises `Refused`. When an
    operation is whole, the listeners are told what it has changed.

    `horizons` say how far back the history of the markets goes. Each account has all `wallets`; the first one
    is used if none is named. `collaterals` say what counts as margin in a wallet with contracts, and how
    much. With `journal`, all postings are kept.
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
        self.venue = venue
        self.clock = clock
        self.wallets = tuple(wallets)
        self.live = False
        """Whether the synthetic traders keep trading.

        If so, a market's history ends at the moment when it is first looked at, or when the clock was
        frozen. Otherwise it ends when the clock started, as nothing has happened since.
        """
        self.markets: Listed[Market] = Listed()
        """By their names."""
        self.book_keeping = Ledger(journal=journal)
        self.horizons = tuple(horizons)
        self._contracts: dict[str, ContractSettlement] = {}
        self._next_order_id = Serial(FIRST_ORDER_ID).take
        self.outbox = Outbox()
        self._accounts = Accounts(self.book_keeping, self.wallets)
        self._margins = Margins(collaterals or {})
        self._treasury = Treasury(self.book_keeping, self._margins, self.outbox)
        past = PastLock()
        self._upkeep = Upkeep(
            clock, self._accounts, self.markets, self._contracts, self._margins, past, self._next_order_id
        )
        self._desk = ContractDesk(self._contracts, self._margins, self.book_keeping, self._upkeep.now)
        self._parts = EngineParts(
            clock=clock,
            ledger=self.book_keeping,
            accounts=self._accounts,
            outbox=self.outbox,
            margins=self._margins,
            horizons=self.horizons,
            past_lock=past,
            past_ends=self._past_ends,
            now=self._upkeep.now,
            catch_up=self._upkeep.catch_up,
            next_position_id=Serial().take,
        )
        self.helm = Helm(self.markets, self._accounts, clock, self.act)
        self._roster = Roster(
            f"{seed}:{venue}",
            self._parts,
            self.markets,
            self._contracts,
            wallets=self.wallets,
            treasury=self._treasury,
            upkeep=self._upkeep,
            helm=self.helm,
        )
        self._roster.begin(markets)
        for group in (collaterals or {}).values():
            self._treasury.add_currencies(each.currency for each in group)
        clock.on_advance(self._has_jumped)

    def start_at(self, price_of: Callable[[MarketSpec], Decimal | None]) -> None:  # internal
        """Let markets start at other prices than the venue's own, those that are listed later too.

        `price_of` has the price of a market, or None if it keeps its own.
        """
        self._roster.start_at(price_of)

    def list_market(self, spec: MarketSpec) -> None:
        """List another market while others are traded. Its currencies may be new."""
        self._roster.add(spec)

    def _past_ends(self) -> int:
        """When the history of a market ends that is looked at now.

        While the clock stands still, that does not depend on which market is looked at first.
        """
        if not self.live:
            return self.clock.start_ms
        frozen = self.clock.frozen_at
        return self.clock.now() if frozen is None else frozen

    def change_market(self, market_id: str, spec: MarketSpec) -> None:
        """Let a market go by other rules: steps, sizes, fees, funding rate, whether it takes orders.

        Open orders stay, also those that do not fit the new steps. What they hold for fees follows the fees,
        and what an account cannot pay for any more is cancelled.
        """
        self._roster.change(self._market(market_id), spec)
        self._finish()

    def delist_market(self, market_id: str, keep: bool = False) -> None:
        """End a market for good: cancel its orders, and settle its positions at the index price.

        With `keep`, it stays among `markets`, and takes no orders. Else it can only be looked up by its name.
        """
        self._roster.end(self._market(market_id), keep)
        self._finish()

    @property
    def currencies(self) -> list[str]:
        """All currencies, in the order in which the markets name them."""
        return list(self._treasury.currencies)

    # Time, the synthetic traders, and who listens

    @property
    def is_warm(self) -> bool:  # internal
        """Whether the history of all markets was made."""
        return all(market.is_warm for market in self.markets.values())

    def warm_up(self) -> None:  # internal
        """Make the history of all markets now. This may be called from another thread."""
        for market in list(self.markets.values()):  # a copy, as another market may be listed meanwhile
            market.warm_up()

    def at_rest(self) -> PastLock:  # internal
        """For a `with` block in which no other thread makes the history of a market."""
        return self._parts.past_lock

    def catch_up(self) -> None:
        """Do everything that is due by now, in order: funding, new prices, settlement, liquidations."""
        self._upkeep.catch_up()

    def _has_jumped(self, ms: int) -> None:
        self.pass_time()

    def pass_time(self) -> None:  # internal
        """Do what is due by now, and tell the listeners."""
        self.catch_up()
        self._finish()

    def driven(self, trade: bool | None) -> list[Market]:  # internal
        """The markets that move by themselves: all, none, or those that are live or have a driver given."""
        if trade is False:
            return []
        return [market for market in self.markets.values() if trade or self.live or market.is_driven]

    def next_event(self, after: int, markets: Sequence[Market]) -> int | None:  # internal
        """When something happens next, later than `after`: something due, or what moves these markets."""
        earliest = self._upkeep.next_due()
        if earliest is not None and earliest <= after:
            earliest = after + 1
        for market in markets:
            at = market.next_act(after)
            if at is not None and (earliest is None or at < earliest):
                earliest = at
        return earliest

    def act(self, markets: Sequence[Market]) -> None:  # internal
        """Do what happens by now: first what is due, then what moves these markets, in their order."""
        self.catch_up()
        now = self.clock.now()
        for market in markets:
            while market.act(now):
                if market.is_driven:
                    self._finish()  # what follows from one step comes before the next one
        self._finish()

    def step_traders(self, warm_only: bool = False) -> None:  # internal
        """Let what moves each market act once, whenever it would have done so: place, cancel, take.

        With `warm_only`, markets whose history is not made yet are left out.
        """
        self.catch_up()
        for market in self.markets.values():
            if market.is_warm or not warm_only:
                market.warm_up()
                market.driver.act(self.clock.now())  # not earlier than the end of the history
        self._finish()

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with each event, after the operation behind it. Returns a function to end this."""
        return self.outbox.subscribe(one_by_one(listener))

    def subscribe_batches(
        self, listener: Callable[[list[Event]], None], *, books_only: bool = False
    ) -> Callable[[], None]:  # internal
        """Call `listener` with all events of an operation at once. Returns a function to end this."""
        return self.outbox.subscribe(listener, books_only=books_only)

    def _finish(self) -> None:
        """Do what follows from an operation, such as liquidations, and then send out all events."""
        if self._contracts:
            self._upkeep.calm_down()
            self._desk.tell_changes(self.outbox, self._treasury)
        self.outbox.deliver()

    # Accounts and money

    @property
    def accounts(self) -> list[str]:
        """The accounts that were opened, without those of synthetic traders."""
        return list(self._accounts.opened)

    @property
    def deposits(self) -> list[Deposit]:
        """The deposits of all accounts that were opened, oldest first."""
        return self._treasury.deposits

    def deposits_of(self, account: str, wallet: str | None = None) -> Sequence[Deposit]:
        """The deposits into a wallet of an account, oldest first, read in place."""
        return self._treasury.deposits_of(self._account(account), self._accounts.wallet(wallet))

    def open_account(
        self,
        name: str,
        balances: Mapping[str, Decimal],
        wallets: Mapping[str, Mapping[str, Decimal]] | None = None,
    ) -> None:
        """Open an account with `balances` in its first wallet, and possibly more in other ones."""
        funds = {self.wallets[0]: balances, **(wallets or {})}
        self._check_funds(funds)
        self._accounts.open(name)
        self._put_in(name, funds)

    def _check_funds(self, funds: Mapping[str, Mapping[str, Decimal]]) -> None:
        for wallet, money in funds.items():
            self._accounts.wallet(wallet)
            for currency, amount in money.items():
                if amount:
                    self._treasury.check(currency, amount)

    def _put_in(self, account: str, funds: Mapping[str, Mapping[str, Decimal]]) -> None:
        for wallet, money in funds.items():
            for currency, amount in money.items():
                if amount:
                    self.deposit(account, currency, amount, wallet)

    def deposit(self, account: str, currency: str, amount: Decimal, wallet: str | None = None) -> None:
        """Put money from outside into an account."""
        owner, purse = self._account(account), self._accounts.wallet(wallet)
        self._treasury.deposit(owner, purse, currency, amount, self.clock.now())
        self.outbox.deliver()

    def withdraw(self, account: str, currency: str, amount: Decimal, wallet: str | None = None) -> None:
        """Take free money out of an account."""
        owner, purse = self._account(account), self._accounts.wallet(wallet)
        self._treasury.withdraw(owner, purse, currency, amount)
        self._finish()

    def endow(self, account: str, wallets: Mapping[str, Mapping[str, Decimal]]) -> None:
        """Give an account this money instead of what it was opened with. It must not have traded yet."""
        owner = self._account(account)
        if owner.orders.all:
            raise ValueError(f"account {account} has traded already")
        self._check_funds(wallets)
        self._treasury.forget(owner)
        self._put_in(account, wallets)

    def pay(self, source: str, target: str, currency: str, amount: Decimal) -> None:
        """Move free money from one account's first wallet to another's."""
        payer, payee, wallet = self._account(source), self._account(target), self.wallets[0]
        self._treasury.move(payer, wallet, payee, wallet, currency, amount)
        self._finish()

    def transfer(self, account: str, currency: str, amount: Decimal, source: str, target: str) -> None:
        """Move free money between the account's wallets."""
        owner, wallet = self._account(account), self._accounts.wallet
        self._treasury.move(owner, wallet(source), owner, wallet(target), currency, amount)
        self._finish()

    def balances(self, account: str, wallet: str | None = None) -> dict[str, Balance]:
        """The balances of all currencies of the venue, also of those that the account has nothing of."""
        owner, purse = self._account(account), self._accounts.wallet(wallet)
        return {each: self._treasury.balance(owner, purse, each) for each in self._treasury.currencies}

    def ledger(self) -> dict[str, tuple[Decimal, Decimal]]:
        """For each currency, the sum over all accounts and fees, and the sum of all deposits."""
        with self._parts.past_lock:
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
        """Place an order. The price of a market order is ignored.

        An order with a `trigger_price` waits: a buy until the price has risen to it, a sell until it has
        fallen to it, unless `trigger_above` says otherwise.
        """
        owner = self._account(account)
        market = self._market(market_id)
        if not market.active:
            raise Refused("market_closed", market=market_id)
        if not market.is_warm:
            market.warm_up()  # the history must be made without this order, even if that only waits
        if market.is_driven:
            self.act([market])  # it meets the market where that is by now
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
        order.ticks *= market.per_tick
        if client_id is not None and client_id in owner.orders.by_client_id:
            known = owner.orders.by_client_id[client_id]
            raise Refused("duplicate_client_id", client_id=client_id, order=known)
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
        """How much of such an order would trade at once. Without a price, it is a market order."""
        market = self._market(market_id)
        unlimited = UNLIMITED if side == "buy" else 0
        ticks = unlimited if price is None else check_price(market.spec, price) * market.per_tick
        total = ZERO
        for _, part in market.offers(side, ticks, amount):
            total = add(total, part)
        return total

    def cancel(self, account: str, order_id: int) -> Order:
        """Cancel an open order."""
        owner = self._account(account)
        order = owner.orders.all.get(order_id)
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
        now, canceled = self.clock.now(), []
        for order in owner.orders.opened(market_id):
            if order.status == "open" and side in (None, order.side):  # the last cancel may have ended it
                self.markets[order.market].withdraw(order, owner, now)
                canceled.append(order)
        self._finish()
        return canceled

    def order(self, account: str, order_id: int) -> Order | None:
        """An account's order; None if it has none of this id."""
        return self._account(account).orders.all.get(order_id)

    def order_by_client_id(self, account: str, client_id: str) -> Order | None:
        """An account's order by the id that the client gave it; None if there is none."""
        return self._account(account).orders.by_client_id.get(client_id)

    def orders(
        self, account: str, market_id: str | None = None, statuses: Collection[str] | None = None
    ) -> list[Order]:
        """An account's orders, newest first."""
        return list(self.newest_orders(account, market_id, statuses))

    def newest_orders(
        self,
        account: str,
        market_id: str | None = None,
        statuses: Collection[str] | None = None,
        side: Side | None = None,
    ) -> Sequence[Order]:
        """The same, read in place: a page of them costs no more than it has.

        Make a copy before anything is changed. Halves of the open ones are "untouched" and "part_filled".
        """
        return self._account(account).orders.newest(market_id, statuses, side)

    def rows_of(
        self, account: str, orders: Iterable[Order], form: Hashable, make: Callable[[Order], Any]
    ) -> list[Any]:
        """What `make` makes of an account's orders. In each form, it is kept until an order changes."""
        return self._account(account).orders.rows_of(orders, form, make)

    def newest_traded(self, account: str, market_id: str | None = None) -> Sequence[Order]:
        """An account's orders that have ended and have fills, newest first, read in place."""
        return self._account(account).orders.newest_traded(market_id)

    def fills(self, account: str, market_id: str | None = None, order_id: int | None = None) -> list[Fill]:
        """An account's fills, newest first."""
        if order_id is None:
            return list(self.newest_fills(account, market_id))
        return [fill for fill in self.newest_fills_of(account, order_id) if market_id in (None, fill.market)]

    def newest_fills(
        self, account: str, market_id: str | None = None, side: Side | None = None
    ) -> Sequence[Fill]:
        """The same, read in place."""
        fills = self._account(account).fills
        return fills.newest(market_id) if side is None else fills.newest_of_side(market_id, side)

    def newest_fills_of(self, account: str, order_id: int) -> Sequence[Fill]:
        """The fills of an order, newest first, read in place."""
        return self._account(account).fills.newest_of(order_id)

    # Contracts: positions, leverage and margin

    def positions(self, account: str, market_id: str | None = None) -> list[Position]:
        """The open positions, oldest first."""
        return self._desk.positions(self._account(account), market_id)

    def closed_positions(self, account: str, market_id: str | None = None) -> list[ClosedPosition]:
        """The positions that were closed, newest first."""
        return list(self.newest_closed_positions(account, market_id))

    def newest_closed_positions(self, account: str, market_id: str | None = None) -> Sequence[ClosedPosition]:
        """The same, read in place."""
        return self._account(account).closed_positions.newest(market_id)

    def funding_payments(self, account: str, market_id: str | None = None) -> list[FundingPayment]:
        """The funding that was paid and received, newest first."""
        return list(self.newest_funding_payments(account, market_id))

    def newest_funding_payments(self, account: str, market_id: str | None = None) -> Sequence[FundingPayment]:
        """The same, read in place."""
        return self._account(account).funding.newest(market_id)

    def set_exits(
        self, account: str, market_id: str, stop_loss: Decimal | None, take_profit: Decimal | None
    ) -> None:
        """Set the last prices at which the position is closed with a market order; None for never."""
        contract, owner = self._contract(market_id), self._account(account)
        self._desk.set_exits(owner, contract, stop_loss, take_profit)
        self._finish()

    def leverage(self, account: str, market_id: str) -> Decimal:
        """The leverage of orders that do not say one."""
        return self._contract(market_id).requirements.leverage_of(self._account(account))

    def set_leverage(self, account: str, market_id: str, leverage: Decimal) -> None:
        """Set the leverage. It also applies to an open position, if there is enough margin for that."""
        self._desk.set_leverage(self._account(account), self._contract(market_id), leverage)

    def margin_mode(self, account: str, market_id: str) -> MarginMode:
        """The margin mode of orders that do not say one."""
        return self._contract(market_id).requirements.mode_of(self._account(account))

    def set_margin_mode(self, account: str, market_id: str, margin_mode: MarginMode) -> None:
        """Set the margin mode. Refused while there is a position or an open order in the other mode."""
        self._desk.set_margin_mode(self._account(account), self._contract(market_id), margin_mode)

    def add_margin(self, account: str, market_id: str, amount: Decimal) -> None:
        """Put margin into an isolated position, or take it out if the amount is negative."""
        self._desk.add_margin(self._account(account), self._contract(market_id), amount)
        self._finish()

    def free_margin(self, account: str, market_id: str) -> Decimal:
        """The margin that can be taken out of an isolated position; zero if there is none."""
        return self._desk.free_margin(self._account(account), self._contract(market_id))

    def margin_account(
        self, account: str, wallet: str | None = None, currency: str | None = None
    ) -> MarginAccount:
        """A crossed group of a wallet. If it has one for each settle currency, `currency` chooses one."""
        owner = self._account(account)
        return self._margins.margin_account(owner, self._accounts.wallet(wallet), currency)

    def order_margin(self, account: str, market_id: str) -> Decimal:
        """How much margin the open orders of one market tie up."""
        return self._contract(market_id).requirements.order_margin(self._account(account))

    def order_margins(self, account: str) -> dict[str, Decimal]:
        """The same for all contract markets in which the account has open orders."""
        return self._desk.order_margins(self._account(account))

    def order_worth(self, account: str, market_id: str, side: Side) -> Decimal:
        """The sum of the prices of open orders times what they may still trade."""
        return self._contract(market_id).requirements.order_worth(self._account(account), side)

    def terms(self, account: str) -> dict[str, Terms]:
        """What an account has set and ordered in each contract market that is listed."""
        return self._desk.terms(self._account(account), self.markets)

    def reference_price(self, wallet: str, currency: str) -> Decimal:
        """The price of a collateral in the settle currency, before its discount."""
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
        account = self._accounts.by_name.get(name) or self._accounts[name]
        self._upkeep.catch_up()  # nobody sees an account before everything due is done
        return account
