"""A stand-in refuses whatever talks to an exchange, and nothing that programs do with one beside."""

import asyncio
import inspect

import ccxt
import ccxt.async_support
import pytest

from ccxt_ext.hook.stand_ins import BrokenPlugin, snake_case, stand_in, why_broken

REASON = "ccxt.acme of ccxt-acme 1.0 does not work: ImportError: no luck"
# What ends an exchange, waits, or runs what it is given.
HARMLESS = {"close", "close_connector", "close_proxy_sessions", "close_ws_clients"}
HARMLESS |= {"ws_close", "wsClose", "sleep", "throttle", "spawn_async", "spawnAsync"}
HOMES = [ccxt, ccxt.async_support]
homes = pytest.mark.parametrize("home", HOMES, ids=["sync", "async"])

# In async classes, these are coroutines.
TALKING = {
    name
    for name in dir(ccxt.async_support.Exchange)
    if not name.startswith("_")
    and inspect.iscoroutinefunction(inspect.getattr_static(ccxt.async_support.Exchange, name))
} - HARMLESS


def refused(exchange, name, *arguments):
    try:
        answer = getattr(exchange, name)(*arguments)
        if inspect.isawaitable(answer):
            asyncio.run(answer)
    except BrokenPlugin as error:
        return str(error) == REASON and isinstance(error.__cause__, ImportError)
    return False


@homes
def test_every_call_is_refused(home):
    exchange = stand_in(home.Exchange, "acme", REASON, ImportError("no luck"))()
    has = {name for name in exchange.describe()["has"] if snake_case(name) != name}
    methods = {name for name in has if name not in ("publicAPI", "privateAPI", "CORS")}
    spelt = methods | {snake_case(name) for name in methods}
    spelt |= {name for name in TALKING if hasattr(home.Exchange, name)}
    assert len(spelt) > 300
    spelt |= {name for name in dir(exchange) if snake_case(name) in TALKING}
    assert {"fetchTicker", "fetch_ticker", "loadMarkets", "fetch_ohlcv_ws", "fetchOHLCVWs"} <= spelt
    implicit = {"publicGetTicker", "public_get_ticker", "v1PrivateDelete", "sapi_post_x_y", "apiPutV2Orders"}
    assert sorted(name for name in spelt | implicit if not refused(exchange, name)) == []
    assert set(exchange.has.values()) == {False}


@homes
def test_what_is_no_call_is_as_in_ccxt(home):
    exchange = stand_in(home.Exchange, "acme", REASON, None)({"apiKey": "k", "timeout": 7})
    assert (exchange.apiKey, exchange.timeout, exchange.id, exchange.name) == ("k", 7, "acme", "acme")
    assert exchange.parse_timeframe("1m") == 60 and exchange.parseTimeframe("1m") == 60
    assert exchange.iso8601(0) == "1970-01-01T00:00:00.000Z" and exchange.markets is None
    for name in ("getting", "get", "target", "widget_x", "__wrapped__", "_get_x", "nothing"):
        assert not hasattr(exchange, name)
    with pytest.raises(AttributeError, match="'acme' has no attribute 'nothing': ccxt"):
        exchange.nothing  # noqa: B018


def test_it_is_told_from_a_class_that_works():
    made = stand_in(ccxt.Exchange, "acme", REASON, None)
    assert why_broken(made) == REASON and made.__name__ == "acme" and issubclass(made, ccxt.Exchange)
    assert why_broken(ccxt.binance) is why_broken(ccxt.btex) is None
