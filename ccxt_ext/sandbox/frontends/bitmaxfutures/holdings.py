"""What an account has: collaterals and positions, in the words of the REST answers."""

from __future__ import annotations

from typing import Any

from ccxt_ext.sandbox.frontend import decimal_text
from ccxt_ext.sandbox.frontend.engine import Engine
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import COLLATERALS, FUTURES, SETTLE
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.positions import position_row


class Holdings:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collateral_rows(self, account: str) -> list[dict[str, Any]]:
        """A row for each asset that the account has, and always one for the settle currency."""
        group = self._engine.margin_account(account, FUTURES)
        rows = []
        for asset in COLLATERALS:
            balance = group.balances[asset.code]
            if balance or asset.code == SETTLE:
                price = self._engine.reference_price(FUTURES, asset.code)
                rows.append(
                    {
                        "asset": asset.code,
                        "balance": decimal_text(balance),
                        "discountFactor": asset.discount,
                        "referencePrice": decimal_text(price),
                    }
                )
        return rows

    def position_rows(self, account: str) -> list[dict[str, Any]]:
        """A row for each contract, also if there is no position."""
        positions = {position.market: position for position in self._engine.positions(account)}
        terms, markets = self._engine.terms(account), self._engine.markets
        return [position_row(markets[symbol], positions.get(symbol), each) for symbol, each in terms.items()]
