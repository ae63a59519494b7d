"""Which of BTEX's markets a call is for: spot, perpetual or dated contracts."""

from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, BadSymbol, NotSupported
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.calls import symbols


def is_spot(
    exchange: Exchange, name: str, market: Any, params: Mapping[str, Any]
) -> tuple[bool, dict[str, Any]]:
    """Whether a call is for spot, by its market, or else by `params['type']` or the options."""
    type, rest = exchange.handle_market_type_and_params(name, None, params)
    if market is not None:
        type = market["type"]
    return kind_of(exchange, name, type) == "spot", dict(rest)


def kind_of(exchange: Exchange, name: str, type: Any) -> str:
    if type not in ("spot", "swap", "future"):
        raise BadRequest(f"{exchange.id} {name}() is for spot, swap or future, not for {type!r}")
    return str(type)


def contracts_only(exchange: Exchange, name: str, market: Any) -> Any:
    if market["spot"]:
        raise NotSupported(f"{exchange.id} {name}() is for contracts: the spot API has nothing like it")
    return market


def required_contract(exchange: Exchange, name: str, symbol: str | None) -> Any:
    return contracts_only(exchange, name, symbols.required_market(exchange, symbol, name))


def perpetual(exchange: Exchange, name: str, market: Any) -> Any:
    if not market["swap"]:
        raise BadSymbol(f"{exchange.id} {name}() is for perpetual contracts, not for {market['symbol']}")
    return market
