"""What `has` claims of streaming classes works against the sandbox, and the rest says that it does not."""

import asyncio
import inspect

import ccxt
import pytest

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.venue.streams.methods import METHODS


def calls(symbol, timeframe):
    """Each method with its arguments, and what its news must look like."""
    pair = [symbol, timeframe]
    return {
        "watchBalance": ((), lambda news: news["total"]),
        "watchBidsAsks": (([symbol],), lambda news: news[symbol]["bid"] < news[symbol]["ask"]),
        "watchFundingRate": ((symbol,), lambda news: news["symbol"] == symbol),
        "watchFundingRates": (([symbol],), lambda news: news[symbol]["symbol"] == symbol),
        "watchMarkPrice": ((symbol,), lambda news: news["markPrice"] > 0),
        "watchMarkPrices": (([symbol],), lambda news: news[symbol]["markPrice"] > 0),
        "watchMyTrades": ((symbol,), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchOHLCV": (tuple(pair), lambda news: all(len(row) == 6 for row in news)),
        "watchOHLCVForSymbols": (([pair],), lambda news: news[symbol][timeframe]),
        "watchOrderBook": ((symbol,), lambda news: news["bids"][0][0] < news["asks"][0][0]),
        "watchOrderBookForSymbols": (([symbol],), lambda news: news["symbol"] == symbol),
        "watchOrders": ((symbol,), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchPositions": (([symbol],), lambda news: all(row["symbol"] == symbol for row in news)),
        "watchTicker": ((symbol,), lambda news: news["symbol"] == symbol),
        "watchTickers": (([symbol],), lambda news: news[symbol]["symbol"] == symbol),
        "watchTrades": ((symbol,), lambda news: all(row["amount"] > 0 for row in news)),
        "watchTradesForSymbols": (([symbol],), lambda news: all(row["symbol"] == symbol for row in news)),
    }


async def test_what_it_does_not_claim(watcher, symbol):
    table = calls(symbol, "1m")
    claims = {name for name, value in watcher.has.items() if value and "atch" in name}
    assert claims <= set(METHODS)
    for name in set(METHODS) - claims:
        arguments = table[name if name in table else "w" + name[2:].replace("W", "", 1)][0]
        for spelling in (name, METHODS[name]):
            with pytest.raises(ccxt.NotSupported, match=name):
                await getattr(watcher, spelling)(*arguments)


def test_native_is_true_and_polled_is_emulated(id):
    watcher = getattr(ccxt_ext.pro, id)()
    for name in METHODS:
        watch = name if name.startswith("watch") else "w" + name[3:]
        if watcher.has[name]:
            assert watcher.has[name] is (True if watch in watcher.native else "emulated")
    # Beyond what its REST class can do there is only what is watched or goes over a socket.
    rest = getattr(ccxt_ext.async_support, id)()
    more = {name for name, value in watcher.has.items() if value and not rest.has.get(name)}
    # editOrderWs is ccxt's, of the two that it takes.
    assert more <= set(METHODS) | watcher.over_socket | {"ws", "editOrderWs"}
    assert all(inspect.iscoroutinefunction(getattr(watcher, METHODS[name])) for name in METHODS)


async def test_no_secret_is_told(watcher, symbol, sandbox, id, caplog, capsys):
    """Not even with everything logged, and when all goes wrong."""
    secrets = [text for text in (watcher.apiKey, watcher.secret) if text]
    watcher.verbose = True
    caplog.set_level("DEBUG")
    errors = []
    streams = "watchOrderBook" in watcher.native
    for kind in ("ws_garbage", "ws_close", "garbage", "reset") if streams else ("garbage", "reset"):
        sandbox.control("POST", "/faults", {"venue": id, "kind": kind, "count": 3})
    able = [name for name in ("watchOrderBook", "watchOrders", "watchBalance") if watcher.has[name]]
    while len(errors) < 2:
        outcomes = await asyncio.gather(
            *(
                asyncio.wait_for(getattr(watcher, name)(*([symbol] if name != "watchBalance" else [])), 3)
                for name in able
            ),
            return_exceptions=True,
        )
        errors += [outcome for outcome in outcomes if isinstance(outcome, ccxt.BaseError)]
    sandbox.control("DELETE", "/faults")
    out = capsys.readouterr()
    shown = "\n".join(
        [out.out, out.err, caplog.text, *(repr(e) + str(e) + repr(e.__cause__) for e in errors)]
    )
    assert len(shown) > 200
    for secret in secrets:
        assert secret not in shown
