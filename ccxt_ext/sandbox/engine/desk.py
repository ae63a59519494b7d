"""What accounts can ask and do about contracts, margin and wallets."""

from __future__ import annotations

from decimal import Decimal

from .accounts import Account
from .checks import check_trigger, is_nonsense
from .contracts.settlement import ContractSettlement
from .exact import ZERO, add, subtract
from .market import Market
from .model import Balance, MarginMode, Refused
from .positions import ClosedPosition, FundingPayment, Holding, MarginAccount, Position
from .upkeep import EngineLife


class ContractDesk(EngineLife):
    """The part of the engine that knows positions and wallets."""

    # Positions

    def positions(self, account: str, market_id: str | None = None) -> list[Position]:
        """The open ones, oldest first."""
        owner = self._account(account)
        holdings = sorted(owner.holdings.values(), key=lambda holding: holding.id)
        return [
            self._contract(holding.market).describe(holding)
            for holding in holdings
            if market_id in (None, holding.market)
        ]

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
        holding = self._holding(account, market_id)
        for price in (stop_loss, take_profit):
            check_trigger(self.markets[market_id].spec, price)
        holding.stop_loss, holding.take_profit = stop_loss, take_profit
        self._contract(market_id).changed[account] = None
        self._finish()

    # Leverage and margin mode of an account in a market, used by orders that do not say

    def leverage(self, account: str, market_id: str) -> Decimal:
        return self._contract(market_id).leverage_of(self._account(account))

    def set_leverage(self, account: str, market_id: str, leverage: Decimal) -> None:
        """An open position goes by it at once, when there is margin enough; isolated margin stays."""
        owner, contract = self._account(account), self._contract(market_id)
        contract.check_leverage(leverage)
        holding = owner.holdings.get(market_id)
        if holding is not None:
            before, holding.leverage = holding.leverage, leverage
            group = self._margins.group(owner, contract.wallet, contract.currency)
            if leverage < before and holding.mode == "cross" and group.free < ZERO:
                holding.leverage = before
                raise Refused("insufficient_funds", currency=contract.currency, free=ZERO)
        owner.leverages[market_id] = leverage

    def margin_mode(self, account: str, market_id: str) -> MarginMode:
        return self._contract(market_id).mode_of(self._account(account))

    def set_margin_mode(self, account: str, market_id: str, margin_mode: MarginMode) -> None:
        """Refused while there is a position or an open order in the other mode."""
        owner, contract = self._account(account), self._contract(market_id)
        contract.check_mode(margin_mode)
        if margin_mode != contract.mode_of(owner):
            if market_id in owner.holdings:
                raise Refused("position_mode", position=owner.holdings[market_id].mode)
            if any(order.market == market_id for order in owner.open.values()):
                raise Refused("position_mode", open_orders=True)
        owner.margin_modes[market_id] = margin_mode

    # Money

    def add_margin(self, account: str, market_id: str, amount: Decimal) -> None:
        """Put margin into an isolated position, or take a negative amount out of it."""
        owner, contract = self._account(account), self._contract(market_id)
        holding = self._holding(account, market_id)
        if holding.mode != "isolated":
            raise Refused("position_mode", position=holding.mode)
        if not amount.is_finite() or not amount or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        wallet, money = owner.wallets[contract.wallet], contract.currency
        free = self.free_margin(account, market_id) if amount < ZERO else None
        if free is None:
            free = self._margins.group(owner, contract.wallet, money).free
        if amount.copy_abs() > free:
            raise Refused(
                "insufficient_funds", currency=money, needed=amount.copy_abs(), free=max(free, ZERO)
            )
        if amount > ZERO:
            self.book_keeping.take(wallet, holding.margin, money, amount)
        else:
            self.book_keeping.give(holding.margin, wallet, money, amount.copy_negate())
        holding.updated = self._now()
        contract.changed[account] = None
        self._finish()

    def free_margin(self, account: str, market_id: str) -> Decimal:
        """What can be taken out of an isolated position; zero when there is none."""
        owner, contract = self._account(account), self._contract(market_id)
        holding = owner.holdings.get(market_id)
        if holding is None or holding.mode != "isolated":
            return ZERO
        figures = contract.figures(holding)
        margin = holding.margin.get(contract.currency)
        free = subtract(add(margin, min(figures.unrealized, ZERO)), figures.initial)
        return max(ZERO, free)

    def margin_account(
        self, account: str, wallet: str | None = None, currency: str | None = None
    ) -> MarginAccount:
        """The crossed group of a wallet; `currency` where the wallet has one for each settle currency."""
        owner = self._account(account)
        return self._margins.describe(owner, self._wallet(wallet), currency)

    def order_margin(self, account: str, market_id: str) -> Decimal:
        """What the open orders of one market tie up."""
        return self._contract(market_id).order_margin(self._account(account))

    def reference_price(self, wallet: str, currency: str) -> Decimal:
        """What one of a collateral is worth in the settle currency, before its discount."""
        for collateral in self._margins.collaterals(self._wallet(wallet), ""):
            if collateral.currency == currency:
                return self._margins.reference_price(collateral)
        raise Refused("unknown_currency", currency=currency)

    def transfer(self, account: str, currency: str, amount: Decimal, source: str, target: str) -> None:
        """Move money between the account's wallets."""
        owner = self._account(account)
        self._move(owner, self._wallet(source), owner, target, currency, amount)

    def _move(
        self, payer: Account, out: str, payee: Account, target: str | None, currency: str, amount: Decimal
    ) -> None:
        into = self._wallet(target)
        if currency not in self.currencies:
            raise Refused("unknown_currency", currency=currency)
        if not amount.is_finite() or amount <= ZERO or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        free = self._balance(payer, out, currency).free
        if free < amount:
            raise Refused("insufficient_funds", currency=currency, needed=amount, free=free)
        self.book_keeping.give(payer.wallets[out].free, payee.wallets[into], currency, amount)
        self._tell_balance(payer, out, currency)
        self._tell_balance(payee, into, currency)
        self._finish()

    # Helpers

    @property
    def currencies(self) -> list[str]:
        raise NotImplementedError

    def _account(self, name: str) -> Account:
        raise NotImplementedError

    def _market(self, market_id: str) -> Market:
        raise NotImplementedError

    def _wallet(self, name: str | None) -> str:
        if name is not None and name not in self.wallets:
            raise Refused("unknown_wallet", wallet=name)
        return self.wallets[0] if name is None else name

    def _balance(self, owner: Account, wallet: str, currency: str) -> Balance:
        return self._margins.balance(owner, wallet, currency)

    def _contract(self, market_id: str) -> ContractSettlement:
        contract = self._market(market_id).contract
        if contract is None:
            raise Refused("no_contract", market=market_id)
        return contract

    def _holding(self, account: str, market_id: str) -> Holding:
        self._contract(market_id)
        holding = self._account(account).holdings.get(market_id)
        if holding is None:
            raise Refused("no_position", market=market_id)
        return holding
