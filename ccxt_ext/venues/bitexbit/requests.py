"""What bitexbit is asked for: which API, orders, candles."""

import re
from collections.abc import Mapping
from typing import Any

from ccxt.base.errors import BadRequest, NotSupported, OrderNotFound
from ccxt.base.exchange import Exchange

from ccxt_ext.venue.answers import reading
from ccxt_ext.venue.orders import checks
from ccxt_ext.venues.bitexbit.metadata import CHOICES

_ID = re.compile("[0-9]{1,40}")


def as_requested(exchange: Exchange, name: str, path: str) -> str:
    """The path with or without a final slash, where the venue's documents contradict each other."""
    if name == "charts" and exchange.options["chartsTrailingSlash"]:
        return f"{path}/"
    slashes = exchange.options["v2TransferSlashes"]
    if name == "v2" and path.startswith("transfers") and slashes != "documented":
        bare = path.removesuffix("/")
        return f"{bare}/" if slashes == "all" else bare
    return path


def chosen(exchange: Exchange, name: str, params: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Which API serves a method, by `params['method']` or the options."""
    api = exchange.safe_string(params, "method", exchange.options["methods"][name])
    if api not in CHOICES[name]:
        raise BadRequest(f"{exchange.id} {name}() is served by {', '.join(CHOICES[name])}, not by {api!r}")
    return api, exchange.omit(params, "method")


def order_request(
    exchange: Exchange, symbol: str, type: str, side: str, amount: Any, price: Any, params: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields of an order in v1's names."""
    if type != "limit":
        raise NotSupported(f"{exchange.id} createOrder() supports limit orders only, not {type!r}")
    amount_text, price_text = checks.check_order(exchange, symbol, side, amount, price)
    request = {
        "type": side,
        "pair": exchange.market(symbol)["id"],
        "amount": amount_text,
        "price": price_text,
    }
    return exchange.extend(request, params)


def around(exchange: Exchange, id: str) -> dict[str, Any]:
    """Bounds of a list of v2 within which one order is, be they included or not."""
    if not _ID.fullmatch(id):
        raise OrderNotFound(f"{exchange.id} has no order {reading.excerpt(exchange, id)}: ids are numbers")
    return {"since_id": str(int(id) - 1), "until_id": str(int(id) + 1)}


def ohlcv_request(
    exchange: Exchange,
    step: str,
    since: Any,
    limit: Any,
    until: Any,
    seconds: bool,
    most: int,
) -> dict[str, Any]:
    """Both ends of the time that is asked for: from one alone the venue could count either way."""
    request: dict[str, Any] = {"limit": min(limit or most, most)}
    unit = 1000 if seconds else 1
    if since is not None:
        # As many candles open from here to there, be both ends included or not.
        end = since + request["limit"] * step_ms(step) - 1
        until = end if until is None else min(until, end)
        request["since"] = -(-since // unit)
    if until is not None:
        request["until"] = until // unit
    return request


def v1_book_request(exchange: Exchange, market: Mapping[str, Any], group: int, limit: Any) -> dict[str, Any]:
    """v1 groups a book's orders by their prices, or lists each of them where `group` is 0."""
    request = {"pair": market["id"], "group": group}
    if limit is not None:
        request.update(dict.fromkeys(exchange.options["v1OrderBookLimitParams"], limit))
    return request


def step_ms(step: str) -> int:
    return 86_400_000 if step == "D" else int(step) * 60_000
