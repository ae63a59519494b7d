"""What programs find when they look at a class: methods take what ccxt's take, those that refuse as well."""

import inspect

import ccxt
import ccxt.async_support
import pytest

import ccxt_ext
import ccxt_ext.async_support
import ccxt_ext.pro

HOMES = {
    "sync": (ccxt_ext, ccxt.Exchange),
    "async": (ccxt_ext.async_support, ccxt.async_support.Exchange),
    "pro": (ccxt_ext.pro, ccxt.async_support.Exchange),
}
classes = pytest.mark.parametrize(
    ("kind", "ccxts"),
    [(getattr(home, id), ccxts) for home, ccxts in HOMES.values() for id in ccxt_ext.exchanges],
    ids=[f"{name}-{id}" for name in HOMES for id in ccxt_ext.exchanges],
)


# The methods that programs call, and not those that ccxt does.
CALLED = ("cancel_", "close_", "create_", "edit_", "fetch_", "load_", "set_", "un_watch_", "watch_")


def shared(kind, ccxts):
    """The methods of ccxt's that the class has otherwise."""
    for name in dir(ccxts):
        own, theirs = inspect.getattr_static(kind, name), inspect.getattr_static(ccxts, name)
        if not name.startswith("_") and callable(getattr(ccxts, name)) and own is not theirs:
            yield name, getattr(kind, name), getattr(ccxts, name)


@classes
def test_what_refuses_shows_what_ccxts_method_takes(kind, ccxts):
    refusing = [(own, theirs) for _, own, theirs in shared(kind, ccxts) if hasattr(own, "refuses")]
    assert refusing
    for own, theirs in refusing:
        assert inspect.signature(own) == inspect.signature(theirs)
        assert inspect.iscoroutinefunction(own) == (kind.synchronous is False)
    one = kind.fetch_ledger
    assert (one.__name__, str(inspect.signature(one))) == (
        "fetch_ledger",
        str(inspect.signature(ccxts.fetch_ledger)),
    )


@classes
def test_what_is_otherwise_takes_what_ccxts_takes(kind, ccxts):
    differing = {}
    for name, own, theirs in shared(kind, ccxts):
        names = [p.name for p in inspect.signature(theirs).parameters.values() if p.kind is not p.VAR_KEYWORD]
        if name.startswith(CALLED) and list(inspect.signature(own).parameters)[: len(names)] != names:
            differing[name] = (str(inspect.signature(own)), str(inspect.signature(theirs)))
    assert not differing


@classes
def test_ccxts_tools_do_what_they_do_in_ccxt(kind, ccxts):
    exchange = kind()
    assert exchange.decode(b"text") == "text" and exchange.encode("text") == b"text"
    assert exchange.base64_to_string("dGV4dA==") == "text"
