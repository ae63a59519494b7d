"""Fills of orders as trades. The venue does not list them one by one. No I/O."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import accounts, answers, order_rows
from ccxt_ext.venues.bitmaxfutures.fills import NOTHING_FILLED, ZERO, Fill, Mark, Report, between

ENDED = ("closed", "canceled", "rejected")


def fills_of(exchange: Exchange, rows: Iterable[dict[str, Any]], market: Any) -> list[dict[str, Any]]:
    """The fills of orders, as far as they can be told apart: the venue does not list them one by one."""
    found = []
    for row in order_rows.executed(exchange, rows):
        order = exchange.parse_order(row, market)
        fills = accounts.state_of(exchange).fills.fills(report_of(exchange, row, order))
        found += [trade_of(exchange, fill, row, order) for fill in fills]
    trades: list[dict[str, Any]] = exchange.sort_by_2(found, "timestamp", "id")
    return trades


def fills_as_one(exchange: Exchange, order: Mapping[str, Any], market: Any) -> Any:
    """All fills of an order as one trade."""
    parsed = exchange.parse_order(order, market)
    report = report_of(exchange, order, parsed)
    whole = Mark(report.filled, report.cost or ZERO, report.fee, time=report.touched)
    return trade_of(exchange, between(NOTHING_FILLED, whole), order, parsed)


def report_of(exchange: Exchange, row: Mapping[str, Any], order: Mapping[str, Any]) -> Report:
    def number(*keys: str) -> Decimal | None:
        text = answers.number_under(exchange, row, *keys)
        return None if text is None else Decimal(text)

    filled = number("cumFilledQty", "fillQty", "cumQty") or ZERO
    average = number("avgFilledPx", "avgFillPrice", "avgPx")
    told = ("status", "filled", "amount", "price", "average", "triggerPrice", "fee")
    fee = order_rows.order_fee(exchange, row)
    return Report(
        id=order["id"],
        open=order["status"] not in ENDED,
        touched=reading.timestamp(exchange, row, "lastExecTime")
        if filled
        else order["lastUpdateTimestamp"] or order["timestamp"] or 0,
        created=order["timestamp"] or 0,
        state=" ".join(str(order[name]) for name in told),
        filled=filled,
        cost=average * filled if average else None,
        fee=None if fee is None else Decimal(str(fee["cost"])),
        last_amount=number("lastQty") or ZERO,
        last_price=number("lastPx") or ZERO,
        # The long history has the sum under this name.
        last_fee=number("fee") if "createTime" not in row else None,
    )


def trade_of(
    exchange: Exchange, fill: Fill, row: Mapping[str, Any], order: Mapping[str, Any]
) -> dict[str, Any]:
    """A fill; or, where the order's sums tell of more fills than one, those together."""
    fee = None
    if fill.fee is not None:
        asset = exchange.safe_currency_code(exchange.safe_string(row, "feeAsset"))
        fee = {"cost": exchange.parse_number(plain(fill.fee)), "currency": asset}
    at_market = order["type"] == "market" and order["triggerPrice"] is None
    price = fill.cost / fill.amount if fill.amount else ZERO
    return exchange.safe_trade(
        {
            "id": f"{order['id']}:{plain(fill.filled)}",
            "order": order["id"],
            "symbol": order["symbol"],
            "timestamp": fill.time,
            "datetime": exchange.iso8601(fill.time),
            "type": order["type"],
            "side": order["side"],
            "takerOrMaker": "taker" if at_market else "maker" if order["postOnly"] else None,
            "price": plain(price if fill.last else round(price, 9)),
            "amount": plain(fill.amount),
            "cost": plain(fill.cost),
            "fee": fee,
            "info": order["info"],
        },
        exchange.safe_market(exchange.safe_string(row, "symbol")),
    )


def plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
