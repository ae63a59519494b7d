"""Turns what a caller of a unified method gives into what the sandbox is asked.

Of an order's `params`, all that ccxt's manual names are carried out or refused. Others are the venue's own:
an order with one is refused, as nobody knows what it would mean; the option `ignoredParams` lists those that
may be left out. Everywhere else they are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import ArgumentsRequired, BadRequest, InvalidOrder, NotSupported
from ccxt.base.precise import Precise

from ccxt_ext.testing.simulated.explaining import WORDS, explained

RETRIES = ("maxRetriesOnFailure", "maxRetriesOnFailureDelay")
"""What ccxt's own retries go by."""
IGNORED = "ignoredParams"
UNDERSTOOD = {
    *(
        "clientOrderId",
        "timeInForce",
        "postOnly",
        "reduceOnly",
        "triggerPrice",
        "stopPrice",
        "triggerDirection",
    ),
    *(
        "triggerPriceType",
        "stopLossPrice",
        "takeProfitPrice",
        "stopLoss",
        "takeProfit",
        "leverage",
        "marginMode",
    ),
    *("cost", "createMarketBuyOrderRequiresPrice", "hedged", "type", "defaultType"),
    *RETRIES,
}
NOT_HERE = {
    *(
        "trailingAmount",
        "trailingPercent",
        "trailingTriggerPrice",
        "trailingLimitAmount",
        "trailingLimitPercent",
    ),
    *("selfTradePrevention", "iceberg", "icebergAmount", "test", "trailing"),
}
"""Those of ccxt's manual that are not simulated."""
RISES, FALLS = ("ascending", "above", "up"), ("descending", "below", "down")
SOURCES = ("last", "mark", "index")
EXIT_FIELDS = {"triggerPrice", "stopPrice", "type", "triggerPriceType"}

Asked = dict[str, Any]


def tells(exchange: Any, market: Mapping[str, Any], feature: str, *capabilities: str) -> bool:
    """Whether the exchange says that its orders can have something; also if it says nothing of them."""
    features = (exchange.features or {}).get(market["type"])
    if isinstance(features, Mapping) and market["type"] != "spot":
        features = features.get("linear" if market.get("linear") else "inverse")
    if not isinstance(features, Mapping) or not isinstance(features.get("createOrder"), Mapping):
        return True
    found: Any = features["createOrder"]
    for name in feature.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return bool(found) or any(exchange.has.get(name) for name in capabilities)


def order_asked(
    exchange: Any,
    symbol: str,
    type: str,
    side: str,
    amount: Any,
    price: Any = None,
    params: Mapping[str, Any] | None = None,
    name: str = "createOrder",
) -> Asked:
    """What the sandbox is asked for an order. Raises what ccxt raises for one that makes no sense."""
    params = {key: value for key, value in (params or {}).items() if value is not None}
    market = exchange.market(symbol)
    who = f"{exchange.id} {name}()"
    _refuse_others(exchange, params, name)
    type, side = str(type).lower(), str(side).lower()
    if type not in ("limit", "market"):
        raise NotSupported(
            f"{who}: the type {type!r} is the venue's own, and {WORDS}; limit and market are here"
        )
    if side not in ("buy", "sell"):
        raise InvalidOrder(f"{who}: side is buy or sell, not {side!r}")
    asked: Asked = {"symbol": market["symbol"], "type": type, "side": side}
    if type == "limit":
        if price is None:
            raise ArgumentsRequired(f"{who} requires a price argument for a limit order")
        asked["price"] = exchange.price_to_precision(symbol, price)
    cost = _cost(exchange, market, asked, amount, price, params, who)
    if cost is not None:
        asked["cost"] = exchange.number_to_string(cost)
    elif amount is None:
        raise ArgumentsRequired(f"{who} requires an amount argument")
    else:
        asked["amount"] = exchange.amount_to_precision(symbol, amount)
    if "clientOrderId" in params:
        asked["clientOrderId"] = str(params["clientOrderId"])
    _time_in_force(exchange, market, asked, params, who)
    _trigger(exchange, market, asked, params, who)
    _position(exchange, market, asked, params, who)
    return {**asked, **{each: params[each] for each in RETRIES if each in params}}


def _refuse_others(exchange: Any, params: Mapping[str, Any], name: str) -> None:
    ignored = exchange.options.get(IGNORED) or ()
    for each, value in params.items():
        if each in NOT_HERE and value is not False:
            raise explained(exchange.id, f"{name}() with {each}")
        if each not in UNDERSTOOD and each not in NOT_HERE and each not in ignored:
            raise NotSupported(
                f"{exchange.id} {name}() with {each}: that is the venue's own, and {WORDS}; name it in "
                f"the option {IGNORED} to leave it out"
            )


def _cost(
    exchange: Any,
    market: Mapping[str, Any],
    asked: Asked,
    amount: Any,
    price: Any,
    params: Mapping[str, Any],
    who: str,
) -> Any:
    """What a market order is to cost, if that is what it goes by."""
    if asked["type"] != "market" or not market["spot"]:
        if "cost" in params:
            raise NotSupported(f"{who}: only market orders of spot markets go by their cost")
        return None
    if "cost" in params:
        return params["cost"]
    option = "createMarketBuyOrderRequiresPrice"
    by_cost = option in exchange.options or (
        bool(exchange.features) and tells(exchange, market, "marketBuyRequiresPrice")
    )
    if asked["side"] != "buy" or not by_cost or not _says_cost(exchange, market):
        return None
    if not params.get(option, exchange.options.get(option, True)):
        return amount
    if price is None:
        raise InvalidOrder(
            f"{who} requires the price argument for market buy orders to calculate the total cost to spend "
            f"(amount * price), alternatively set the {option} option or param to False and pass the cost to "
            "spend in the amount argument"
        )
    return exchange.parse_number(_product(exchange, amount, price))


def _says_cost(exchange: Any, market: Mapping[str, Any]) -> bool:
    """Whether a market order to buy is one by cost at this exchange."""
    features = (exchange.features or {}).get("spot")
    told = features.get("createOrder") if isinstance(features, Mapping) else None
    if isinstance(told, Mapping) and "marketBuyRequiresPrice" in told:
        return bool(told["marketBuyRequiresPrice"])
    return "createMarketBuyOrderRequiresPrice" in exchange.options


def _product(exchange: Any, amount: Any, price: Any) -> str:
    text = exchange.number_to_string
    return str(Precise.string_mul(text(amount), text(price)))


def _time_in_force(
    exchange: Any, market: Mapping[str, Any], asked: Asked, params: Mapping[str, Any], who: str
) -> None:
    in_force = str(params.get("timeInForce", "GTC")).upper()
    if in_force == "PO" or params.get("postOnly") is True:
        if asked["type"] == "market":
            raise InvalidOrder(f"{who}: a market order cannot be postOnly")
        if not tells(exchange, market, "timeInForce.PO", "createPostOnlyOrder"):
            raise NotSupported(f"{who}: there are no postOnly orders at {exchange.id}, as its features say")
        asked["postOnly"] = True
    elif in_force in ("IOC", "FOK"):
        if not tells(exchange, market, f"timeInForce.{in_force}"):
            raise NotSupported(f"{who}: there is no {in_force} at {exchange.id}, as its features say")
        asked["timeInForce"] = in_force
    elif in_force != "GTC":
        raise explained(exchange.id, f"createOrder() with timeInForce {in_force}")


def _trigger(
    exchange: Any, market: Mapping[str, Any], asked: Asked, params: Mapping[str, Any], who: str
) -> None:
    symbol, price = market["symbol"], params.get("triggerPrice", params.get("stopPrice"))
    rises: bool | None = None
    needed: tuple[str, ...] = (
        "triggerPrice",
        "createTriggerOrder",
        "createStopOrder",
        "createStopLimitOrder",
        "createStopMarketOrder",
    )
    for name, capability, falls_for in (
        ("stopLossPrice", "createStopLossOrder", "sell"),
        ("takeProfitPrice", "createTakeProfitOrder", "buy"),
    ):
        if name in params:
            if price is not None:
                raise InvalidOrder(f"{who}: one of triggerPrice, stopLossPrice and takeProfitPrice is enough")
            price, needed, rises = params[name], (name, capability), asked["side"] != falls_for
    if price is None:
        return
    if not tells(exchange, market, *needed):
        raise NotSupported(
            f"{who}: there are no orders with {needed[0]} at {exchange.id}, as its features say"
        )
    direction = str(params.get("triggerDirection", "")).lower()
    if direction:
        if direction not in (*RISES, *FALLS):
            raise BadRequest(f"{who}: triggerDirection is ascending or descending, not {direction!r}")
        rises = direction in RISES
    asked["triggerPrice"] = exchange.price_to_precision(symbol, price)
    if rises is not None:
        asked["triggerAbove"] = rises
    by = str(params.get("triggerPriceType", "last")).lower()
    if by not in SOURCES:
        raise BadRequest(f"{who}: triggerPriceType is last, mark or index, not {by!r}")
    asked["triggerBy"] = by


def _position(
    exchange: Any, market: Mapping[str, Any], asked: Asked, params: Mapping[str, Any], who: str
) -> None:
    if params.get("hedged"):
        raise explained(exchange.id, "createOrder() with hedged")
    if params.get("reduceOnly"):
        if not market["contract"]:
            raise InvalidOrder(f"{who}: only orders of contracts can be reduceOnly")
        asked["reduceOnly"] = True
    for name, field in (("stopLoss", "stopLoss"), ("takeProfit", "takeProfit")):
        given = params.get(name)
        if given is None:
            continue
        if not market["contract"] or not tells(
            exchange, market, "attachedStopLossTakeProfit", "createOrderWithTakeProfitAndStopLoss"
        ):
            raise NotSupported(f"{who}: orders of {market['symbol']} have no {name} with them")
        if (
            not isinstance(given, Mapping)
            or set(given) - EXIT_FIELDS
            or given.get("type", "market") != "market"
        ):
            raise explained(exchange.id, f"createOrder() with a {name} that is more than a triggerPrice")
        asked[field] = exchange.price_to_precision(
            market["symbol"], given.get("triggerPrice", given.get("stopPrice"))
        )
    if market["contract"]:
        if "leverage" in params:
            asked["leverage"] = exchange.number_to_string(params["leverage"])
        if "marginMode" in params:
            asked["marginMode"] = margin_mode(str(params["marginMode"]), who)


def margin_mode(given: str, who: str) -> str:
    mode = {"crossed": "cross"}.get(given.lower(), given.lower())
    if mode not in ("cross", "isolated"):
        raise BadRequest(f"{who}: marginMode is cross or isolated, not {given!r}")
    return mode


def page(since: Any = None, limit: Any = None, params: Mapping[str, Any] | None = None) -> Asked:
    """Which part of a list is asked for."""
    params = params or {}
    waits = params.get("trigger", params.get("stop"))
    asked = {
        "since": None if since is None else int(since),
        "limit": None if limit is None else int(limit),
        "until": params.get("until"),
        "trigger": None if waits is None else bool(waits),
    }
    return {name: value for name, value in asked.items() if value is not None}


def which(id: Any, params: Mapping[str, Any] | None, who: str) -> Asked:
    """The order that is meant, by its id or its client's."""
    client_id = (params or {}).get("clientOrderId")
    if id is None or id == "":
        if client_id is None:
            raise ArgumentsRequired(f"{who} requires an id argument")
        return {"clientOrderId": str(client_id)}
    return {"id": str(id)}


WALLETS = {
    **dict.fromkeys(("spot", "margin", "funding", "main", "exchange", "cash"), "spot"),
    **dict.fromkeys(("swap", "future", "futures", "contract", "linear", "inverse", "derivatives"), "swap"),
}


def wallet(exchange: Any, type: str, who: str) -> str:
    """The sandbox's name of the account that ccxt means by a type."""
    found = WALLETS.get(str(type).lower())
    if found is None:
        raise BadRequest(f"{who}: there is no account {type!r} here, but spot and swap")
    return found
