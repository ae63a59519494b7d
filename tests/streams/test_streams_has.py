"""What our streaming classes claim."""

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
