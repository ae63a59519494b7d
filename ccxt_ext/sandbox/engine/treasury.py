"""The money of accounts: deposits, moves between wallets, and balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .accounts import Account
from .checks import is_nonsense
from .contracts.margins import Margins
from .events import BalanceEvent
from .exact import ZERO
from .ledger import Bucket, Ledger, Wallet
from .model import Balance, Deposit, Refused
from .outbox import Outbox


class Treasury:
    def __init__(self, ledger: Ledger, margins: Margins, outbox: Outbox) -> None:
        self.currencies: list[str] = []
        """The currencies that can be deposited and moved, in the order in which the markets name them."""
        self.deposits: list[Deposit] = []
        """The deposits of all accounts that were opened, oldest first."""
        self._deposits_of: dict[tuple[str, str], list[Deposit]] = {}
        """By account and wallet."""
        self._ledger = ledger
        self._margins = margins
        self._outbox = outbox

    def add_currencies(self, currencies: Iterable[str]) -> None:
        self.currencies += [each for each in dict.fromkeys(currencies) if each not in self.currencies]

    def balance(self, owner: Account, wallet: str, currency: str) -> Balance:
        return self._margins.balance(owner, wallet, currency)

    def deposit(self, owner: Account, wallet: str, currency: str, amount: Decimal, now: int) -> None:
        self.check(currency, amount)
        self._ledger.deposit(owner.wallets[wallet], currency, amount)
        deposit = Deposit(owner.name, wallet, currency, amount, now)
        self.deposits.append(deposit)
        self._deposits_of.setdefault((owner.name, wallet), []).append(deposit)
        self.tell(owner, wallet, currency)

    def withdraw(self, owner: Account, wallet: str, currency: str, amount: Decimal) -> None:
        """Take free money out, as if it had never been put in."""
        self.check(currency, amount)
        self._take_free(owner, wallet, currency, amount, owner.wallets[wallet].deposits)
        self.tell(owner, wallet, currency)

    def forget(self, owner: Account) -> None:
        """Take out all that an account was opened with. It must not have done anything yet."""
        for name, wallet in owner.wallets.items():
            for currency, amount in list(wallet.free.amounts.items()):
                if amount:
                    self.withdraw(owner, name, currency, amount)
            self._deposits_of.pop((owner.name, name), None)
        self.deposits[:] = [each for each in self.deposits if each.account != owner.name]

    def deposits_of(self, owner: Account, wallet: str) -> Sequence[Deposit]:
        """The deposits into a wallet of an account, oldest first."""
        return self._deposits_of.get((owner.name, wallet), ())

    def _take_free(
        self, payer: Account, wallet: str, currency: str, amount: Decimal, target: Bucket | Wallet
    ) -> None:
        free = self.balance(payer, wallet, currency).free
        if free < amount:
            raise Refused("insufficient_funds", currency=currency, needed=amount, free=free)
        purse = payer.wallets[wallet].free
        if isinstance(target, Wallet):
            self._ledger.give(purse, target, currency, amount)
        else:
            self._ledger.post(purse, target, currency, amount)

    def move(
        self, payer: Account, source: str, payee: Account, target: str, currency: str, amount: Decimal
    ) -> None:
        """Move free money from one wallet to another, of the same account or of two."""
        self.check(currency, amount)
        self._take_free(payer, source, currency, amount, payee.wallets[target])
        self.tell(payer, source, currency)
        self.tell(payee, target, currency)

    def check(self, currency: str, amount: Decimal) -> None:
        if currency not in self.currencies:
            raise Refused("unknown_currency", currency=currency)
        if not amount.is_finite() or amount <= ZERO or is_nonsense(amount):
            raise Refused("bad_amount", amount=amount)

    def tell(self, owner: Account, wallet: str, currency: str) -> None:
        """Tell the listeners of a balance as it is now."""
        if self._outbox.heard_in_full:
            free, held = self.balance(owner, wallet, currency)
            self._outbox.add(BalanceEvent(owner.name, currency, free, held, wallet))
