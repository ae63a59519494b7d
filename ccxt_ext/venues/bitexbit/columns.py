"""Which column of bitexbit's rows is what, for parsing many of them at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import (
    ABSENT,
    ODD,
    PLAIN,
    SIDES,
    UNIT,
    Cells,
    Choice,
    Column,
    Number,
    Row,
    Text,
    Time,
    amount,
    cells,
    exact,
    floats,
)
from ccxt_ext.venue.fast.formulas import Group, NotAlike
from ccxt_ext.venue.fast.parsing import Table, Tables, candles
from ccxt_ext.venues.bitexbit.fields import LATEST, MILLISECONDS_FROM, OPPOSITE


class AnyTime(Time):
    """In any of the venue's units, as time_of() reads it; absent where there is null."""

    def read(self, rows: Sequence[Row]) -> Cells:
        raw = cells(rows, self.keys[0])
        known = [value for value in raw if value is not None]
        if not known:
            return Cells(raw, ABSENT, raw)
        times = milliseconds(known)
        if times is None:
            return Cells(raw, ODD, raw)
        if len(known) == len(raw):
            return Cells(times, PLAIN, raw)
        rest = iter(times)
        values = [None if value is None else next(rest) for value in raw]
        return Cells(values, [ABSENT if value is None else PLAIN for value in raw], raw)


def milliseconds(column: list[Any]) -> list[int] | None:
    unit, numbers = 1, column
    if set(map(type, column)) != {int}:
        if floats(column) is None:
            return None
        unit, numbers = UNIT, exact(column)
    if min(numbers) < 0 or max(numbers) >= LATEST * unit:
        return None
    seconds_below = int(MILLISECONDS_FROM) * unit
    if max(numbers) < seconds_below:
        return [number * 1000 // unit for number in numbers]
    return [(number * 1000 if number < seconds_below else number) // unit for number in numbers]


def price(key: str) -> Number:
    """Zero where there were no trades."""
    return Number(key, zero=ABSENT)


def filled_or_not(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    if not rows.has("filled"):
        rows.add("filled", [0] * len(rows.places))
    if rows.has("amount", zero=False):
        rows.drop("remaining")
    return {}


def filled_if_closed(rows: Group, template: Mapping[str, Any]) -> dict[str, list[float]]:
    amounts = rows.get("amount")
    if template["status"] == "closed" and not rows.has("filled") and amounts is not None:
        rows.add("filled", amounts)
    return {}


TRADE: Mapping[str | int, Column] = {
    "id": Text("id"),
    "price": Number("price"),
    "amount": Number("amount"),
}

# Of one's own.
FILL: Mapping[str | int, Column] = {
    **TRADE,
    "order": Text("o_id"),
    "fee.cost": Number("fee_amount"),
    "fee.rate": Number("fee_rate"),
}

V1_ORDER: Mapping[str | int, Column] = {
    "id": Text("id"),
    "price": Number("price"),
    "filled": Number("amount_filled"),
}

V2_ORDER: Mapping[str | int, Column] = {
    "id": Text("id"),
    "timestamp": AnyTime("date"),
    "lastUpdateTimestamp": AnyTime("done_at"),
    "price": Number("price"),
    "amount": Number("amount"),
    "filled": Number("amount_filled"),
    "remaining": Number("amount_unfilled"),
    "cost": Number("value_filled"),
    "average": Number("price_avg"),
    "fee.cost": Number("fee_filled"),
}

TICKER: Mapping[str | int, Column] = {
    "timestamp": AnyTime("date"),
    "high": price("high"),
    "low": price("low"),
    "bid": price("buy"),
    "ask": price("sell"),
    "close": price("last"),
    "percentage": Number("change"),
    "baseVolume": Number("vol1"),
    "quoteVolume": Number("vol2"),
}

CANDLE = candles(AnyTime("time"), "open", "high", "low", "close", "volume")
V2_CANDLE = candles(AnyTime(0), 1, 2, 3, 4, 5)


def keys_of(rows: Sequence[Any]) -> set[str]:
    return set().union(*rows)


def market_of(keys: set[str]) -> str:
    if {"symbol", "pair"} <= keys:
        raise NotAlike("markets under two names")
    return "symbol" if "symbol" in keys else "pair"


class BitexbitTables(Tables):
    def trades(self, exchange: Exchange, trades: Sequence[Any]) -> Table | None:
        keys = keys_of(trades)
        own = not keys.isdisjoint(("my_side", "fee_amount", "o_id"))
        columns = {
            **(FILL if own else TRADE),
            "timestamp": AnyTime("date" if "date" in keys else "timestamp"),
            "side": Choice(
                SIDES if own or exchange.options["publicTradeTypeIs"] == "taker" else OPPOSITE,
                "my_side",
                "type",
            ),
        }
        # Whether a row has these at all decides, even where there is null.
        telling = keys & {"date", "my_side", "fee_amount"}
        by = ("fee_symbol", lambda exchange, trade: tuple(key in trade for key in telling)) if telling else ()
        return Table(columns, by=by, market=market_of(keys))

    def orders(self, exchange: Exchange, orders: Sequence[Any]) -> Table | None:
        keys = keys_of(orders)
        if "state" in keys:
            by = ("type", "state", lambda exchange, order: "state" in order)
            return Table(V2_ORDER, by=by, market=market_of(keys), derive=filled_or_not)
        if exchange.options["v1OrderAmountIs"] == "remaining":
            return None
        amounts: dict[str | int, Column] = {"amount": Number("amount")}
        if "amount_original" in keys:
            amounts = {"amount": Number("amount_original"), "remaining": Number("amount")}
        columns: Mapping[str | int, Column] = {**V1_ORDER, **amounts}
        return Table(columns, by=("type", "status"), market=market_of(keys), derive=filled_if_closed)

    def tickers(self, exchange: Exchange, tickers: Sequence[Any]) -> Table | None:
        return Table(TICKER, market=market_of(keys_of(tickers)))

    def ohlcvs(self, exchange: Exchange, ohlcvs: Sequence[Any]) -> Table | None:
        return V2_CANDLE if isinstance(ohlcvs[0], list) else CANDLE


def balance_table(exchange: Exchange, rows: Sequence[Any]) -> Balances | None:
    """Of v2's rows, or of v1's."""
    told = {"available" in row for row in rows}
    if len(told) > 1:
        return None
    if told == {True}:
        return Balances("symbol", {"free": amount("available"), "used": amount("reserved")})
    name = "total" if exchange.options["v1BalanceIsTotal"] else "free"
    return Balances("currency", {name: amount("balance"), "used": amount("reserve")})
