"""BitexAsia's call about an account."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ccxt_ext.sandbox.frontend import Request, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitexasia.keys import Key
from ccxt_ext.sandbox.frontends.bitexasia.listings import OTHER_FUNDS
from ccxt_ext.sandbox.frontends.bitexasia.rows import balance_row


class AccountData:
    """The call for balances. Each account of the venue is an account of the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, account: str, balances: Mapping[str, Decimal]) -> None:
        self._engine.open_account(account, balances)
        for other in OTHER_FUNDS:
            self._engine.open_account(f"{account} {other}", {})

    def add_usual(self, account: str) -> None:
        """Put in what nothing can be done with."""
        for other, funds in OTHER_FUNDS.items():
            self._engine.endow(f"{account} {other}", {self._engine.wallets[0]: funds})

    def empty_others(self, account: str) -> None:
        for other in OTHER_FUNDS:
            self._engine.endow(f"{account} {other}", {})

    def balances(self, request: Request, key: Key) -> Response:
        rows = []
        for account, name in (
            ("spot", key.account),
            ("margin", f"{key.account} margin"),
            ("earn", f"{key.account} earn"),
        ):
            for asset, (free, held) in self._engine.balances(name).items():
                if free or held or account == "spot":
                    locked = free if account == "earn" else held
                    rows.append(
                        balance_row(account, asset, Decimal(0) if account == "earn" else free, locked)
                    )
        return json_response({"balances": rows})
