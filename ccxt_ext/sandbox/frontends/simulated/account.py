"""Calls about an account: its money, positions, leverage and margin."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, takewhile
from typing import Any

from ccxt_ext.sandbox.frontend.engine import Engine, MarginMode, Market, Position
from ccxt_ext.sandbox.frontends.simulated.listings import CONTRACTS, SPOT
from ccxt_ext.sandbox.frontends.simulated.market_data import MarketData
from ccxt_ext.sandbox.frontends.simulated.parameters import (
    Arguments,
    integer,
    number,
    one_of,
    text,
    text_if_given,
    texts,
)
from ccxt_ext.sandbox.frontends.simulated.refusals import bad_request
from ccxt_ext.sandbox.frontends.simulated.rows import (
    Row,
    balance_rows,
    closed_position_row,
    payment_row,
    position_row,
    written,
)


class AccountCalls:
    """What the owner of an account can ask, beside orders."""

    def __init__(self, engine: Engine, data: MarketData) -> None:
        self._engine = engine
        self._data = data

    def wallet(self, arguments: Arguments, name: str = "wallet") -> str:
        """The wallet that is named; the one that there is, if it is not."""
        wallets = self._engine.wallets
        wanted = one_of(arguments, name, (SPOT, CONTRACTS), wallets[0])
        return wanted if wanted in wallets else wallets[0]

    def balance(self, arguments: Arguments, account: str) -> Any:
        wallet = self.wallet(arguments)
        return {"wallet": wallet, "currencies": balance_rows(self._engine.balances(account, wallet))}

    def transfer(self, arguments: Arguments, account: str) -> Any:
        currency, amount = text(arguments, "currency"), number(arguments, "amount")
        source, target = text(arguments, "from"), text(arguments, "to")
        for wallet in (source, target):
            if wallet not in self._engine.wallets:
                raise bad_request(f"there is no account {wallet} here")
        self._engine.transfer(account, currency, amount, source, target)
        return {"currency": currency, "amount": written(amount), "from": source, "to": target}

    def deposits(self, arguments: Arguments, account: str) -> Any:
        since, currency = integer(arguments, "since") or 0, text_if_given(arguments, "currency")
        until = integer(arguments, "until")
        return [
            {
                "id": f"deposit-{place}",
                "currency": each.currency,
                "amount": written(each.amount),
                "timestamp": each.timestamp,
                "wallet": each.wallet,
            }
            for place, each in enumerate(self._engine.deposits)
            if each.account == account
            and each.timestamp >= since
            and (until is None or each.timestamp <= until)
            and currency in (None, each.currency)
        ]

    # positions

    def positions(self, arguments: Arguments, account: str) -> Any:
        symbols = texts(arguments, "symbols")
        found = self._engine.positions(account)
        return [self.position_row(each) for each in found if symbols is None or each.market in symbols]

    def position_row(self, position: Position) -> Row:
        return position_row(position, self._engine.markets[position.market].last_price)

    def closed_positions(self, arguments: Arguments, account: str) -> Any:
        symbols, since = texts(arguments, "symbols"), integer(arguments, "since") or 0
        newest = takewhile(lambda each: each.closed >= since, self._engine.newest_closed_positions(account))
        found = (each for each in newest if symbols is None or each.market in symbols)
        page = list(islice(found, integer(arguments, "limit") or None))
        return [closed_position_row(each) for each in page[::-1]]

    def funding_payments(self, arguments: Arguments, account: str) -> Any:
        symbol, since = text_if_given(arguments, "symbol"), integer(arguments, "since") or 0
        newest = self._engine.newest_funding_payments(account, symbol)
        found = takewhile(lambda each: each.timestamp >= since, newest)
        page = list(islice(found, integer(arguments, "limit") or None))
        return [payment_row(each) for each in page[::-1]]

    # leverage and margin

    def leverage(self, arguments: Arguments, account: str) -> Any:
        return self._leverage_row(self._data.contract(arguments), account)

    def leverages(self, arguments: Arguments, account: str) -> Any:
        symbols = texts(arguments, "symbols")
        return [
            self._leverage_row(market, account)
            for id, market in self._engine.markets.items()
            if market.spec.is_contract and (symbols is None or id in symbols)
        ]

    def _leverage_row(self, market: Market, account: str) -> Row:
        id = market.spec.id
        return {
            "symbol": id,
            "leverage": written(self._engine.leverage(account, id)),
            "marginMode": self._engine.margin_mode(account, id),
        }

    def set_leverage(self, arguments: Arguments, account: str) -> Any:
        market = self._data.contract(arguments)
        self._engine.set_leverage(account, market.spec.id, number(arguments, "leverage"))
        return self._leverage_row(market, account)

    def set_margin_mode(self, arguments: Arguments, account: str) -> Any:
        market = self._data.contract(arguments)
        mode: MarginMode = (
            "isolated" if one_of(arguments, "mode", ("isolated", "cross"), "") == "isolated" else "cross"
        )
        self._engine.set_margin_mode(account, market.spec.id, mode)
        return self._leverage_row(market, account)

    def change_margin(self, arguments: Arguments, account: str) -> Any:
        """Put margin into an isolated position, or take it out if the amount is negative."""
        market, amount = self._data.contract(arguments), number(arguments, "amount")
        self._engine.add_margin(account, market.spec.id, amount)
        position = next(iter(self._engine.positions(account, market.spec.id)), None)
        return {
            "symbol": market.spec.id,
            "currency": market.spec.settle,
            "amount": written(amount.copy_abs()),
            "total": written(position.margin if position else Decimal(0)),
        }

    def fees(self, arguments: Arguments, account: str) -> Any:
        return [
            {"symbol": id, "maker": written(market.spec.maker_fee), "taker": written(market.spec.taker_fee)}
            for id, market in self._engine.markets.items()
        ]
