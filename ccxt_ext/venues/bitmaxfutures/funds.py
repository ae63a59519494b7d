"""Balances, transfers, deposits and withdrawals. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import BadRequest
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import balances
from ccxt_ext.venue.fast.columns import ABSENT, ODD, Number, Text
from ccxt_ext.venue.fast.conditions import result_or_none
from ccxt_ext.venues.bitmaxfutures import answers, arguments
from ccxt_ext.venues.bitmaxfutures.columns import BALANCES, CASH_BALANCES

TRANSACTION_STATUSES = {
    "pending": "pending",
    "reviewing": "pending",
    "confirmed": "ok",
    "rejected": "failed",
    "canceled": "canceled",
    "failed": "failed",
}


def account_of(exchange: Exchange, name: Any) -> str:
    by_type = exchange.options["accountsByType"]
    if str(name).lower() not in by_type:
        raise BadRequest(f"{exchange.id} has the accounts {', '.join(by_type)}, not {name!r}")
    return str(by_type[str(name).lower()])


# -- balances ---------------------------------------------------------------------------------------


def futures_balance(exchange: Exchange, held: Any, free_margin: Any) -> Any:
    made = result_or_none(fast_futures_balance, exchange, held, free_margin)
    return slow_futures_balance(exchange, held, free_margin) if made is None else made


def fast_futures_balance(exchange: Exchange, held: Any, free_margin: Any) -> Any:
    """With all rows read at once: each collateral's own with what is free of it, which another answer
    tells. None if they are not as they ever are."""
    told = reading.rows(exchange, free_margin["data"], "collaterals")
    columns = (Text("asset").read(told), Number("availableForTransfer").read(told))
    if any(column.has(ODD, ABSENT) for column in columns):
        return None
    free = dict(zip(columns[0].values, columns[1].raw, strict=True))
    rows = [{**row, "free": free[str(row["asset"])]} for row in held["data"]["collaterals"]]

    def alone(some: list[Mapping[str, Any]]) -> Any:
        margins = [{"asset": row["asset"], "availableForTransfer": row["free"]} for row in some]
        parts = [
            {**answer, "data": {**answer["data"], "collaterals": listed}}
            for answer, listed in ((held, some), (free_margin, margins))
        ]
        return {**slow_futures_balance(exchange, *parts), "info": held}

    return balances.fast_balance(exchange, lambda rows: BALANCES, rows, alone)


def slow_futures_balance(exchange: Exchange, held: Any, free_margin: Any) -> Any:
    """With one row read after the other."""
    free = {}
    if free_margin is not None:
        rows = answers.rows_of(exchange, free_margin, "collaterals")
        free = {
            reading.required_text(exchange, row, "asset"): reading.number_text(
                exchange, row, "availableForTransfer"
            )
            for row in rows
        }
    result: dict[str, Any] = {"info": held, "timestamp": None, "datetime": None}
    for row in answers.rows_of(exchange, held, "collaterals"):
        account = exchange.account()
        id = reading.required_text(exchange, row, "asset")
        account["total"] = reading.number_text(exchange, row, "balance")
        account["free"] = free.get(id)
        result[exchange.safe_currency_code(id)] = account
    return exchange.safe_balance(result)


def with_isolated_margin(exchange: Exchange, balance: Any, held: Any) -> Any:
    """With what was moved from the balance to isolated positions, as used."""
    parts = [name for name in ("used", "total") if balance[name]]
    for row in answers.rows_of(exchange, held, "contracts"):
        margin = answers.unless_zero(reading.number_text(exchange, row, "isolatedMargin"))
        code = exchange.safe_market(reading.required_text(exchange, row, "symbol"))["settle"]
        for name in parts if margin is not None and code in balance else ():
            told = balance[code][name]
            if told is not None:
                sum = exchange.parse_number(Precise.string_add(exchange.number_to_string(told), margin))
                balance[code][name] = balance[name][code] = sum
    return balance


def cash_balance(exchange: Exchange, answer: Any) -> Any:
    made = balances.fast_balance(
        exchange,
        lambda rows: CASH_BALANCES,
        answer.get("data") if isinstance(answer, dict) else None,
        lambda rows: {**slow_cash_balance(exchange, {**answer, "data": rows}), "info": answer},
    )
    return slow_cash_balance(exchange, answer) if made is None else made


def slow_cash_balance(exchange: Exchange, answer: Any) -> Any:
    result: dict[str, Any] = {"info": answer, "timestamp": None, "datetime": None}
    for row in answers.rows_of(exchange, answer):
        account = exchange.account()
        account["total"] = reading.number_text(exchange, row, "totalBalance")
        account["free"] = reading.number_text(exchange, row, "availableBalance")
        result[exchange.safe_currency_code(reading.required_text(exchange, row, "asset"))] = account
    return exchange.safe_balance(result)


# -- money that moves -------------------------------------------------------------------------------


def transfer_request(
    exchange: Exchange, code: str, amount: Any, source: Any, target: Any, params: Mapping[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Which way the money goes, and the fields of the request."""
    names = account_of(exchange, source), account_of(exchange, target)
    if names[0] == names[1]:
        raise BadRequest(f"{exchange.id} transfer() goes between the cash and the futures account")
    fields = {
        "asset": exchange.currency(code)["id"],
        "amount": arguments.money_text(exchange, amount, "transfer"),
    }
    if exchange.options["transferVersion"] == "v1":
        fields.update(fromAccount=names[0], toAccount=names[1])
    return names[1], {**fields, **params}


def parse_transfer(exchange: Exchange, transfer: Any, currency: Any = None) -> Any:
    """The answer says that it went well, and no more."""
    return {
        "info": answers.acknowledged(exchange, transfer),
        "id": None,
        "timestamp": None,
        "datetime": None,
        "currency": exchange.safe_string(currency, "code"),
        "amount": None,
        "fromAccount": None,
        "toAccount": None,
        "status": "ok",
    }


def transfer_asked_for(
    exchange: Exchange, request: Mapping[str, Any], source: Any, target: Any
) -> dict[str, Any]:
    return {
        "amount": exchange.parse_number(request["amount"]),
        "fromAccount": source,
        "toAccount": target,
    }


def deposit_addresses(exchange: Exchange, answer: Any) -> list[Any]:
    data = answers.record_of(exchange, answer)
    code = exchange.safe_currency_code(reading.required_text(exchange, data, "asset"))
    return [
        {
            "info": row,
            "currency": code,
            "network": exchange.network_id_to_code(exchange.safe_string(row, "blockchain"), code),
            "address": reading.required_text(exchange, row, "address"),
            "tag": exchange.safe_string(row, "destTag"),
        }
        for row in reading.rows(exchange, data, "address")
    ]


def parse_transaction(exchange: Exchange, transaction: Any, currency: Any = None) -> Any:
    timestamp = reading.timestamp(exchange, transaction, "time")
    code = exchange.safe_currency_code(reading.required_text(exchange, transaction, "asset"))
    target = answers.record_in(exchange, transaction, "destAddress")
    address = exchange.safe_string(target, "address")
    tag = exchange.safe_string(target, "destTag")
    fee = reading.number_text(exchange, transaction, "commission")
    kind = exchange.safe_string_lower(transaction, "transactionType")
    return {
        "info": transaction,
        "id": exchange.safe_string(transaction, "requestId"),
        "txid": exchange.safe_string(transaction, "networkTransactionId"),
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
        "network": None,
        "address": address,
        "addressTo": address,
        "addressFrom": None,
        "tag": tag,
        "tagTo": tag,
        "tagFrom": None,
        "type": kind if kind in ("deposit", "withdrawal") else None,
        "amount": exchange.parse_number(
            Precise.string_abs(reading.number_text(exchange, transaction, "amount"))
        ),
        "currency": code,
        "status": TRANSACTION_STATUSES.get(exchange.safe_string(transaction, "status", "")),
        "updated": None,
        "internal": None,
        "comment": None,
        "fee": None if fee is None else {"currency": code, "cost": exchange.parse_number(fee)},
    }


def transaction_key(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    """What tells a transaction from others, whatever becomes of it."""
    ids = exchange.safe_string(row, "requestId"), exchange.safe_string(row, "networkTransactionId")
    return (*ids, exchange.safe_string(row, "time"), None if any(ids) else str(row))


def reaches_back(exchange: Exchange, page: Sequence[Mapping[str, Any]], since: int | None) -> bool:
    """Whether a page of transactions, if it has the newest first, has all that are left since then."""
    if since is None or not page:
        return False
    first, last = (reading.timestamp(exchange, row, "time") for row in (page[0], page[-1]))
    return first >= last and last < since
