"""Calls about accounts: their money, and what a venue does to them by itself."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.control.calls import Call, Calls
from ccxt_ext.sandbox.control.rows import order_row
from ccxt_ext.sandbox.fields import LARGEST, BadCall, Fields, amount, check_names, integer, one_of
from ccxt_ext.sandbox.frontend import decimal_text


class AccountCalls(Calls):
    def table(self) -> dict[tuple[str, str], Call]:
        return {("POST", "/deposit"): self.deposit, ("POST", "/cancel"): self.cancel}

    def deposit(self, fields: Fields) -> Any:
        check_names(fields, "venue", "account", "currency", "amount", "wallet")
        engine = self.engine(fields)
        account = self.account(fields)
        wallet = one_of(fields, "wallet", engine.wallets) if "wallet" in fields else engine.wallets[0]
        currency = one_of(fields, "currency", sorted(engine.currencies))
        engine.deposit(account, currency, amount(fields), wallet)
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
        found = frontend.engine.orders(account, market, ("open",))
        if oldest:
            found.reverse()
        for order in found[:count]:
            frontend.engine.cancel(account, order.id)
        return [order_row(order, frontend.order_name(order)) for order in found[:count]]
