"""BitMax's calls about an account: its balances, positions, margin and transfers."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ccxt_ext.sandbox.engine import Engine, Refused
from ccxt_ext.sandbox.engine.exact import add
from ccxt_ext.sandbox.frontend import PLAIN_DECIMAL, Request, VenueClock, decimal_text
from ccxt_ext.sandbox.frontends.bitmaxfutures.market_data import whole
from ccxt_ext.sandbox.frontends.bitmaxfutures.order_fields import NOT_ENOUGH, Declined, product
from ccxt_ext.sandbox.frontends.bitmaxfutures.rows.orders import (
    CASH,
    COLLATERALS,
    FUTURES,
    NOT_TRANSFERABLE,
    SETTLE,
    Listing,
    position_row,
)

if TYPE_CHECKING:
    from ccxt_ext.sandbox.frontends.bitmaxfutures.frontend import Key
    from ccxt_ext.sandbox.frontends.bitmaxfutures.stream.channels import Channels

HIGHEST_LEVERAGE = 100
CHAINS = {"USDT": ("Omni", "ERC20", "TRC20"), "BTC": ("Bitcoin",)}
MARGIN_TYPES = {"isolated": "isolated", "crossed": "cross"}


class AccountCalls:
    engine: Engine
    listings: dict[str, Listing]
    clock: VenueClock
    channels: Channels

    def body(self, request: Request) -> dict[str, Any]:
        raise NotImplementedError

    # who

    def _account_info(self, request: Request, key: Key) -> Any:
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

    _old_account_info = _account_info

    # what it has

    def _positions(self, request: Request, key: Key) -> Any:
        rows = {
            "collaterals": self.collateral_rows(key.account),
            "contracts": self.contract_rows(key.account),
        }
        return {**key.ids, **rows}

    def collateral_rows(self, account: str) -> list[dict[str, Any]]:
        group = self.engine.margin_account(account, FUTURES)
        rows = []
        for asset, _, _, discount, _, _ in COLLATERALS:
            balance = group.balances[asset]
            if balance or asset == SETTLE:
                price = self.engine.reference_price(FUTURES, asset)
                rows.append(
                    {
                        "asset": asset,
                        "balance": decimal_text(balance),
                        "discountFactor": discount,
                        "referencePrice": decimal_text(price),
                    }
                )
        return rows

    def contract_rows(self, account: str) -> list[dict[str, Any]]:
        positions = {position.market: position for position in self.engine.positions(account)}
        return [
            position_row(
                market,
                positions.get(symbol),
                self.engine.margin_mode(account, symbol),
                self.engine.leverage(account, symbol),
                self.engine.orders(account, symbol, ("open",)),
            )
            for symbol, market in self.engine.markets.items()
        ]

    def _free_margin(self, request: Request, key: Key) -> Any:
        group = self.engine.margin_account(key.account, FUTURES)
        return {
            "collaterals": [
                {"asset": asset, "availableForTransfer": decimal_text(group.transferable[asset])}
                for asset, *_ in COLLATERALS
                if group.balances[asset] or asset == SETTLE
            ],
            "crossed": {"freeMargin": decimal_text(group.free)},
            "isolated": [
                {"freeMargin": decimal_text(self.engine.free_margin(key.account, symbol)), "symbol": symbol}
                for symbol in self.engine.markets
            ],
        }

    def _cash_balance(self, request: Request, key: Key) -> Any:
        asked = request.query.get("asset")
        shows_all = request.query.get("showAll") == "true"
        rows = []
        for asset, balance in self.engine.balances(key.account, CASH).items():
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

    def _leverage(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        spec = product(fields, self.listings).spec()
        leverage = fields.get("leverage")
        if isinstance(leverage, str) and re.fullmatch("[0-9]{1,3}", leverage):
            leverage = int(leverage)
        most = min(HIGHEST_LEVERAGE, int(spec.max_leverage))
        if not isinstance(leverage, int) or isinstance(leverage, bool) or not 1 <= leverage <= most:
            raise Declined(100006, "Invalid leverage")
        try:
            self.engine.set_leverage(key.account, spec.id, Decimal(leverage))
        except Refused:
            raise Declined(320008, "Not enough margin for this leverage") from None
        self.channels.accounts.tell_changes(key.account)
        return {"leverage": leverage, "symbol": spec.id}

    def _margin_type(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        spec = product(fields, self.listings).spec()
        mode = MARGIN_TYPES.get(str(fields.get("marginType")))
        if mode is None:
            raise Declined(100006, "Invalid marginType")
        try:
            self.engine.set_margin_mode(key.account, spec.id, "isolated" if mode == "isolated" else "cross")
        except Refused:
            message = "The margin type cannot change while there is a position or an open order"
            raise Declined(100010, message) from None
        self.channels.accounts.tell_changes(key.account)

    def _isolated_margin(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        spec = product(fields, self.listings).spec()
        amount = money(fields, signed=True)
        try:
            self.engine.add_margin(key.account, spec.id, amount)
        except Refused as refused:
            if refused.reason == "insufficient_funds":
                raise Declined(300011, NOT_ENOUGH) from None
            raise Declined(100010, "There is no isolated position") from None

    # money

    def _transfer_in(self, request: Request, key: Key) -> Any:
        self.move(key, self.body(request), CASH, FUTURES)

    def _transfer_out(self, request: Request, key: Key) -> Any:
        self.move(key, self.body(request), FUTURES, CASH)

    def _old_transfer(self, request: Request, key: Key) -> Any:
        fields = self.body(request)
        source, target = fields.get("fromAccount"), fields.get("toAccount")
        if {source, target} != {CASH, FUTURES}:
            raise Declined(100006, "Transfers go between cash and futures")
        self.move(key, fields, str(source), str(target))

    def move(self, key: Key, fields: dict[str, Any], source: str, target: str) -> None:
        asset = fields.get("asset")
        if asset not in self.engine.currencies:
            raise Declined(100006, "Invalid asset")
        if asset in NOT_TRANSFERABLE:
            raise Declined(100010, f"{asset} cannot be transferred")
        try:
            self.engine.transfer(key.account, str(asset), money(fields), source, target)
        except Refused as refused:
            if refused.reason == "insufficient_funds":
                raise Declined(300011, NOT_ENOUGH) from None
            raise Declined(100006, "Invalid amount") from None

    def _deposit_address(self, request: Request, key: Key) -> Any:
        asset = request.query.get("asset")
        names = {code: name for code, name, *_ in COLLATERALS}
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

    def _transactions(self, request: Request, key: Key) -> Any:
        """The deposits into the cash account, those with which it began among them, newest first; the sandbox
        sends nothing out of itself."""
        page, size = whole(request, "page", 1), whole(request, "pageSize", 20)
        asked, kind = request.query.get("asset"), request.query.get("txType")
        came = [each for each in self.engine.deposits if (each.account, each.wallet) == (key.account, CASH)]
        rows = [
            {
                "asset": asset,
                "amount": decimal_text(amount),
                "commission": "0",
                "destAddress": {"address": address(key.account, asset, CHAINS.get(asset, ("ERC20",))[0])},
                "networkTransactionId": digest(key.account, asset, number, "transaction"),
                "numConfirmations": 3,
                "numConfirmed": 3,
                "requestId": digest(key.account, asset, number, "request")[:32],
                "status": "confirmed",
                "time": time,
                "transactionType": "deposit",
            }
            for number, (_, _, asset, amount, time) in reversed(list(enumerate(came)))
            if asked in (None, asset) and kind in (None, "deposit")
        ]
        return {
            "data": rows[(page - 1) * size : page * size] if page else [],
            "hasNext": page * size < len(rows),
            "page": page,
            "pageSize": size,
        }


def money(fields: dict[str, Any], signed: bool = False) -> Decimal:
    text = fields.get("amount")
    if not isinstance(text, str) or not PLAIN_DECIMAL.fullmatch(text):
        raise Declined(100006, "Invalid amount")
    amount = Decimal(text)
    if not amount or (amount < 0 and not signed):
        raise Declined(100006, "Invalid amount")
    return amount


def digest(*parts: object) -> str:
    return hashlib.sha256(f"bitmaxfutures sandbox {' '.join(map(str, parts))}".encode()).hexdigest()


def address(account: str, asset: str, chain: str) -> str:
    return f"1{digest(account, asset, chain, 'address')[:33]}"
