"""Orders: what is sent for them. No I/O."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccxt.base.errors import (
    ArgumentsRequired,
    BadRequest,
    InvalidOrder,
    NotSupported,
)
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.calls.unified import with_raw_fields
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitmaxfutures import sending
from ccxt_ext.venues.bitmaxfutures.metadata import UNDERSTANDS
from ccxt_ext.venues.bitmaxfutures.orderids import is_client_id
from ccxt_ext.venues.bitmaxfutures.sending import NAMING_PARAMS

# (post-only, reduce-only) -> the name without a trigger and those with one
EXECUTIONS: dict[tuple[bool, bool], dict[str | None, str]] = {
    (False, False): {"last": "StopOnMarket", "mark": "StopOnMark", "index": "StopOnRef"},
    (True, False): {
        None: "Post",
        "last": "PostStopMarket",
        "mark": "PostStopMark",
        "index": "PostStopRef",
    },
    (False, True): {
        None: "ReduceOnly",
        "last": "ReduceOnlyMarket",
        "mark": "ReduceOnlyMark",
        "index": "ReduceOnlyRef",
    },
    (True, True): {
        None: "PostReduceOnly",
        "last": "PostReduceMarket",
        "mark": "PostReduceMark",
        "index": "PostReduceRef",
    },
}


def order_request(
    exchange: Exchange, symbol: str, type: Any, side: Any, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    rest = dict(params)
    wish = {name: rest.pop(name, None) for name in UNDERSTANDS["createOrder"]}
    trigger = wish["triggerPrice"] if wish["triggerPrice"] is not None else wish["stopPrice"]
    if exchange.options["stopLossTakeProfit"] == "order":
        trigger = closing_trigger(exchange, wish, trigger)
    exits = exit_prices(exchange, wish, rest)
    amount_text, price_text = checks.check_order(exchange, symbol, side, amount, price, type)
    reduce = bool(wish["reduceOnly"])
    request = {
        "id": client_id_of(exchange, wish, rest),
        "symbol": exchange.market(symbol)["id"],
        "orderQty": amount_text,
        "orderType": type_name(exchange, type, trigger is not None),
        "side": cased(exchange, side),
    }
    request.update(price_fields(exchange, price_text))
    if trigger is not None:
        checks.check_positive(exchange, trigger, "triggerPrice")
        request["stopPrice"] = checks.to_precision(exchange, "price", symbol, trigger)
        checks.check_limits(exchange, exchange.market(symbol), "price", request["stopPrice"])
    request.update(execution_fields(exchange, type, wish, trigger is not None, reduce))
    for name, value in exits.items():
        checks.check_positive(exchange, value, name)
        request[name] = checks.to_precision(exchange, "price", symbol, value)
    request["respInst"] = exchange.options["respInst"][response_kind(request, type)]
    return {**request, **rest}


def client_id_of(exchange: Exchange, wish: Mapping[str, Any], rest: Mapping[str, Any]) -> str:
    given = wish["clientOrderId"] if wish["clientOrderId"] is not None else rest.get("id")
    if given is None:
        return exchange.new_client_order_id()
    if not isinstance(given, str) or not is_client_id(given):
        raise InvalidOrder(
            f"{exchange.id} takes a clientOrderId of 2 to 32 letters, digits, - and _ that begins and ends"
            f" with a letter or digit, not {given!r}"
        )
    return given


def type_name(exchange: Exchange, type: str, triggered: bool) -> str:
    name = {"limit": "StopLimit", "market": "StopMarket"}[type] if triggered else type
    return name if triggered and exchange.options["orderTypeCase"] == "samples" else cased(exchange, name)


def cased(exchange: Exchange, word: str) -> str:
    case = exchange.options["orderTypeCase"]
    if case == "capitalised":
        return word[:1].upper() + word[1:]
    return word.lower()


def price_fields(exchange: Exchange, price: str | None) -> dict[str, str]:
    if price is None:
        return {}
    key = exchange.options["priceKey"]
    return dict.fromkeys(("orderPrice", "price") if key == "both" else (key,), price)


def response_kind(request: Mapping[str, Any], type: str) -> str:
    if "stopPrice" in request:
        return "stop"
    # It is over at once, and only an answer that waits for that can tell how.
    return "immediate" if request.get("timeInForce") in ("IOC", "FOK") else type


def execution_fields(
    exchange: Exchange, type: str, wish: Mapping[str, Any], triggered: bool, reduce: bool
) -> dict[str, Any]:
    """Time in force, post-only, reduce-only and the price that triggers, in the venue's words."""
    given = wish["timeInForce"]
    in_force = None if given in (None, "") else str(given).upper()
    if in_force not in (None, "GTC", "IOC", "FOK", "PO"):
        raise NotSupported(f"{exchange.id} createOrder() does not support timeInForce={given!r}")
    post = bool(wish["postOnly"]) or in_force == "PO"
    if post and (type == "market" or in_force in ("IOC", "FOK")):
        raise InvalidOrder(f"{exchange.id} a post-only order cannot be {in_force or 'a market order'}")
    fields: dict[str, Any] = {}
    if in_force in ("IOC", "FOK"):
        # A market order is immediate or cancelled anyway.
        if triggered or (type == "market" and in_force == "FOK"):
            kind = "a stop order" if triggered else "a market order"
            raise NotSupported(
                f"{exchange.id} createOrder() does not support timeInForce={given!r} on {kind}"
            )
        if type == "limit":
            fields["timeInForce"] = in_force
    elif in_force == "GTC" and type == "limit" and not triggered:
        fields["timeInForce"] = in_force
    by = trigger_source(exchange, wish["triggerPriceType"]) if triggered else None
    if wish["triggerDirection"] is not None:
        raise NotSupported(f"{exchange.id} createOrder() does not support triggerDirection")
    if triggered and by is None and (post or reduce):
        by = "last"
    if post and not triggered:
        fields["postOnly"] = True
    if (reduce or by is not None) and (triggered or reduce):
        fields["execInst"] = EXECUTIONS[post, reduce][by]
    if reduce and exchange.options["sendReduceOnlyFlag"]:
        fields["reduceOnly"] = True
    return fields


def trigger_source(exchange: Exchange, given: Any) -> str | None:
    source = given if given is not None else exchange.options["defaultTriggerBy"]
    if source not in (None, "last", "mark", "index"):
        raise NotSupported(f"{exchange.id} createOrder() does not support triggerPriceType={source!r}")
    return None if source is None else str(source)


def exit_prices(exchange: Exchange, wish: Mapping[str, Any], rest: Mapping[str, Any]) -> dict[str, Any]:
    """The prices at which the position is to end."""
    found = {}
    for attached, flat, name in (
        ("stopLoss", "stopLossPrice", "posStopLossPrice"),
        ("takeProfit", "takeProfitPrice", "posTakeProfitPrice"),
    ):
        price = wish.get(flat)
        if price is not None and wish["reduceOnly"] and exchange.options["stopLossTakeProfit"] == "position":
            # It would end at once what it is meant to protect.
            raise InvalidOrder(
                f"{exchange.id} {flat} is the position's; for a stop order that closes it, give triggerPrice"
            )
        if wish[attached] is not None:
            price = attached_price(exchange, attached, wish[attached])
        if price is not None and name not in rest:
            found[name] = price
    return found


def attached_price(exchange: Exchange, name: str, wanted: Any) -> Any:
    if not isinstance(wanted, Mapping):
        return wanted
    extra = {key for key, value in wanted.items() if value is not None} - {"triggerPrice", "stopPrice"}
    told = {key: wanted[key] for key in extra}
    told = {
        key: value
        for key, value in told.items()
        if (key, value) not in (("type", "market"), ("triggerPriceType", "last"), ("priceType", "last"))
    }
    if told:
        raise NotSupported(f"{exchange.id} createOrder() does not support {name} with {', '.join(told)}")
    price = wanted.get("triggerPrice", wanted.get("stopPrice"))
    if price is None:
        raise ArgumentsRequired(f"{exchange.id} createOrder() requires {name}.triggerPrice")
    return price


def closing_trigger(exchange: Exchange, wish: dict[str, Any], trigger: Any) -> Any:
    """What ccxt's flat stopLossPrice means: a stop order that closes the position."""
    price = wish.pop("stopLossPrice")
    if wish["takeProfitPrice"] is not None:
        raise NotSupported(
            f"{exchange.id} createOrder() does not support takeProfitPrice as an order of its own: orders are"
            " triggered on the side that loses"
        )
    if price is None:
        return trigger
    if trigger is not None:
        raise InvalidOrder(f"{exchange.id} an order has a stopLossPrice or a triggerPrice, not both")
    if wish["reduceOnly"] is False:
        raise InvalidOrder(f"{exchange.id} an order with a stopLossPrice closes a position: it is reduceOnly")
    wish["reduceOnly"] = True
    return price


def stop_loss_params(exchange: Exchange, price: Any, params: Mapping[str, Any]) -> dict[str, Any]:
    if price is None:
        raise ArgumentsRequired(f"{exchange.id} createStopLossOrder() requires a stopLossPrice")
    return {"triggerPrice": price, **params, "reduceOnly": True}


# -- batches ----------------------------------------------------------------------------------------


def batch_request(
    exchange: Exchange, orders: Sequence[Mapping[str, Any]], params: Mapping[str, Any]
) -> dict[str, Any]:
    check_batch(exchange, orders, "createOrders")
    requests = []
    for order in orders:
        given = {**(order.get("params") or {}), "respInst": exchange.options["respInst"]["batch"]}
        symbol, type, side, amount, price = (
            order.get(name) for name in ("symbol", "type", "side", "amount", "price")
        )
        requests.append(
            with_raw_fields(
                exchange.id, order_request(exchange, str(symbol), type, side, amount, price, given)
            )
        )
    if len({request["id"] for request in requests}) < len(requests):
        raise InvalidOrder(f"{exchange.id} createOrders() needs a clientOrderId of its own for each order")
    return {"orders": requests, **params}


def check_batch(exchange: Exchange, orders: Any, method: str) -> None:
    most = exchange.options["batchLimit"]
    if not isinstance(orders, Sequence) or isinstance(orders, str) or not orders:
        raise ArgumentsRequired(f"{exchange.id} {method}() requires a list of orders")
    if len(orders) > most:
        # In parts it would not be all or nothing any more.
        raise BadRequest(f"{exchange.id} {method}() takes {most} orders at most, not {len(orders)}")


# -- cancels ----------------------------------------------------------------------------------------


def cancel_request(
    exchange: Exchange, id: Any, symbol: str | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    if symbol is None:
        raise ArgumentsRequired(f"{exchange.id} cancelOrder() requires a symbol")
    market = exchange.market(symbol)
    request = {
        "orderId": sending.given_id(exchange, id, params),
        "symbol": market["id"],
        "respInst": exchange.options["respInst"]["cancel"],
    }
    client_id = params.get("clientOrderId")
    if client_id is not None and not sending.is_given(id):
        request["id"] = client_id
    return {**request, **exchange.omit(params, list(NAMING_PARAMS))}


def cancel_item(exchange: Exchange, id: Any, symbol: str | None) -> dict[str, Any]:
    """A request among others in a batch, with an id to tell it by."""
    return {
        "id": exchange.new_client_order_id(),
        **exchange.omit(cancel_request(exchange, id, symbol, {}), "respInst"),
    }
