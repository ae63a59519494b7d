"""What is sent to place an order."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.btex import terms
from ccxt_ext.venues.btex.contracts import DIRECTIONS

# What contracts cannot do, nor spot, and a caller may choose to have ignored (C17).
FLAGS = ("reduceOnly", "postOnly", "timeInForce")


def order_request(
    exchange: Exchange, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What can be told without asking the venue. Missing may be the price of a market order that goes by
    the last price, and leverage and margin mode where an open position is to tell them.
    """
    market = exchange.market(symbol)
    if market["spot"] and type != "limit":
        raise NotSupported(f"{exchange.id} spot markets take limit orders only, not {type!r}")
    if exchange.options["ignoreUnsupportedOrderFlags"]:
        params = exchange.omit(params, *FLAGS)
    own = () if market["spot"] else ("leverage", "marginMode")
    rest = checks.refuse_order_params(exchange, params, own)
    amount_text, price_text = checks.check_order(exchange, symbol, side, amount, price, type)
    if market["spot"]:
        return exchange.extend({"pair": market["id"], "price": price_text, "num": amount_text}, rest)
    if type == "market":
        price_text = market_order_price(exchange, symbol, price)
    leverage, mode = rest.pop("leverage", None), rest.pop("marginMode", None)
    request = {
        "contract_id": market["id"],
        "amount": amount_text,
        "direction": DIRECTIONS[side],
        "type": type,
    }
    if price_text is not None:
        request["price"] = price_text
    add_terms(
        exchange,
        request,
        None,
        exchange.options["leverages"].get(market["symbol"]) if leverage is None else leverage,
        exchange.options["marginModes"].get(market["symbol"]) if mode is None else mode,
    )
    return exchange.extend(request, rest)


def add_terms(
    exchange: Exchange,
    request: dict[str, Any],
    position: Mapping[str, Any] | None,
    leverage: Any = None,
    mode: Any = None,
) -> None:
    """Add leverage and margin mode, as far as they are told; with a position ({} if there is none) what the
    orders to come in its market have."""
    market = exchange.market(request["contract_id"])
    if position is not None:
        leverage = terms.leverage_of(exchange, market["symbol"], position)
        mode = terms.margin_mode_of(exchange, market["symbol"], position)
    if leverage is not None and "leverage" not in request:
        request["leverage"] = terms.checked_leverage(exchange, market, leverage)
    if mode is not None and "is_cross" not in request:
        request["is_cross"] = "1" if terms.checked_margin_mode(exchange, market, mode) == "cross" else "-1"


def market_order_price(exchange: Exchange, symbol: str, price: Any) -> str | None:
    """The venue demands a price, and does not say what for."""
    if price is not None:
        checks.check_positive(exchange, price, "price")
        return checks.to_precision(exchange, "price", symbol, price)
    return "0" if exchange.options["marketOrderPrice"] == "zero" else None
