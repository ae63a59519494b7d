"""ccxt's orders and trades, as hummingbot's order tracker takes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hummingbot.core.data_type.common import PositionAction, TradeType
from hummingbot.core.data_type.in_flight_order import InFlightOrder, OrderState, OrderUpdate, TradeUpdate
from hummingbot.core.data_type.trade_fee import TokenAmount, TradeFeeBase, TradeFeeSchema

from ccxt_ext.integrations.hummingbot.pairs import number

ZERO = Decimal(0)

CLOSE_TO = Decimal("1e-12")
"""What is left after ccxt's floats were added."""

GONE = {"canceled": OrderState.CANCELED, "expired": OrderState.CANCELED, "rejected": OrderState.FAILED}

FINAL = (OrderState.CANCELED, OrderState.FILLED, OrderState.FAILED)


def filled(order: Mapping[str, Any], size: Decimal) -> Decimal:
    """How much of an order was filled, in the base."""
    return (number(order.get("filled")) or ZERO) * size


def state(order: Mapping[str, Any], tracked: InFlightOrder, size: Decimal) -> OrderState | None:
    """What became of an order; None if ccxt does not tell."""
    status = order.get("status")
    done = filled(order, size)
    if status == "open":
        return OrderState.PARTIALLY_FILLED if done > ZERO else OrderState.OPEN
    if status == "closed":
        # Some venues close an order of which a part was cancelled.
        partly = order.get("filled") is not None and tracked.amount - done > CLOSE_TO
        return OrderState.CANCELED if partly and not is_market(order) else OrderState.FILLED
    return GONE.get(status or "")


def is_market(order: Mapping[str, Any]) -> bool:
    return order.get("type") == "market"


def order_update(
    order: Mapping[str, Any], tracked: InFlightOrder, new_state: OrderState, now: float
) -> OrderUpdate:
    at = order.get("lastUpdateTimestamp") or order.get("lastTradeTimestamp") or order.get("timestamp")
    return OrderUpdate(
        trading_pair=tracked.trading_pair,
        update_timestamp=at / 1000 if at else now,
        new_state=new_state,
        client_order_id=tracked.client_order_id,
        exchange_order_id=str(order["id"]) if order.get("id") else tracked.exchange_order_id,
    )


def trade_update(
    trade: Mapping[str, Any], tracked: InFlightOrder, size: Decimal, schema: TradeFeeSchema, now: float
) -> TradeUpdate:
    """A fill, once: by its id, or by what it tells where it has none. `schema` has its market's rates."""
    price, amount = number(trade["price"]) or ZERO, (number(trade["amount"]) or ZERO) * size
    at = trade.get("timestamp")
    order_id = trade.get("order") or tracked.exchange_order_id or ""
    id = trade.get("id") or "-".join(map(str, (order_id, at, trade["price"], trade["amount"])))
    is_taker = trade.get("takerOrMaker") != "maker"
    return TradeUpdate(
        trade_id=str(id),
        client_order_id=tracked.client_order_id,
        exchange_order_id=str(order_id),
        trading_pair=tracked.trading_pair,
        fill_timestamp=at / 1000 if at else now,
        fill_price=price,
        fill_base_amount=amount,
        fill_quote_amount=price * amount,
        fee=fee(trade, tracked, schema, is_taker),
        is_taker=is_taker,
    )


def rest_of_order(order: Mapping[str, Any], tracked: InFlightOrder, size: Decimal) -> dict[str, Any] | None:
    """What an order says was filled and no trade has told: a trade of its own, for venues that list none."""
    done = filled(order, size)
    new = done - tracked.executed_amount_base
    if new <= CLOSE_TO:
        return None
    average = number(order.get("average")) or number(order.get("price")) or tracked.price
    price = (average * done - tracked.executed_amount_quote) / new
    return {
        "id": f"{order['id']}-{done.normalize():f}",
        "order": order["id"],
        "timestamp": order.get("lastTradeTimestamp") or order.get("lastUpdateTimestamp"),
        "price": price,
        "amount": new / size,
        "takerOrMaker": None,
        "fees": [left_of(each, tracked.order_fills.values()) for each in fees(order)],
    }


def less(trade: Mapping[str, Any], told: Collection[TradeUpdate], size: Decimal) -> dict[str, Any]:
    """A trade without fills that are a part of it."""
    whole = number(trade["amount"]) or ZERO
    amount = whole - sum(fill.fill_base_amount for fill in told) / size
    cost = (number(trade["price"]) or ZERO) * whole - sum(fill.fill_quote_amount for fill in told) / size
    left = {"amount": amount, "price": cost / amount, "fee": None}
    return {**trade, **left, "fees": [left_of(each, told) for each in fees(trade)]}


def left_of(told: Mapping[str, Any], fills: Iterable[TradeUpdate]) -> dict[str, Any]:
    """A fee less what these fills have paid of it."""
    earlier = [each for fill in fills for each in fill.fee.flat_fees]
    paid = sum((each.amount for each in earlier if each.token == told["currency"]), ZERO)
    return {**told, "cost": (number(told["cost"]) or ZERO) - paid}


def fees(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    listed = row.get("fees") or [row.get("fee") or {}]
    return [each for each in listed if each.get("cost") is not None and each.get("currency")]


def fee(
    row: Mapping[str, Any], tracked: InFlightOrder, schema: TradeFeeSchema, is_taker: bool
) -> TradeFeeBase:
    """The fee of a fill as the venue tells it, else by the rate that is known of it."""
    told = [TokenAmount(each["currency"], number(each["cost"]) or ZERO) for each in fees(row)]
    rate = schema.taker_percent_fee_decimal if is_taker else schema.maker_percent_fee_decimal
    is_spot = tracked.position is PositionAction.NIL
    is_of_base = tracked.trade_type is TradeType.BUY and schema.buy_percent_fee_deducted_from_returns
    if is_spot and is_of_base and not told:
        # By its token hummingbot's executors know that there is less to sell than was bought.
        told = [TokenAmount(tracked.base_asset, (number(row["amount"]) or ZERO) * rate)]
    how: dict[str, Any] = {"flat_fees": told} if told else {"percent": rate}
    if is_spot:
        return TradeFeeBase.new_spot_fee(fee_schema=schema, trade_type=tracked.trade_type, **how)
    return TradeFeeBase.new_perpetual_fee(fee_schema=schema, position_action=tracked.position, **how)
