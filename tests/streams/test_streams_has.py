"""What our streaming classes claim, and what they tell while they watch."""

import asyncio

import ccxt

import ccxt_ext.async_support
import ccxt_ext.pro
from ccxt_ext.venue.streams.methods import METHODS


def test_native_is_true_and_polled_is_emulated(id):
    watcher = getattr(ccxt_ext.pro, id)()
    for name in METHODS:
        watch = name if name.startswith("watch") else "w" + name[3:]
        if watcher.has[name]:
            assert watcher.has[name] is (True if watch in watcher.native else "emulated")
    assert {name for name, value in watcher.has.items() if value and "atch" in name} <= set(METHODS)
    rest = getattr(ccxt_ext.async_support, id)()
    more = {name for name, value in watcher.has.items() if value and not rest.has.get(name)}
    # editOrderWs is ccxt's, of the two that it takes.
    assert more <= set(METHODS) | watcher.over_socket | {"ws", "editOrderWs"}


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
