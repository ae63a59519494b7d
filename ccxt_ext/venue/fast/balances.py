"""Parses the rows of a balance all at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.fast import conditions, formulas
from ccxt_ext.venue.fast.columns import ABSENT, ODD, Column, Key, Text
from ccxt_ext.venue.fast.conditions import FEWEST_ROWS, are_of_one_type, identical, result_or_none
from ccxt_ext.venue.fast.filling import Filling

__all__ = ["Balances", "balance", "fast_balance"]


@dataclass(frozen=True)
class Balances:
    """Which column of a balance's rows holds what. Two of free, used and total are enough."""

    currency: Key
    amounts: Mapping[str, Column]


def balance(exchange: Exchange, table_of: Any, rows: Any, parse: Callable[[list[Any]], Any]) -> Any:
    """The result of `parse(rows)`, the fast way if possible.

    `table_of(rows)` gives the `Balances` that fit, or None to have the rows parsed one by one.
    """
    made = fast_balance(exchange, table_of, rows, parse)
    return parse(rows) if made is None else made


def fast_balance(exchange: Exchange, table_of: Any, rows: Any, parse: Callable[[list[Any]], Any]) -> Any:
    """The result of `parse(rows)`, if it follows from the rows' table; else None."""
    return (
        result_or_none(balance_of, exchange, table_of, rows, parse)
        if conditions.uses_own_parsers(exchange)
        else None
    )


def balance_of(exchange: Exchange, table_of: Any, rows: Any, parse: Callable[[list[Any]], Any]) -> Any:
    table = table_of(rows)
    if table is None or len(rows) < FEWEST_ROWS or not are_of_one_type(rows):
        return None
    columns = {name: column.read(rows) for name, column in table.amounts.items()}
    ids = Text(table.currency).read(rows)
    if any(column.has(ODD, ABSENT) for column in (ids, *columns.values())):
        return None
    amounts = {name: column.values for name, column in columns.items()}
    amounts.update(formulas.balance(columns))
    known = exchange.currencies_by_id or {}
    codes = [known[id]["code"] if id in known else exchange.safe_currency_code(id) for id in ids.values]
    probes = [rows[0]], [rows[-1]]
    first, last = map(parse, probes)
    accounts = Filling(amounts, (), len(rows)).like(first[codes[0]])
    result: dict[str, Any] = {}
    for name, value in first.items():
        if name == codes[0]:
            result.update(zip(codes, accounts, strict=True))
        elif name in amounts:
            result[name] = dict(zip(codes, amounts[name], strict=True))
        elif name == "info" and (value is probes[0] or value is last[name]):
            result[name] = rows if value is probes[0] else value
        elif value is None or type(value) in (str, int):
            result[name] = value
        else:
            return None
    if len(result) != len(first) - 1 + len(codes):  # a code occurs twice, or is also the name of a field
        return None
    for expected, code in ((first, codes[0]), (last, codes[-1])):
        same = {name: {code: result[name][code]} if name in amounts else result[name] for name in expected}
        if not identical({**same, "info": None}, {**expected, "info": None}):
            return None
    return result
