"""Balances, currencies, transfers, deposits and withdrawals."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadRequest, BadResponse, NotSupported
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures.accounts import Account
from ccxt_ext.venues.bitmaxfutures.market_data import MarketData

FUTURES, CASH = "futures", "cash"

TRANSACTION_STATUSES = {
    "pending": "pending",
    "reviewing": "pending",
    "confirmed": "ok",
    "rejected": "failed",
    "canceled": "canceled",
    "failed": "failed",
}

ACCOUNT_TYPES = {"cashAccount": "spot", "marginAccount": "margin", "futuresAccount": "swap"}


class Funds(MarketData):
    # -- the account --------------------------------------------------------------------------------

    def parse_account_info(self, answer: Any) -> Account:
        info = reading.record(self, self.data_of(answer))
        group = reading.whole(self, info, "accountGroup")
        if group is None or group < 0:
            raise BadResponse(f"{self.id} told no account group")
        futures = self.account_ids(info, "futuresAccount")
        return Account(str(group), self.safe_string(info, "userUID"), futures[0] if futures else None)

    def account_ids(self, info: Mapping[str, Any], key: str) -> list[str]:
        ids = info.get(key)
        if ids is None:
            return []
        if isinstance(ids, list) and all(isinstance(id, str) and id for id in ids):
            return ids
        raise BadResponse(f"{self.id} expected a list of account ids under {key}")

    def parse_account_list(self, answer: Any) -> list[Any]:
        info = reading.record(self, self.data_of(answer))
        return [
            {"id": id, "type": type, "code": None, "info": info}
            for key, type in ACCOUNT_TYPES.items()
            for id in self.account_ids(info, key)
        ]

    # -- currencies ---------------------------------------------------------------------------------

    def parse_collaterals(self, answer: Any, assets: Any = None) -> dict[str, Any]:
        details = {}
        for row in () if assets is None else reading.rows(self, self.data_of(assets)):
            details[reading.required(self, row, "assetCode")] = row
        found = [
            self.parse_collateral(row, details.get(reading.required(self, row, "asset")))
            for row in reading.rows(self, self.data_of(answer))
        ]
        return self.index_by(found, "code")

    def parse_currency(self, currency: Any) -> Any:
        return self.parse_collateral(currency, None)

    def parse_collateral(self, row: Mapping[str, Any], asset: Mapping[str, Any] | None) -> Any:
        id = reading.required(self, row, "asset")
        status = self.safe_string(row, "statusCode")
        asset = asset or {}
        digits = reading.whole(self, asset, "nativeScale")
        precision = None if digits is None or not 0 <= digits <= 30 else self.parse_precision(str(digits))
        deposit = withdraw = None
        if status is not None:
            deposit = status not in ("NoTransaction", "NoDeposit")
            withdraw = status not in ("NoTransaction", "NoWithdraw")
        return self.safe_currency_structure(
            {
                "id": id,
                "code": self.safe_currency_code(id),
                "name": self.safe_string(row, "assetName"),
                "active": None if status is None else status != "NoTransaction",
                "deposit": deposit,
                "withdraw": withdraw,
                "fee": self.parse_number(self.amount_of(asset, "withdrawalFee", "withdrawFee")),
                "precision": self.parse_number(precision),
                "limits": {
                    "amount": {"min": None, "max": None},
                    "deposit": {"min": None, "max": None},
                    "withdraw": {
                        "min": self.parse_number(reading.number_text(self, asset, "minWithdrawalAmt")),
                        "max": None,
                    },
                },
                "networks": {},
                "type": "crypto",
                "info": row,
            }
        )

    # -- balances -----------------------------------------------------------------------------------

    def account_of(self, name: Any) -> str:
        accounts = self.options["accountsByType"]
        if str(name).lower() not in accounts:
            raise BadRequest(f"{self.id} has the accounts {', '.join(accounts)}, not {name!r}")
        return str(accounts[str(name).lower()])

    def parse_futures_balance(self, positions: Any, free_margin: Any) -> Any:
        free = {}
        if free_margin is not None:
            rows = reading.rows(self, reading.record(self, self.data_of(free_margin)), "collaterals")
            free = {
                reading.required(self, row, "asset"): reading.number_text(self, row, "availableForTransfer")
                for row in rows
            }
        result: dict[str, Any] = {"info": positions, "timestamp": None, "datetime": None}
        for row in reading.rows(self, reading.record(self, self.data_of(positions)), "collaterals"):
            account = self.account()
            id = reading.required(self, row, "asset")
            account["total"] = reading.number_text(self, row, "balance")
            account["free"] = free.get(id)
            result[self.safe_currency_code(id)] = account
        return self.safe_balance(result)

    def parse_cash_balance(self, answer: Any) -> Any:
        result: dict[str, Any] = {"info": answer, "timestamp": None, "datetime": None}
        for row in reading.rows(self, self.data_of(answer)):
            account = self.account()
            account["total"] = reading.number_text(self, row, "totalBalance")
            account["free"] = reading.number_text(self, row, "availableBalance")
            result[self.safe_currency_code(reading.required(self, row, "asset"))] = account
        return self.safe_balance(result)

    # -- money that moves ---------------------------------------------------------------------------

    def transfer_request(
        self, code: str, amount: Any, source: Any, target: Any, params: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Which way the money goes, and the fields of the request."""
        names = self.account_of(source), self.account_of(target)
        if names[0] == names[1]:
            raise BadRequest(f"{self.id} transfer() goes between the cash and the futures account")
        fields = {"asset": self.currency(code)["id"], "amount": self.money(amount, "transfer")}
        if self.options["transferVersion"] == "v1":
            fields.update(fromAccount=names[0], toAccount=names[1])
        return names[1], {**fields, **params}

    def parse_transfer(self, transfer: Any, currency: Any = None) -> Any:
        """The answer says that it went well, and no more."""
        return {
            "info": self.done(transfer),
            "id": None,
            "timestamp": None,
            "datetime": None,
            "currency": self.safe_string(currency, "code"),
            "amount": None,
            "fromAccount": None,
            "toAccount": None,
            "status": "ok",
        }

    def transfer_asked_for(self, request: Mapping[str, Any], source: Any, target: Any) -> dict[str, Any]:
        return {
            "amount": self.parse_number(request["amount"]),
            "fromAccount": source,
            "toAccount": target,
        }

    def parse_addresses(self, answer: Any) -> list[Any]:
        data = reading.record(self, self.data_of(answer))
        code = self.safe_currency_code(reading.required(self, data, "asset"))
        return [
            {
                "info": row,
                "currency": code,
                "network": self.network_id_to_code(self.safe_string(row, "blockchain"), code),
                "address": reading.required(self, row, "address"),
                "tag": self.safe_string(row, "destTag"),
            }
            for row in reading.rows(self, data, "address")
        ]

    def parse_transaction(self, transaction: Any, currency: Any = None) -> Any:
        timestamp = reading.moment(self, transaction, "time")
        code = self.safe_currency_code(reading.required(self, transaction, "asset"))
        target = self.inner(transaction, "destAddress")
        address = self.safe_string(target, "address")
        tag = self.safe_string(target, "destTag")
        fee = reading.number_text(self, transaction, "commission")
        kind = self.safe_string_lower(transaction, "transactionType")
        return {
            "info": transaction,
            "id": self.safe_string(transaction, "requestId"),
            "txid": self.safe_string(transaction, "networkTransactionId"),
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "network": None,
            "address": address,
            "addressTo": address,
            "addressFrom": None,
            "tag": tag,
            "tagTo": tag,
            "tagFrom": None,
            "type": kind if kind in ("deposit", "withdrawal") else None,
            "amount": self.parse_number(Precise.string_abs(reading.number_text(self, transaction, "amount"))),
            "currency": code,
            "status": TRANSACTION_STATUSES.get(self.safe_string(transaction, "status", "")),
            "updated": None,
            "internal": None,
            "comment": None,
            "fee": None if fee is None else {"currency": code, "cost": self.parse_number(fee)},
        }

    def transaction_rows(self, answer: Any) -> list[dict[str, Any]]:
        return reading.rows(self, reading.record(self, self.data_of(answer)), "data")

    def transaction_key(self, row: Mapping[str, Any]) -> Any:
        """What tells a transaction from others, whatever becomes of it."""
        ids = self.safe_string(row, "requestId"), self.safe_string(row, "networkTransactionId")
        return (*ids, self.safe_string(row, "time"), None if any(ids) else str(row))

    def reaches_back(self, page: Sequence[Mapping[str, Any]], since: int | None) -> bool:
        """Whether a page of transactions, if it has the newest first, has all that are left since then."""
        if since is None or not page:
            return False
        first, last = (reading.moment(self, row, "time") for row in (page[0], page[-1]))
        return first >= last and last < since

    # -- retired ------------------------------------------------------------------------------------

    def refuse_retired(self, method: str) -> None:
        if not self.options["retiredV1"]:
            raise NotSupported(
                f"{self.id} {method}() is not supported: the venue retired it (options['retiredV1'] tries)"
            )

    def parse_funding_rate_history(self, info: Any, market: Any = None) -> Any:
        market = self.safe_market(reading.required(self, info, "symbol"), market)
        timestamp = reading.moment(self, info, "timestamp")
        return {
            "info": info,
            "symbol": market["symbol"],
            "fundingRate": self.parse_number(reading.number_text(self, info, "fundingRate")),
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
        }

    def parse_income(self, info: Any, market: Any = None) -> Any:
        market = self.safe_market(reading.required(self, info, "symbol"), market)
        timestamp = reading.moment(self, info, "timestamp")
        return {
            "info": info,
            "symbol": market["symbol"],
            "code": market["settle"],
            "timestamp": timestamp,
            "datetime": self.iso8601(timestamp),
            "id": None,
            "amount": self.parse_number(reading.number_text(self, info, "paymentInUSDT")),
            "rate": self.parse_number(reading.number_text(self, info, "fundingRate")),
        }
