"""BitexAsia's call about an account."""

from __future__ import annotations

from decimal import Decimal

from ccxt_ext.sandbox.frontend import Request, Response, json_response
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitexasia.keys import Key
from ccxt_ext.sandbox.frontends.bitexasia.listings import EARN_FUNDS, FUNDS, MARGIN_FUNDS
from ccxt_ext.sandbox.frontends.bitexasia.rows import balance_row


class AccountData:
    """The call for balances. Each account of the venue is an account of the engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, account: str) -> None:
        self._engine.open_account(account, FUNDS)
        self._engine.open_account(f"{account} margin", MARGIN_FUNDS)
        self._engine.open_account(f"{account} earn", EARN_FUNDS)

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
