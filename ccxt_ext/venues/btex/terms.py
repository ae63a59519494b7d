"""Leverage and margin mode of the orders to come, each of which names its own."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, InvalidOrder
from ccxt.base.exchange import Exchange
from ccxt.base.precise import Precise

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.btex import positions


def are_set(exchange: Exchange, symbol: str) -> bool:
    """Whether leverage and margin mode were both set, so that no position has to tell them."""
    return symbol in exchange.options["leverages"] and symbol in exchange.options["marginModes"]


def parse_leverage(exchange: Exchange, leverage: Any, market: Any = None) -> Any:
    symbol = market["symbol"]
    value = exchange.parse_number(leverage_of(exchange, symbol, leverage))
    return {
        "info": leverage,
        "symbol": symbol,
        "marginMode": margin_mode_of(exchange, symbol, leverage),
        "longLeverage": value,
        "shortLeverage": value,
    }


def parse_margin_mode(exchange: Exchange, marginMode: Any, market: Any = None) -> Any:
    symbol = market["symbol"]
    return {"info": marginMode, "symbol": symbol, "marginMode": margin_mode_of(exchange, symbol, marginMode)}


def leverage_of(exchange: Exchange, symbol: str, position: Mapping[str, Any]) -> str:
    """What was set for a market, or else what its open position has: an order with other terms would not
    simply add to it."""
    told = exchange.omit_zero(reading.number_text(exchange, position, "leverage"))
    default = exchange.options["defaultLeverage"] if told is None else str(Precise(told))
    return exchange.number_to_string(exchange.options["leverages"].get(symbol, default))


def margin_mode_of(exchange: Exchange, symbol: str, position: Mapping[str, Any]) -> str:
    default = positions.margin_mode(exchange, position) or exchange.options["defaultMarginMode"]
    return str(exchange.options["marginModes"].get(symbol, default))


def checked_leverage(exchange: Exchange, market: Mapping[str, Any], leverage: Any) -> str:
    try:
        checks.check_positive(exchange, leverage, "leverage")
    except InvalidOrder:
        raise BadRequest(f"{exchange.id} leverage has to be a positive number, not {leverage!r}") from None
    text = exchange.number_to_string(leverage)
    most = exchange.safe_string(market["limits"]["leverage"], "max")
    if Precise.string_lt(text, "1") or (most is not None and Precise.string_gt(text, most)):
        raise BadRequest(f"{exchange.id} {market['symbol']} takes a leverage from 1 to {most}, not {text}")
    allowed = exchange.safe_string(market["info"], "allow_leverages")
    listed = (allowed or text).split(",")
    if exchange.options["strictLeverages"] and not any(Precise.string_eq(text, each) for each in listed):
        raise BadRequest(f"{exchange.id} {market['symbol']} takes a leverage of {allowed}, not {text}")
    return text


def checked_margin_mode(exchange: Exchange, market: Mapping[str, Any], mode: Any) -> str:
    if mode not in ("cross", "isolated"):
        raise BadRequest(f"{exchange.id} knows the margin modes cross and isolated, not {mode!r}")
    if mode == "cross" and exchange.safe_string(market["info"], "allow_cross") == "-1":
        raise BadRequest(f"{exchange.id} {market['symbol']} does not allow cross margin")
    return str(mode)
