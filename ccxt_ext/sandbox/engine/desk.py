"""Lets accounts look at their positions, and change leverage, margin mode and margin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from .accounts import Account
from .checks import check_trigger, is_nonsense
from .contracts.contract_settlement import ContractSettlement
from .contracts.margins import Margins
from .events import PositionEvent
from .exact import ZERO, add, subtract
from .ledger import Ledger
from .model import MarginMode, Refused
from .outbox import Outbox
from .positions import Holding, Position, Terms
from .treasury import Treasury


class ContractDesk:
    """Positions and their settings. What follows from a change, such as liquidations, is up to the caller."""

    def __init__(
        self,
        contracts: Mapping[str, ContractSettlement],
        margins: Margins,
        ledger: Ledger,
        now: Callable[[], int],
    ) -> None:
        self._contracts = contracts
        self._margins = margins
        self._ledger = ledger
        self._now = now

    def positions(self, owner: Account, market_id: str | None) -> list[Position]:
        """The account's open positions, oldest first."""
        holdings = sorted(owner.holdings.values(), key=lambda holding: holding.id)
        return [
            self._margins.position(holding) for holding in holdings if market_id in (None, holding.market)
        ]

    def set_exits(
        self,
        owner: Account,
        contract: ContractSettlement,
        stop_loss: Decimal | None,
        take_profit: Decimal | None,
    ) -> None:
        holding = self._holding(owner, contract)
        for price in (stop_loss, take_profit):
            check_trigger(contract.spec, price)
        holding.stop_loss, holding.take_profit = stop_loss, take_profit
        contract.holdings.changed[owner.name] = None

    def set_leverage(self, owner: Account, contract: ContractSettlement, leverage: Decimal) -> None:
        contract.requirements.check_leverage(leverage)
        holding = contract.holdings.get(owner.name)
        if holding is not None:
            before, holding.leverage = holding.leverage, leverage
            group = self._margins.group(owner, contract.wallet, contract.currency)
            if leverage < before and holding.mode == "cross" and group.free < ZERO:
                holding.leverage = before
                raise Refused("insufficient_funds", currency=contract.currency, free=ZERO)
        owner.leverages[contract.spec.id] = leverage

    def set_margin_mode(self, owner: Account, contract: ContractSettlement, margin_mode: MarginMode) -> None:
        market_id = contract.spec.id
        contract.requirements.check_mode(margin_mode)
        if margin_mode != contract.requirements.mode_of(owner):
            if market_id in owner.holdings:
                raise Refused("position_mode", position=owner.holdings[market_id].mode)
            if market_id in owner.orders.open_markets:
                raise Refused("position_mode", open_orders=True)
        owner.margin_modes[market_id] = margin_mode

    def add_margin(self, owner: Account, contract: ContractSettlement, amount: Decimal) -> None:
        holding = self._holding(owner, contract)
        if holding.mode != "isolated":
            raise Refused("position_mode", position=holding.mode)
        if not amount.is_finite() or not amount or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)
        wallet, money = owner.wallets[contract.wallet], contract.currency
        if amount < ZERO:
            free = self.free_margin(owner, contract)
        else:
            free = self._margins.group(owner, contract.wallet, money).free
        if amount.copy_abs() > free:
            raise Refused(
                "insufficient_funds", currency=money, needed=amount.copy_abs(), free=max(free, ZERO)
            )
        if amount > ZERO:
            self._ledger.take(wallet, holding.margin, money, amount)
        else:
            self._ledger.give(holding.margin, wallet, money, amount.copy_negate())
        holding.updated = self._now()
        contract.holdings.changed[owner.name] = None

    def free_margin(self, owner: Account, contract: ContractSettlement) -> Decimal:
        holding = contract.holdings.get(owner.name)
        if holding is None or holding.mode != "isolated":
            return ZERO
        figures = contract.holdings.figures(holding)
        margin = holding.margin.get(contract.currency)
        free = subtract(add(margin, min(figures.unrealized, ZERO)), figures.initial)
        return max(ZERO, free)

    def order_margins(self, owner: Account) -> dict[str, Decimal]:
        return {
            market: contract.requirements.order_margin(owner)
            for market in owner.orders.open_markets
            if (contract := self._contracts.get(market)) is not None
        }

    def terms(self, owner: Account, markets: Iterable[str]) -> dict[str, Terms]:
        return {
            market: Terms(
                contract.requirements.mode_of(owner),
                contract.requirements.leverage_of(owner),
                contract.requirements.order_worth(owner, "buy"),
                contract.requirements.order_worth(owner, "sell"),
                self.free_margin(owner, contract) if market in owner.holdings else ZERO,
            )
            for market in markets
            if (contract := self._contracts.get(market)) is not None
        }

    def reference_price(self, wallet: str, currency: str) -> Decimal:
        for collateral in self._margins.collaterals(wallet, ""):
            if collateral.currency == currency:
                return self._margins.reference_price(collateral)
        raise Refused("unknown_currency", currency=currency)

    def tell_changes(self, outbox: Outbox, treasury: Treasury) -> None:
        """Tell the listeners which positions have changed, and which balances with them."""
        for id, contract in self._contracts.items():
            holdings = contract.holdings
            if not holdings.changed:
                continue
            changed = list(holdings.changed)
            holdings.changed.clear()
            for name in changed if outbox.heard_in_full else ():
                holding = holdings.get(name)
                position = None if holding is None else self._margins.position(holding)
                outbox.add(PositionEvent(name, id, position))
                treasury.tell(holdings.owners[name], contract.wallet, contract.currency)

    def _holding(self, owner: Account, contract: ContractSettlement) -> Holding:
        holding = contract.holdings.get(owner.name)
        if holding is None:
            raise Refused("no_position", market=contract.spec.id)
        return holding
