"""Orders and trades of Acme Exchange: what is sent, and what is told of them."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadResponse, InvalidOrder, NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks

from . import envelope
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
        "pair": exchange.market(symbol)["id"],
        "side": side,
        "rate": price_text,
        "quantity": size,
        # Without an id of the client's own, an order whose answer is lost could not be found again.
        "tag": client_id(exchange, rest.pop("clientOrderId", None) or rest.pop("tag", None)),
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
    market = exchange.safe_market(exchange.safe_string(row, "pair"), market, SEPARATOR)
    timestamp = reading.timestamp(exchange, row, "placed")
    status = exchange.safe_string(row, "state", "")
    return exchange.safe_order(
        {
            "id": reading.required_text(exchange, row, "id"),
            "clientOrderId": exchange.safe_string(row, "tag"),
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "lastTradeTimestamp": None,
            "lastUpdateTimestamp": reading.integer(exchange, row, "changed"),
            "symbol": market["symbol"],
            "type": "limit",
            "timeInForce": "GTC",
            "postOnly": False,
            "side": reading.side(exchange, row, "side"),
            "price": reading.number_text(exchange, row, "rate"),
            "triggerPrice": None,
            "amount": reading.number_text(exchange, row, "quantity"),
            "filled": reading.number_text(exchange, row, "filled"),
            "remaining": None,
            "cost": reading.number_text(exchange, row, "filled_value"),  # in the quote currency
            "average": None,  # the venue does not tell it, but ccxt takes it from the cost
            "status": exchange.options["orderStatuses"].get(status),
            "fee": fee(exchange, row),
            "trades": None,
            "info": row,
        },
        market,
    )


def parse_new_order(exchange: Exchange, answer: Any, market: Any) -> Any:
    """The venue answers with the order. Anything else leaves open what came of it: BadResponse says so."""
    order = exchange.parse_order(reading.record(exchange, envelope.result(exchange, answer)), market)
    if order["status"] is None:
        raise BadResponse(f"{exchange.id} answered an order with {reading.excerpt(exchange, answer)}")
    return order


def parse_canceled_order(exchange: Exchange, answer: Any, id: str, market: Any) -> Any:
    """The venue answers with the order as it is afterwards, which is not open any more."""
    order = exchange.parse_order(reading.record(exchange, envelope.result(exchange, answer)), market)
    if order["id"] != id or order["status"] in (None, "open"):
        raise BadResponse(f"{exchange.id} answered a cancel with {reading.excerpt(exchange, answer)}")
    return order


def told_id(exchange: Exchange, answer: Any) -> str | None:
    """The id of a new order, if the answer has at least that."""
    result = answer.get("result") if isinstance(answer, dict) else None
    return exchange.safe_string(result, "id") if isinstance(result, dict) else None


def parse_trade(exchange: Exchange, row: Mapping[str, Any], market: Any) -> Any:
    """A trade of the market, or one of the account, which tells more."""
    market = exchange.safe_market(exchange.safe_string(row, "pair"), market, SEPARATOR)
    timestamp = reading.timestamp(exchange, row, "time")
    return exchange.safe_trade(
        {
            "id": reading.required_text(exchange, row, "id"),
            "order": exchange.safe_string(row, "order"),
            "symbol": market["symbol"],
            "timestamp": timestamp,
            "datetime": exchange.iso8601(timestamp),
            "type": None,
            "side": reading.side(exchange, row, "side"),
            "takerOrMaker": role(row),
            "price": reading.number_text(exchange, row, "rate"),
            "amount": reading.number_text(exchange, row, "quantity"),
            "cost": None,
            "fee": fee(exchange, row),
            "info": row,
        },
        market,
    )


def role(row: Mapping[str, Any]) -> str | None:
    """Only trades of the account tell whether they were the maker's."""
    return {"True": "maker", "False": "taker"}.get(str(row.get("maker")))


def fee(exchange: Exchange, row: Mapping[str, Any]) -> Any:
    cost = reading.number_text(exchange, row, "fee")
    if cost is None:
        return None
    currency = exchange.safe_currency_code(exchange.safe_string(row, "fee_currency"))
    return {"cost": exchange.parse_number(cost), "currency": currency}
