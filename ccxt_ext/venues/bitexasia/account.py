"""BitexAsia's balances: which column of their rows is what, if they are as assumed, and any other shape."""

from collections.abc import Iterator, Mapping
from typing import Any

from ccxt.base.errors import BadRequest
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import balances
from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import amount, cells
from ccxt_ext.venue.fast.conditions import result_or_none
from ccxt_ext.venues.bitexasia import fields

ACCOUNTS = ("spot", "margin", "earn")


def check_account(exchange: Exchange, wanted: Any) -> None:
    if wanted not in ACCOUNTS:
        raise BadRequest(f"{exchange.id} has balances of {', '.join(ACCOUNTS)}, not of {wanted!r}")


def balance_rows(exchange: Exchange, answer: Any, known: Mapping[str, Any] = {}) -> Iterator[dict[str, Any]]:
    """Rows in any of the shapes that are accepted, each with its account and asset."""
    if isinstance(answer, list):
        for row in reading.rows(exchange, answer):
            yield {**known, **row}
        return
    record = reading.record(exchange, answer)
    if "balances" in record:
        yield from balance_rows(exchange, record["balances"], known)
        return
    for name, value in record.items():
        if name.lower() in ACCOUNTS:
            yield from balance_rows(exchange, value, {"account": name})
        else:
            yield {**known, "asset": name, **reading.record(exchange, value)}


def parse_balance(exchange: Exchange, response: Any, wanted: str) -> Any:
    made = result_or_none(fast_account, exchange, response, wanted)
    return slow_account(exchange, response, wanted) if made is None else made


def slow_account(exchange: Exchange, response: Any, wanted: str) -> Any:
    check_account(exchange, wanted)
    result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
    for row in balance_rows(exchange, fields.unwrap(exchange, response)):
        if (fields.word(exchange, row, "account") or "spot") == wanted:
            account = exchange.account()
            account["free"] = fields.figure(exchange, row, "available")
            account["used"] = fields.figure(exchange, row, "locked")
            account["total"] = fields.figure(exchange, row, "total")
            result[exchange.safe_currency_code(fields.needed(exchange, row, "asset"))] = account
    return exchange.safe_balance(result)


def fast_account(exchange: Exchange, response: Any, wanted: str) -> Any:
    rows = fields.unwrap(exchange, response)["balances"]
    accounts = cells(rows, first_name(exchange, "account"))
    if wanted not in ACCOUNTS or not set(accounts) <= {*ACCOUNTS}:
        return None
    rows = [row for row, account in zip(rows, accounts, strict=True) if account == wanted]
    names = {"free": "available", "used": "locked", "total": "total"}
    amounts = {name: amount(first_name(exchange, field)) for name, field in names.items()}
    table = Balances(first_name(exchange, "asset"), amounts)
    return balances.fast_balance(
        exchange,
        lambda rows: table,
        rows,
        lambda rows: {**slow_account(exchange, {"balances": rows}, wanted), "info": response},
    )


def first_name(exchange: Exchange, field: str) -> str:
    """Of the names that a field may have, the one that goes before all others."""
    return str([*exchange.options["aliases"].get(field, ()), field][0])
