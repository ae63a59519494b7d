"""BitMax's calls about an account: its balances, positions, margin and transfers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ccxt_ext.sandbox.frontend import Request, decimal_text, digest
from ccxt_ext.sandbox.frontend.engine import Deposit, Engine, Refused, add
from ccxt_ext.sandbox.frontends.bitmaxfutures.holdings import Holdings
from ccxt_ext.sandbox.frontends.bitmaxfutures.keys import VENUE, Key
from ccxt_ext.sandbox.frontends.bitmaxfutures.listings import (
    CASH,
    COLLATERALS,
    FUTURES,
    NOT_TRANSFERABLE,
    SETTLE,
    Listing,
)
from ccxt_ext.sandbox.frontends.bitmaxfutures.parameters import Bodies, integer, listing_of, money, page_of
from ccxt_ext.sandbox.frontends.bitmaxfutures.refusals import NOT_ENOUGH, Declined

HIGHEST_LEVERAGE = 100
CHAINS = {"USDT": ("Omni", "ERC20", "TRC20"), "BTC": ("Bitcoin",)}
MARGIN_TYPES = {"isolated": "isolated", "crossed": "cross"}


class AccountCalls:
    """An account's calls, but for those about orders."""

    def __init__(
        self,
        engine: Engine,
        listings: Mapping[str, Listing],
        holdings: Holdings,
        bodies: Bodies,
        changed: Callable[[str], None],
    ) -> None:
        """`changed` is called with an account's name when something about it has changed for which the engine
        has no event."""
        self._engine = engine
        self._listings = listings
        self._holdings = holdings
        self._bodies = bodies
        self._changed = changed

    # who

    def account_info(self, request: Request, key: Key) -> Any:
        return {
            "accountGroup": key.group,
            "email": f"{key.account}@example.com",
            "expireTime": -1,
            "allowedIps": [],
            "cashAccount": [key.cash_id],
            "marginAccount": [key.margin_id],
            "userUID": key.uid,
            "tradePermission": "trade" in key.permissions,
            "transferPermission": "transfer" in key.permissions,
            "viewPermission": "view" in key.permissions,
            # v1's page lacks these two; the venue's own bot reads them from v1 all the same.
            "futuresAccount": [key.ids["accountId"]],
            "limitQuota": 1000,
        }

    # what it has

    def positions(self, request: Request, key: Key) -> Any:
        rows = {
            "collaterals": self._holdings.collateral_rows(key.account),
            "contracts": self._holdings.position_rows(key.account),
        }
        return {**key.ids, **rows}

    def free_margin(self, request: Request, key: Key) -> Any:
        group = self._engine.margin_account(key.account, FUTURES)
        return {
            "collaterals": [
                {"asset": asset.code, "availableForTransfer": decimal_text(group.transferable[asset.code])}
                for asset in COLLATERALS
                if group.balances[asset.code] or asset.code == SETTLE
            ],
            "crossed": {"freeMargin": decimal_text(group.free)},
            "isolated": [
                {
                    "freeMargin": decimal_text(terms.free_margin) if terms.free_margin else "0",
                    "symbol": symbol,
                }
                for symbol, terms in self._engine.terms(key.account).items()
            ],
        }

    def cash_balance(self, request: Request, key: Key) -> Any:
        asked = request.query.get("asset")
        shows_all = request.query.get("showAll") == "true"
        rows = []
        for asset, balance in self._engine.balances(key.account, CASH).items():
            total = add(balance.free, balance.held)
            if asked in (None, asset) and (total or shows_all):
                rows.append(
                    {
                        "asset": asset,
                        "totalBalance": decimal_text(total),
                        "availableBalance": decimal_text(balance.free),
                    }
                )
        return rows

    # leverage and margin

    def leverage(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        spec = listing_of(fields, self._listings).spec()
        leverage = fields.get("leverage")
        if isinstance(leverage, str) and re.fullmatch("[0-9]{1,3}", leverage):
            leverage = int(leverage)
        most = min(HIGHEST_LEVERAGE, int(spec.max_leverage))
        if not isinstance(leverage, int) or isinstance(leverage, bool) or not 1 <= leverage <= most:
            raise Declined(100006, "Invalid leverage")
        try:
            self._engine.set_leverage(key.account, spec.id, Decimal(leverage))
        except Refused:
            raise Declined(320008, "Not enough margin for this leverage") from None
        self._changed(key.account)
        return {"leverage": leverage, "symbol": spec.id}

    def margin_type(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        spec = listing_of(fields, self._listings).spec()
        mode = MARGIN_TYPES.get(str(fields.get("marginType")))
        if mode is None:
            raise Declined(100006, "Invalid marginType")
        try:
            self._engine.set_margin_mode(key.account, spec.id, "isolated" if mode == "isolated" else "cross")
        except Refused:
            message = "The margin type cannot change while there is a position or an open order"
            raise Declined(100010, message) from None
        self._changed(key.account)

    def isolated_margin(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        spec = listing_of(fields, self._listings).spec()
        amount = money(fields, signed=True)
        try:
            self._engine.add_margin(key.account, spec.id, amount)
        except Refused as refused:
            if refused.reason == "insufficient_funds":
                raise Declined(300011, NOT_ENOUGH) from None
            raise Declined(100010, "There is no isolated position") from None

    # money

    def transfer_in(self, request: Request, key: Key) -> Any:
        self._move(key, self._bodies.fields(request), CASH, FUTURES)

    def transfer_out(self, request: Request, key: Key) -> Any:
        self._move(key, self._bodies.fields(request), FUTURES, CASH)

    def old_transfer(self, request: Request, key: Key) -> Any:
        fields = self._bodies.fields(request)
        source, target = fields.get("fromAccount"), fields.get("toAccount")
        if {source, target} != {CASH, FUTURES}:
            raise Declined(100006, "Transfers go between cash and futures")
        self._move(key, fields, str(source), str(target))

    def _move(self, key: Key, fields: dict[str, Any], source: str, target: str) -> None:
        asset = fields.get("asset")
        if asset not in self._engine.currencies:
            raise Declined(100006, "Invalid asset")
        if asset in NOT_TRANSFERABLE:
            raise Declined(100010, f"{asset} cannot be transferred")
        try:
            self._engine.transfer(key.account, str(asset), money(fields), source, target)
        except Refused as refused:
            if refused.reason == "insufficient_funds":
                raise Declined(300011, NOT_ENOUGH) from None
            raise Declined(100006, "Invalid amount") from None

    def deposit_address(self, request: Request, key: Key) -> Any:
        asset = request.query.get("asset")
        names = {each.code: each.name for each in COLLATERALS}
        if asset not in names:
            raise Declined(100006, "Invalid asset")
        chains = CHAINS.get(asset, ("ERC20",))
        return {
            "asset": asset,
            "assetName": names[asset],
            "address": [
                {"address": address(key.account, asset, chain), "blockchain": chain, "destTag": ""}
                for chain in chains
            ],
        }

    def transactions(self, request: Request, key: Key) -> Any:
        """The deposits into the cash account, newest first; those with which it began are among them.

        There are no withdrawals: the sandbox sends nothing out of itself."""
        page, size = integer(request, "page", 1), integer(request, "pageSize", 20)
        asked, kind = request.query.get("asset"), request.query.get("txType")
        came = self._engine.deposits_of(key.account, CASH) if kind in (None, "deposit") else ()
        if asked is None:
            numbers: Sequence[int] = range(len(came))[::-1]
        else:
            numbers = [number for number, each in enumerate(came) if each.currency == asked][::-1]
        found = page_of(numbers, page, size)
        return {**found, "data": [_transaction_row(number, came[number]) for number in found["data"]]}


def _transaction_row(number: int, deposit: Deposit) -> dict[str, Any]:
    account, _, asset, amount, time = deposit
    return {
        "asset": asset,
        "amount": decimal_text(amount),
        "commission": "0",
        "destAddress": {"address": address(account, asset, CHAINS.get(asset, ("ERC20",))[0])},
        "networkTransactionId": digest(VENUE, account, asset, number, "transaction"),
        "numConfirmations": 3,
        "numConfirmed": 3,
        "requestId": digest(VENUE, account, asset, number, "request")[:32],
        "status": "confirmed",
        "time": time,
        "transactionType": "deposit",
    }


def address(account: str, asset: str, chain: str) -> str:
    return f"1{digest(VENUE, account, asset, chain, 'address')[:33]}"
