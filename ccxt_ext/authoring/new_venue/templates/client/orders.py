"""Orders and trades of Acme Exchange: what is sent, and what is told of them."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks

from .markets import SEPARATOR


def order_request(
    exchange: Exchange, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What is known to be wrong is refused here, before anything is sent."""
    if type != "limit":
        raise NotSupported(f"{exchange.id} createOrder() supports limit orders only, not {type!r}")
    size, price_text = checks.check_order(exchange, symbol, side, amount, price)
    rest = {**params}
    request = {
        "market": exchange.market(symbol)["id"],
        "side": side,
        "type": "limit",
        "price": price_text,
        "size": size,
        # Without an id of the client's own, an order whose answer is lost could not be found again.
        "client_id": client_id(exchange, rest.pop("clientOrderId", None) or rest.pop("client_id", None)),
    }
    return exchange.extend(request, rest)


def client_id(exchange: Exchange, given: Any) -> str:
    if given is None:
        return str(exchange.new_client_order_id())
    pattern = exchange.options["createOrder"]["clientIdPattern"]
    if not re.fullmatch(pattern, str(given)):
        raise InvalidOrder(f"{exchange.id} clientOrderId {given} does not match {pattern}")
    return str(given)


def parse_order(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    market = exchange.safe_market(exchange.safe_string(row, "market"), market, SEPARATOR)
    timestamp = reading.timestamp(exchange, row, "created")
    status = exchange.safe_string(row, "status", "")
    return exchange.safe_order(
        {
            "id": reading.required_text(exchange, row, "id"),
            "clientOrderId": exchange.safe_string(row, "client_id"),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastTradeTimestamp": None,
            "lastUpdateTimestamp": reading.integer(exchange, row, "updated"),
            "symbol": market["symbol"],
            "type": exchange.safe_string(row, "type"),
            "timeInForce": "GTC",
            "postOnly": False,
            "side": reading.side(exchange, row, "side"),
            "price": reading.number_text(exchange, row, "price"),
            "triggerPrice": None,
            "amount": reading.number_text(exchange, row, "size"),
            "filled": reading.number_text(exchange, row, "filled"),
            "remaining": None,
            # What the fills came to, in the quote currency. If a venue tells neither this nor the average,
            # leave both None: ccxt_ext's costs.with_cost_of_trades() takes them from the order's trades.
            "cost": reading.number_text(exchange, row, "filled_value"),
            "average": reading.number_text(exchange, row, "average"),
            "status": exchange.options["orderStatuses"].get(status),
            "fee": fee(exchange, row),
            "trades": None,
            "info": row,
        },
        market,
    )


def parse_new_order(exchange: Exchange, answer: Any, market: Any) -> Any:
    """The venue answers with the order. Anything else leaves open what came of it: BadResponse says so."""
    order = exchange.parse_order(reading.record(exchange, answer), market)
    if order["status"] is None:
        raise BadResponse(f"{exchange.id} answered an order with {reading.excerpt(exchange, answer)}")
    return order


def parse_canceled_order(exchange: Exchange, answer: Any, id: str, market: Any) -> Any:
    """The venue answers with the order as it is afterwards, which is not open any more."""
    order = exchange.parse_order(reading.record(exchange, answer), market)
    if order["id"] != id or order["status"] in (None, "open"):
        raise BadResponse(f"{exchange.id} answered a cancel with {reading.excerpt(exchange, answer)}")
    return order


def told_id(exchange: Exchange, answer: Any) -> str | None:
    """The id of a new order, if the answer has at least that."""
    return exchange.safe_string(answer, "id") if isinstance(answer, dict) else None


def parse_trade(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """A trade of the market, or one of the account, which tells more."""
    market = exchange.safe_market(exchange.safe_string(row, "market"), market, SEPARATOR)
    timestamp = reading.timestamp(exchange, row, "time")
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, row, "id"),
            "order": exchange.safe_string(row, "order_id"),
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": reading.side(exchange, row, "side"),
            "takerOrMaker": exchange.safe_string(row, "role"),
            "price": reading.number_text(exchange, row, "price"),
            "amount": reading.number_text(exchange, row, "size"),
            "cost": None,
            "fee": fee(exchange, row),
            "info": row,
        },
        market,
    )


def fee(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    cost = reading.number_text(exchange, row, "fee")
    if cost is None:
        return None
    currency = exchange.safe_currency_code(exchange.safe_string(row, "fee_currency"))
    return {"cost": exchange.parse_number(cost), "currency": currency}
