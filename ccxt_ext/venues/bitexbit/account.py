"""bitexbit's balances."""

from functools import partial
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.fast import balances
from ccxt_ext.venues.bitexbit.columns import balance_table


def parse_balance(exchange: Exchange, rows: Any) -> Any:
    return balances.balance(exchange, partial(balance_table, exchange), rows, partial(balance_of, exchange))


def balance_of(exchange: Exchange, response: Any) -> Any:
    """The balance, read row by row."""
    result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
    for row in reading.rows(exchange, response):
        account = exchange.account()
        if "available" in row:
            account["free"] = reading.number_text(exchange, row, "available")
            account["used"] = reading.number_text(exchange, row, "reserved")
            id = reading.required_text(exchange, row, "symbol")
        else:
            account["total" if exchange.options["v1BalanceIsTotal"] else "free"] = reading.number_text(
                exchange, row, "balance"
            )
            account["used"] = reading.number_text(exchange, row, "reserve")
            id = reading.required_text(exchange, row, "currency")
        result[exchange.safe_currency_code(id)] = account
    return exchange.safe_balance(result)
