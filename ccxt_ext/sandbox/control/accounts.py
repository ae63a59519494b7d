"""Calls about accounts: who they are, their money, and what a venue does to them by itself."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice
from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls, symbols_of
from ccxt_ext.sandbox.control.rows import order_row
from ccxt_ext.sandbox.engine import Engine, Refused
from ccxt_ext.sandbox.fields import (
    LARGEST,
    BadCall,
    Fields,
    amount,
    check_names,
    decimal,
    integer,
    one_of,
)
from ccxt_ext.sandbox.frontend import decimal_text

MOST_ACCOUNTS = 1000


class AccountCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {
            ("GET", "/accounts"): self.accounts,
            ("POST", "/accounts"): self.open,
            ("POST", "/deposit"): self.deposit,
            ("POST", "/withdraw"): self.withdraw,
            ("POST", "/cancel"): self.cancel,
        }

    def accounts(self, fields: Fields) -> Any:
        """What each account has, by venue, account, wallet and currency."""
        check_names(fields, "venue")
        chosen = [self.venue(fields)] if "venue" in fields else self.world.settings.all_venues
        return {
            venue: {
                account: {
                    wallet: self._money(frontend.engine, account, wallet)
                    for wallet in frontend.engine.wallets
                }
                for account in frontend.accounts
            }
            for venue, frontend in self.world.frontends.items()
            if venue in chosen
        }

    def open(self, fields: Fields) -> Any:
        """Open an account. The control port answers with a client's config."""
        check_names(fields, "venue", "account", "balances", "wallet")
        frontend, account, balances = self.frontend(fields), fields.get("account"), fields.get("balances", {})
        if not isinstance(account, str):
            raise BadCall("'account' must be a name, such as \"maker\"")
        if not isinstance(balances, dict):
            raise BadCall('\'balances\' must be amounts by currency, such as {"USDT": "1000"}')
        if len(frontend.accounts) >= MOST_ACCOUNTS:
            raise BadCall(f"there are {MOST_ACCOUNTS} accounts already")
        wallet, money = self._wallet(fields), {}
        for currency in balances:
            one_of({"currency": currency}, "currency", sorted(frontend.engine.currencies))
            money[currency] = decimal(balances, currency)
            if money[currency] < 0:
                raise BadCall(f"{currency!r} must not be negative")
        try:
            frontend.add_account(account, {wallet: money})
        except ValueError as error:
            raise BadCall(str(error)) from None
        return {"venue": frontend.id, "account": account}

    def deposit(self, fields: Fields) -> Any:
        account, wallet, currency, added = self._sum(fields)
        engine = self.engine(fields)
        engine.deposit(account, currency, added, wallet)
        return self._balance(engine, account, wallet, currency)

    def withdraw(self, fields: Fields) -> Any:
        account, wallet, currency, taken = self._sum(fields)
        engine = self.engine(fields)
        try:
            engine.withdraw(account, currency, taken, wallet)
        except Refused as refused:
            if refused.reason != "insufficient_funds":
                raise
            free = f"{refused.details['free']:f} {currency}"
            raise BadCall(f"'amount' is more than can be taken out: {free} are free") from None
        return self._balance(engine, account, wallet, currency)

    def _sum(self, fields: Fields) -> tuple[str, str, str, Decimal]:
        """Whose money it is about, in which wallet, of which currency, and how much."""
        check_names(fields, "venue", "account", "currency", "amount", "wallet")
        engine, account = self.engine(fields), self.account(fields)
        wallet = self._wallet(fields)
        return account, wallet, one_of(fields, "currency", sorted(engine.currencies)), amount(fields)

    def _wallet(self, fields: Fields) -> str:
        wallets = self.engine(fields).wallets
        return one_of(fields, "wallet", wallets) if "wallet" in fields else wallets[0]

    def _money(self, engine: Engine, account: str, wallet: str) -> dict[str, Any]:
        balances = engine.balances(account, wallet)
        return {
            currency: self._balance(engine, account, wallet, currency)
            for currency, balance in balances.items()
            if any(balance)
        }

    @staticmethod
    def _balance(engine: Engine, account: str, wallet: str, currency: str) -> dict[str, str]:
        balance = engine.balances(account, wallet)[currency]
        return {"free": decimal_text(balance.free), "held": decimal_text(balance.held)}

    def cancel(self, fields: Fields) -> Any:
        """Cancel some open orders, the newest or the oldest ones, as a venue may do by itself."""
        check_names(fields, "venue", "account", "market", "count", "oldest")
        frontend = self.frontend(fields)
        account = self.account(fields)
        market = self.market_if_given(fields)
        count = integer(fields, "count", 1, LARGEST, 1)
        oldest = fields.get("oldest", False)
        if not isinstance(oldest, bool):
            raise BadCall("'oldest' must be true or false")
        newest = frontend.engine.newest_orders(account, market, ("open",))
        found = list(islice(reversed(newest) if oldest else newest, count))
        for order in found:
            frontend.engine.cancel(account, order.id)
        symbol_of = symbols_of(frontend.engine)
        return [order_row(order, frontend.order_name(order), symbol_of(order.market)) for order in found]
