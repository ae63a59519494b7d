"""What is said of a request whose answer was lost, by venues built from our parts."""

import ccxt
import pytest

from ccxt_ext.testing.conformance.lost import LOST
from ccxt_ext.testing.wire import call
from tests.venues.profiles import PROFILES

kinds = pytest.mark.parametrize("kind", ["sync", "async"])


def lost(id, kind, method, happens):
    profile = PROFILES[id]
    exchange, _ = profile.offline(kind, lambda request: happens(None))
    with pytest.raises(ccxt.BaseError) as caught:
        call(exchange, method, *profile.calls[method])
    return caught.value


def claiming(*methods):
    return [
        pytest.param(id, method, id=f"{id}-{method}")
        for id, profile in PROFILES.items()
        for method in methods
        if method in profile.calls and profile.kind("sync")().has[method] is True
    ]


CANCELS = ("cancelOrder", "cancelOrders", "cancelAllOrders", "cancelOrderWithClientOrderId")


@kinds
@pytest.mark.parametrize(("id", "method"), claiming(*CANCELS))
def test_a_cancel_says_what_to_look_at(id, method, kind):
    for name, (happens, _) in LOST.items():
        found = lost(id, kind, method, happens)
        what = f"order {found.order_id}" if found.order_id and method != "cancelAllOrders" else "any of the"
        text = str(found)
        assert f"whether {what}" in text and "was cancelled is unknown" in text, name
        assert text.endswith(("and cancel it again if it is open", "and cancel that again")), name


@kinds
@pytest.mark.parametrize(("id", "method"), claiming("setLeverage", "closePosition", "closeAllPositions"))
def test_a_change_says_that_it_is_unknown(id, method, kind):
    for name, (happens, _) in LOST.items():
        assert "was carried out is unknown" in str(lost(id, kind, method, happens)), name


@kinds
@pytest.mark.parametrize(("id", "method"), claiming("fetchBalance", "createOrder", "cancelOrder"))
def test_a_cut_connection_is_a_venue_that_is_not_available(id, method, kind):
    """ccxt itself raises this for async exchanges, and a NetworkError of no kind for others."""
    assert type(lost(id, kind, method, LOST["the connection cut"].happens)) is ccxt.ExchangeNotAvailable


def test_every_endpoint_that_does_something_says_so():
    """Reads that a venue wants sent by POST are the others."""
    reads = {
        *("btex/" + name for name in ("account_info", "active_orders", "active_positions", "myorders")),
        *("btex/" + name for name in ("mytrades", "mypositions", "order_match_results", "get_order_batch")),
        *("btex/getinfo", "bitmaxfutures/futures/free-margin", "bitmaxfutures/futures/order/open"),
        "bitmart2/authentication",
    }

    def leaves(tree):
        for name, entry in tree.items():
            if name in ("post", "put", "delete"):
                yield from entry.items()
            elif isinstance(entry, dict):
                yield from leaves(entry)

    for id, profile in PROFILES.items():
        for path, config in leaves(profile.kind("sync").metadata()["api"]):
            does = isinstance(config, dict) and not {"once", "cancels", "changes"}.isdisjoint(config)
            assert does != (f"{id}/{path}" in reads), (id, path)
