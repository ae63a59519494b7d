"""Leverage, margin modes, and margin that is added or taken out. No I/O."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venues.bitmaxfutures import answers, arguments, positions
from ccxt_ext.venues.bitmaxfutures.contracts import HIGHEST_LEVERAGE

MARGIN_MODES = {"cross": "crossed", "crossed": "crossed", "isolated": "isolated"}


def parse_leverage(exchange: Exchange, leverage: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(leverage, "symbol"), market)
    times = exchange.parse_number(reading.number_text(exchange, leverage, "leverage"))
    return {
        "info": leverage,
        "symbol": market["symbol"],
        "marginMode": positions.margin_mode(exchange, leverage),
        "longLeverage": times,
        "shortLeverage": times,
    }


def leverage_set(exchange: Exchange, answer: Any, market: Any) -> dict[str, Any]:
    return exchange.parse_leverage(answers.record_of(exchange, answer), market)


def leverage_request(
    exchange: Exchange, leverage: Any, symbol: str | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    market = exchange.market(arguments.required_symbol(exchange, symbol, "setLeverage"))
    try:
        whole = int(leverage)
    except (TypeError, ValueError, OverflowError):
        whole = 0
    most = min(HIGHEST_LEVERAGE, market["limits"]["leverage"]["max"] or HIGHEST_LEVERAGE)
    if isinstance(leverage, bool) or whole != leverage or not 1 <= whole <= most:
        raise BadRequest(
            f"{exchange.id} setLeverage() takes a whole number from 1 to {most:g}, not {leverage!r}"
        )
    return {"symbol": market["id"], "leverage": whole, **params}


def parse_margin_mode(exchange: Exchange, marginMode: Any, market: Any = None) -> Any:
    market = exchange.safe_market(exchange.safe_string(marginMode, "symbol"), market)
    return {
        "info": marginMode,
        "symbol": market["symbol"],
        "marginMode": positions.margin_mode(exchange, marginMode),
    }


def mode_request(
    exchange: Exchange, mode: Any, symbol: str | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    market = exchange.market(arguments.required_symbol(exchange, symbol, "setMarginMode"))
    if str(mode).lower() not in MARGIN_MODES:
        raise BadRequest(f"{exchange.id} setMarginMode() takes cross or isolated, not {mode!r}")
    return {"symbol": market["id"], "marginType": MARGIN_MODES[str(mode).lower()], **params}


def margin_request(
    exchange: Exchange, symbol: str | None, amount: Any, adds: bool, params: Mapping[str, Any]
) -> dict[str, Any]:
    market = exchange.market(
        arguments.required_symbol(exchange, symbol, "addMargin" if adds else "reduceMargin")
    )
    text = arguments.money_text(exchange, amount, "addMargin" if adds else "reduceMargin")
    return {"symbol": market["id"], "amount": text if adds else f"-{text}", **params}


def parse_margin_modification(exchange: Exchange, data: Any, market: Any = None) -> Any:
    return {
        "info": data,
        "symbol": exchange.safe_string(market, "symbol"),
        "type": None,
        "marginMode": "isolated",
        "amount": None,
        "total": None,
        "code": exchange.safe_string(market, "settle"),
        "status": "ok",
        "timestamp": None,
        "datetime": None,
    }
