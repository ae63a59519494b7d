"""The accounts of a venue, each with its money, its orders and its positions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from .ledger import Ledger, Wallet
from .model import MarginMode, Refused
from .positions import ClosedPosition, FundingPayment, Holding
from .records import Fills, Log, Orders


class Account:
    """One account. `keeps_records` is False for the synthetic traders, as nobody asks for their orders."""

    __slots__ = (
        "closed_positions",
        "fills",
        "funding",
        "holdings",
        "keeps_records",
        "leverages",
        "margin_modes",
        "name",
        "orders",
        "wallet",
        "wallets",
    )

    def __init__(self, name: str, wallets: Mapping[str, Wallet], keeps_records: bool = True) -> None:
        self.name = name
        self.wallets = dict(wallets)
        self.wallet = next(iter(self.wallets.values()))
        """The account's first wallet."""
        self.keeps_records = keeps_records
        self.orders = Orders()
        self.fills = Fills()
        self.holdings: dict[str, Holding] = {}
        """The account's open positions, by market."""
        self.closed_positions: Log[ClosedPosition] = Log()
        self.funding: Log[FundingPayment] = Log()
        self.leverages: dict[str, Decimal] = {}
        self.margin_modes: dict[str, MarginMode] = {}


class Accounts:
    """All accounts by name: those that were opened, those of synthetic traders, and those of insurances."""

    def __init__(self, ledger: Ledger, wallets: Sequence[str]) -> None:
        """`wallets` are the wallets that each opened account has."""
        self.wallets = tuple(wallets)
        self.by_name: dict[str, Account] = {}
        self.opened: list[str] = []
        self._ledger = ledger

    def __getitem__(self, name: str) -> Account:
        account = self.by_name.get(name)
        if account is None:
            raise Refused("unknown_account", account=name)
        return account

    def add(self, account: Account) -> None:
        self.by_name[account.name] = account

    def open(self, name: str) -> Account:
        if name in self.by_name:
            raise ValueError(f"there is an account {name} already")
        owners = [name, *(f"{name}:{wallet}" for wallet in self.wallets[1:])]
        opened = (self._ledger.open_wallet(owner) for owner in owners)
        account = Account(name, dict(zip(self.wallets, opened, strict=True)))
        self.add(account)
        self.opened.append(name)
        return account

    def wallet(self, name: str | None) -> str:
        """The wallet of this name, or the first one if no name is given."""
        if name is not None and name not in self.wallets:
            raise Refused("unknown_wallet", wallet=name)
        return self.wallets[0] if name is None else name
