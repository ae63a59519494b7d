"""Balances: BTEX has one wallet for contracts, one for spot."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venue.fast import balances
from ccxt_ext.venues.btex.columns import BALANCES


def parse_contract_balance(exchange: Exchange, data: Mapping[str, Any], answer: Any) -> Any:
    def parse(rows: Any) -> Any:
        return contract_balance_by_rows(exchange, {**data, "balances": rows}, answer)

    made = balances.fast_balance(exchange, lambda rows: BALANCES, data.get("balances"), parse)
    return contract_balance_by_rows(exchange, data, answer) if made is None else made


def contract_balance_by_rows(exchange: Exchange, data: Mapping[str, Any], answer: Any) -> Any:
    timestamp = reading.timestamp_in_unit(exchange, SECONDS, data, "time") if "time" in data else None
    result: dict[str, Any] = {
        "info": answer,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
    }
    for row in reading.rows(exchange, data, "balances"):
        account = exchange.account()
        account["free"] = reading.number_text(exchange, row, "balance")
        account["used"] = Precise.string_add(
            reading.number_text(exchange, row, "position_margin"),
            reading.number_text(exchange, row, "order_margin"),
        )
        account["total"] = reading.number_text(exchange, row, "total")
        result[exchange.safe_currency_code(reading.required_text(exchange, row, "coin"))] = account
    return exchange.safe_balance(result)


def parse_spot_balance(exchange: Exchange, data: Mapping[str, Any], answer: Any) -> Any:
    timestamp = (
        reading.timestamp_in_unit(exchange, SECONDS, data, "servertimestamp")
        if "servertimestamp" in data
        else None
    )
    result: dict[str, Any] = {
        "info": answer,
        "timestamp": timestamp,
        "datetime": exchange.iso8601(timestamp),
    }
    free = reading.record(exchange, data.get("balances_available"))
    used = reading.record(exchange, data.get("balance_hold"))
    for coin in {**free, **used}:
        account = exchange.account()
        account["free"] = reading.number_text(exchange, free, coin) or "0"
        account["used"] = reading.number_text(exchange, used, coin) or "0"
        result[exchange.safe_currency_code(coin)] = account
    return exchange.safe_balance(result)
