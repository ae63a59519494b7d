"""Which methods of ours look at ccxt's unified parameters, and which parameters they know."""

import inspect
import re
from pathlib import Path

import ccxt
import pytest

import ccxt_ext.pro
from ccxt_ext.venue.calls.guards import is_unified
from ccxt_ext.venue.calls.unified import CANDLES_OF, UNIFIED
from tests.ids import IDS, PRO_IDS
from tests.venues.profiles import PROFILES

ids = pytest.mark.parametrize("id", IDS)


@ids
@pytest.mark.parametrize("kind", ["sync", "async", "pro"])
def test_every_unified_method_is_guarded(id, kind):
    if kind == "pro" and id not in PRO_IDS:
        return
    cls = getattr(ccxt_ext.pro, id) if kind == "pro" else PROFILES[id].kind(kind)
    found = 0
    for name in dir(cls):
        for base in cls.__mro__:
            method = vars(base).get(name)
            ours = inspect.isfunction(method) and method.__module__.startswith("ccxt_ext.")
            if ours and is_unified(name, inspect.unwrap(method)):
                assert hasattr(method, "guard"), f"{base.__name__}.{name}"
                found += 1
    assert found > 5


# Names that ccxt's venues use for fields of their own, or each in another sense.
OF_VENUES = {
    *("account", "accountId", "accountType", "address", "channel", "clientOid", "code", "cursor", "id"),
    *("interval", "remark"),
    *("limit", "name", "offset", "page", "posSide", "positionId", "recvWindow", "side", "state", "status"),
    *("symbol", "timezone", "orderId", "subaccount_id"),
}


def test_what_ccxt_documents_for_several_venues_is_known():
    counts = {}
    for file in (Path(ccxt.__file__).parent / "async_support").glob("*.py"):
        for name in set(re.findall(rb"\[params\.(\w+)\]", file.read_bytes())):
            counts[name.decode()] = counts.get(name.decode(), 0) + 1
    common = {name for name, count in counts.items() if count >= 4}
    assert len(common) > 25
    assert common - OF_VENUES <= UNIFIED | {CANDLES_OF}


@ids
def test_what_is_declared_is_a_parameter_of_a_method(id):
    exchange = PROFILES[id].kind("sync")()
    for method, names in (*exchange.understands.items(), *exchange.does_anyway.items()):
        assert method.removesuffix("Ws") in exchange.has, method
        assert set(names) <= UNIFIED, method
