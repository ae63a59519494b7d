"""BitMart's orders and fills: what is sent, and what is told of them."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, NotSupported
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitmart2 import errors

# A fee above this share of one side's volume is not a fee on that side.
HIGHEST_FEE_RATE = "0.01"


# How many orders' sides are remembered for trades that come without one.
REMEMBERED_SIDES = 10_000


def order_request(
    exchange: Exchange, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    if type != "limit":
        raise NotSupported(f"{exchange.id} createOrder() supports limit orders only, not {type!r}")
    amount_text, price_text = checks.check_order(exchange, symbol, side, amount, price)
    request = {
        "symbol": exchange.market(symbol)["id"],
        "amount": amount_text,
        "price": price_text,
        "side": side,
    }
    return exchange.extend(request, params)


def held_currencies(exchange: Exchange, response: Any) -> set[str]:
    """The ids of those of which something is held, for orders among other things."""
    frozen = {
        reading.required_text(exchange, row, "id"): reading.number_text(exchange, row, "frozen")
        for row in reading.rows(exchange, response)
    }
    return {id for id, text in frozen.items() if text is None or not Precise.string_eq(text, "0")}


def listed_ids(exchange: Exchange, answer: Any) -> list[str]:
    """The ids of all markets, as `symbols` tells them."""
    if not isinstance(answer, list) or not all(isinstance(id, str) for id in answer):
        raise BadResponse(
            f"{exchange.id} expected a list of symbols, got {reading.excerpt(exchange, answer)}"
        )
    return answer


def new_order_id(exchange: Exchange, answer: Any) -> str | None:
    return exchange.safe_string(answer, "entrust_id") if isinstance(answer, dict) else None


def parse_new_order(exchange: Exchange, answer: Any, request: Mapping[str, Any]) -> Any:
    """The answer has the id only; the rest is what was asked for."""
    if errors.error_text(exchange, reading.record(exchange, answer)) is not None:
        raise BadResponse(f"{exchange.id} answered an order with {reading.excerpt(exchange, answer)}")
    market = exchange.safe_market(request["symbol"], None, "_")
    return exchange.safe_order(
        {
            "id": reading.required_text(exchange, answer, "entrust_id"),
            "symbol": market["symbol"],
            "type": "limit",
            "timeInForce": "GTC",
            "side": request["side"],
            "price": request["price"],
            "amount": request["amount"],
            "info": answer,
        },
        market,
    )


def parse_cancel(exchange: Exchange, answer: Any, market: Any, known: Mapping[str, str]) -> Any:
    """The answer, `{}`, says that the request was accepted, and no more: the status is not known."""
    if answer != {}:
        raise BadResponse(f"{exchange.id} answered a cancel with {reading.excerpt(exchange, answer)}")
    symbol = exchange.safe_string(market, "symbol")
    return exchange.safe_order({"symbol": symbol, "info": answer, **known}, market)


def parse_own_trade(exchange: Exchange, trade: Mapping[str, Any], market: Any) -> Any:
    market = exchange.safe_market(exchange.safe_string(trade, "symbol"), market, "_")
    timestamp = reading.timestamp(exchange, trade, "timestamp")
    order = exchange.safe_string(trade, "entrust_id")
    amount = reading.number_text(exchange, trade, "amount")
    price = reading.number_text(exchange, trade, "price")
    fee = reading.number_text(exchange, trade, "fees")
    side = trade_side(exchange, trade)
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, trade, "trade_id"),
            "order": order,
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": "limit",
            "side": side,
            "takerOrMaker": None,
            "price": price,
            "amount": amount,
            "cost": None,
            "fee": fee_of(exchange, side, fee, market),
            "info": trade,
        },
        market,
    )


def trade_side(exchange: Exchange, trade: Mapping[str, Any]) -> str | None:
    """The side of an own trade, which the venue tells only sometimes."""
    side = {"0": "buy", "1": "sell"}.get(exchange.safe_string(trade, "entrustType", ""))
    side = side or order_sides(exchange).get(exchange.safe_string(trade, "entrust_id", ""))
    return side or side_from_fee(
        exchange, *(reading.number_text(exchange, trade, key) for key in ("fees", "amount", "price"))
    )


def fee_of(exchange: Exchange, side: str | None, cost: str | None, market: Mapping[str, Any]) -> Any:
    """Fees are taken from what an order receives."""
    if cost is None:
        return None
    currency = {"buy": market["base"], "sell": market["quote"]}.get(side or "")
    return {"cost": exchange.parse_number(cost), "currency": currency}


def side_from_fee(exchange: Exchange, fee: str | None, amount: str | None, price: str | None) -> str | None:
    """The one side on which a fee of this size makes sense, if there is just one."""
    if not exchange.options["fetchMyTrades"]["inferSideFromFee"] or None in (fee, amount, price):
        return None
    volumes = {"buy": amount, "sell": Precise.string_mul(amount, price)}
    fitting = [
        side
        for side, volume in volumes.items()
        if Precise.string_gt(fee, "0")
        and Precise.string_le(fee, Precise.string_mul(volume, HIGHEST_FEE_RATE))
    ]
    return fitting[0] if len(fitting) == 1 else None


def order_sides(exchange: Exchange) -> dict[str, str]:
    """The sides of orders that this instance has placed or seen, by order id."""
    if exchange.sides_of_orders is None:
        exchange.sides_of_orders = {}
    return exchange.sides_of_orders


def remember(exchange: Exchange, order: Mapping[str, Any]) -> None:
    sides = order_sides(exchange)
    if order["id"] is not None and order["side"] is not None:
        sides[order["id"]] = order["side"]
        if len(sides) > REMEMBERED_SIDES:
            del sides[next(iter(sides))]


def balance_of(exchange: Exchange, response: Any) -> Any:
    result: dict[str, Any] = {"info": response, "timestamp": None, "datetime": None}
    for row in reading.rows(exchange, response):
        account = exchange.account()
        account["free"] = reading.number_text(exchange, row, "available")
        account["used"] = reading.number_text(exchange, row, "frozen")
        result[exchange.safe_currency_code(reading.required_text(exchange, row, "id"))] = account
    return exchange.safe_balance(result)
