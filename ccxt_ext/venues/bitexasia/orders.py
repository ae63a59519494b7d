"""BitexAsia's orders: what is sent, and what is told of them."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitexasia import fields
from ccxt_ext.venues.bitexasia.metadata import UNDERSTANDS

TRIGGERS = ("triggerPrice", "stopPrice", "stopLossPrice")


# A stop order triggers in the direction of its side.
DIRECTIONS = {"buy": ("up", "above", "ascending"), "sell": ("down", "below", "descending")}


def order_request(
    exchange: Exchange, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    options = exchange.options["createOrder"]
    by_cost = options["marketBuyByCost"] and (type, side) == ("market", "buy")
    rest = checks.refuse_order_params(
        exchange, params, [name for name in UNDERSTANDS["createOrder"] if by_cost or name != "cost"]
    )
    if by_cost:
        (size, rest), price_text = checks.take_market_buy_cost(exchange, symbol, amount, price, rest), None
    else:
        size, price_text = checks.check_order(exchange, symbol, side, amount, price, type)
    stop_price = take_stop_price(exchange, symbol, side, rest)
    time_in_force, rest = checks.take_time_in_force(exchange, type, rest, ("IOC", "FOK"))
    client_order_id = take_client_order_id(exchange, rest)
    request = {
        "pair": exchange.market(symbol)["id"],
        "side": side,
        "type": type if stop_price is None else "stop",
        "price": price_text,
        "size": size,
        options["stopPriceParameter"]: stop_price,
        options["timeInForceParameter"]: time_in_force,
        "client_order_id": client_order_id,
    }
    return exchange.extend({name: value for name, value in request.items() if value is not None}, rest)


def take_stop_price(exchange: Exchange, symbol: str, side: str, rest: dict[str, Any]) -> str | None:
    given = {name: rest.pop(name, None) for name in (*TRIGGERS, "triggerDirection", "triggerPriceType")}
    direction, source = given.pop("triggerDirection"), given.pop("triggerPriceType")
    prices = [price for price in given.values() if price is not None]
    if not prices:
        return None
    if len(prices) > 1:
        raise InvalidOrder(f"{exchange.id} createOrder() takes one of {', '.join(TRIGGERS)}")
    if direction not in (None, *DIRECTIONS[side]):
        raise NotSupported(f"{exchange.id} a {side} stop cannot trigger {direction}: it follows its side")
    if source not in (None, "last"):
        raise NotSupported(f"{exchange.id} stop orders are triggered by the last price, not by {source}")
    checks.check_positive(exchange, prices[0], "stop price")
    return checks.to_precision(exchange, "price", symbol, prices[0])


def take_client_order_id(exchange: Exchange, rest: dict[str, Any]) -> str | None:
    options = exchange.options["createOrder"]
    raw = rest.pop("client_order_id", None)
    given = rest.pop("clientOrderId", None) or raw
    if given is None:
        return exchange.new_client_order_id() if options["autoClientOrderId"] else None
    text = str(given)
    if not re.fullmatch(options["clientOrderIdPattern"], text):
        raise InvalidOrder(
            f"{exchange.id} clientOrderId {text} does not match {options['clientOrderIdPattern']}"
        )
    return text


def parse_new_order(exchange: Exchange, answer: Any, request: Mapping[str, Any], market: Any) -> Any:
    """The answer has the id and the state; what it leaves out is what was asked for."""
    raw = reading.record(exchange, fields.unwrap(exchange, answer))
    check_no_error(exchange, answer, raw)
    by_cost = exchange.options["createOrder"]["marketBuyByCost"] and request["side"] == "buy"
    if by_cost and "price" not in request:
        request = exchange.omit(request, "size")  # it is what the order is to cost
    order = exchange.parse_order({**request, **raw}, market)
    order["info"] = raw
    return order


def parse_canceled_order(exchange: Exchange, answer: Any, id: str, market: Any) -> Any:
    """The answer shows the order as it is afterwards (S7, A17), which is not open any more."""
    raw = reading.record(exchange, fields.unwrap(exchange, answer))
    check_no_error(exchange, answer, raw)
    order = exchange.parse_order({"id": id, **raw}, market)
    if order["id"] != id or order["status"] in (None, "open"):
        raise BadResponse(
            f"{exchange.id} expected order {id} cancelled, got {reading.excerpt(exchange, answer)}"
        )
    order["info"] = raw
    return order


def check_no_error(exchange: Exchange, answer: Any, order: Mapping[str, Any]) -> None:
    """An error's text beside or instead of an order leaves open what happened. A message beside an order
    with its state may be a kind word."""
    has_state = (
        fields.text_of(exchange, order, "id") is not None
        and fields.text_of(exchange, order, "status") is not None
    )
    if answer.get("error") or (("message" in order or "message" in answer) and not has_state):
        raise BadResponse(f"{exchange.id} {reading.excerpt(exchange, answer)}")


def order_id_of(exchange: Exchange, answer: Any) -> str | None:
    raw = fields.unwrap(exchange, answer)
    return fields.text_of(exchange, raw, "id") if isinstance(raw, dict) else None
