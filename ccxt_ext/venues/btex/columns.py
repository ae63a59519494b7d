"""Which column of BTEX's rows is what, for parsing many of them at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers.reading import SECONDS
from ccxt_ext.venue.fast.balances import Balances
from ccxt_ext.venue.fast.columns import SIDES, Choice, Number, Sum, Text, Time, amount
from ccxt_ext.venue.fast.formulas import Group, quotients
from ccxt_ext.venue.fast.parsing import Table, Tables, candles

Derived = dict[str, list[float]]


def worth(rows: Group, template: Mapping[str, Any]) -> Derived:
    """Contracts that are worth their size of another currency; ccxt calculates what the others cost."""
    amount, price = rows.get("amount"), rows.get("price", zero=False)
    if rows.inverse and amount is not None and price is not None:
        rows.add("cost", quotients([a * rows.contract for a in amount], price))
    return {}


def volumes(rows: Group, template: Mapping[str, Any]) -> Derived:
    contracts, turnover = rows.get("contracts"), rows.get("turnover")
    names = ("quoteVolume", "baseVolume") if rows.inverse else ("baseVolume", "quoteVolume")
    if contracts is not None:
        rows.add(names[0], rows.sizes(contracts))
    if turnover is not None:
        rows.add(names[1], turnover)
    return {}


def unpriced(rows: Group, template: Mapping[str, Any]) -> Derived:
    if template["type"] == "market":
        rows.drop("price")
    return {}


TRADE = Table(
    {
        "id": Text("trade_id"),
        "order": Text("order_id"),
        "timestamp": Time("time", unit=SECONDS),
        "price": Number("price"),
        "amount": Number("num"),
        "fee.cost": Number("trade_fee"),
        "side": Choice(SIDES, "type"),
    },
    market="contract_id",
    derive=worth,
)

# Of one order, where `num` is not always the trade's.
MATCH = replace(
    TRADE,
    columns={**TRADE.columns, "amount": Number("trade_num")},
    by=(lambda exchange, trade: "trade_num" in trade,),
)

SPOT_TRADE = Table(
    {
        "id": Text("trade_id"),
        "order": Text("order_id"),
        "timestamp": Time("ctime", "time", unit=SECONDS),
        "price": Number("price"),
        "amount": Number("num"),
        "cost": Number("total"),
        "fee.cost": Number("fee"),
    },
    by=(
        "trade_type",
        "trade_info",
        lambda exchange, trade: ("trade_type" in trade, "trade_info" in trade),
    ),
    market="pair",
)

ORDER = Table(
    {
        "id": Text("order_id"),
        "timestamp": Time("time", unit=SECONDS),
        "price": Number("price"),
        "amount": Number("amount"),
        "remaining": Number("available"),
        "filled": Sum("amount", "available", times=-1),
    },
    by=("type", "direction", "order_status"),
    market="contract_id",
    derive=unpriced,
)

SPOT_ORDER = Table(
    {
        "id": Text("order_id"),
        "timestamp": Time("ctime", unit=SECONDS),
        "price": Number("price"),
        "amount": Number("num"),
        "remaining": Number("rest_num"),
        "cost": Sum("total", "rest_total", times=-1),
        "filled so far": Sum("num", "rest_num", times=-1),
    },
    by=("type", "danwei", "order_type", lambda exchange, order: "danwei" in order),
)

TICKER = Table(
    {
        "high": Number("max"),
        "low": Number("min"),
        "close": Number("latest"),
        "percentage": Number("change_24h", times=100),
        "indexPrice": Number("index_price"),
        "markPrice": Number("fair_price"),
        "contracts": Number("amount"),
        "turnover": Number("volumn"),
    },
    market="contract_id",
    derive=volumes,
)

CANDLE = candles(Time(0), 1, 2, 3, 4, 5)

BALANCES = Balances(
    "coin",
    {"free": amount("balance"), "used": Sum("position_margin", "order_margin"), "total": amount("total")},
)


class BtexTables(Tables):
    def trades(self, exchange: Exchange, trades: Sequence[Any]) -> Table | None:
        keys = set().union(*trades)
        if keys & {"trade_info", "trade_type"}:
            return SPOT_TRADE
        if exchange.options["invertTradeFee"]:
            return None
        return MATCH if "trade_num" in keys else TRADE

    def orders(self, exchange: Exchange, orders: Sequence[Any]) -> Table | None:
        return SPOT_ORDER if any("danwei" in order for order in orders) else ORDER

    def tickers(self, exchange: Exchange, tickers: Sequence[Any]) -> Table | None:
        return None if exchange.options["linearVolumnIs"] == "base" else TICKER

    def ohlcvs(self, exchange: Exchange, ohlcvs: Sequence[Any]) -> Table | None:
        return CANDLE if exchange.options["ohlcvVolume"] == "contracts" else None
