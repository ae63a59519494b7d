"""After `pip install ccxt-ext`, ccxt.pro has the streaming classes."""

import pytest

from tests.ids import PRO_IDS

# Python of its own for each program, in which ccxt.pro alone takes a second or two to import: few programs.
LOOK = """
import sys

def venues():
    return {name.split(".")[2] for name in sys.modules if name.startswith("ccxt_ext.venues.")}
"""


def test_pro_has_each_venue_with_streams(installed):
    done = installed.run(
        LOOK
        + f"""
import ccxt.pro
assert not venues() and "ccxt_ext.venue" not in sys.modules
ids = {PRO_IDS}
assert ccxt.pro.exchanges == sorted(set(ccxt.pro.exchanges))
assert set(ids) <= set(ccxt.pro.exchanges) & set(ccxt.pro.__all__) & set(dir(ccxt.pro))
assert not venues()

seen = set()
for id in sorted(ids, key="bitexbit".__eq__):
    assert "socketio" not in sys.modules and "engineio" not in sys.modules  # which only this one needs
    given = {{}}
    exec(f"from ccxt.pro import {{id}}", given)
    seen.add(id)
    assert venues() == seen  # and no other
    kind = given[id]
    exec(f"from ccxt.pro.{{id}} import {{id}} as again", given)
    assert kind is given["again"] is getattr(ccxt.pro, id)
    assert kind.__module__ == f"ccxt_ext.venues.{{id}}.stream"
    import ccxt.async_support
    assert issubclass(kind, getattr(ccxt.async_support, id)) and kind is not getattr(ccxt.async_support, id)
    exchange = kind()
    assert (exchange.id, exchange.describe()["pro"], exchange.has["ws"]) == (id, True, True)
    assert exchange.has["watchOrderBook"] and hasattr(exchange, "watchOrderBook")

given = {{}}
exec("from ccxt.pro import *", given)
assert all(given[id] is getattr(ccxt.pro, id) for id in ids)
assert given["binance"] is ccxt.pro.binance and given["NetworkError"] is ccxt.NetworkError

import ccxt_ext.pro
assert ccxt_ext.pro.exchanges == list(ids)
assert all(getattr(ccxt_ext.pro, id) is getattr(ccxt.pro, id) for id in ids)
"""
    )
    assert done.stderr == ""


def test_ccxt_ext_pro_alone_imports_no_venue_until_asked(wheel_install):
    wheel_install.run(
        LOOK
        + f"""
import ccxt_ext.pro
assert not venues()
for id in {PRO_IDS}:
    assert getattr(ccxt_ext.pro, id).__name__ == id
    assert "ccxt.pro" not in sys.modules
    assert id in venues() and id in dir(ccxt_ext.pro)
from ccxt_ext.pro import *
assert btex is ccxt_ext.pro.btex
"""
    )


def test_pro_lacks_a_venue_without_streams(changed):
    entry_points = """
        [ccxt_ext.sync]
        bitmart2 = ccxt_ext.venues.bitmart2.rest_sync:bitmart2
        btex = ccxt_ext.venues.btex.rest_sync:btex
        [ccxt_ext.pro]
        btex = ccxt_ext.venues.btex.stream:btex
    """
    environment = changed({"ccxt_ext-*.dist-info/entry_points.txt": entry_points})
    environment.run("""
        import ccxt.pro, ccxt_ext.pro
        assert "btex" in ccxt.pro.exchanges and ccxt.pro.btex.__name__ == "btex"
        assert "bitmart2" in ccxt.exchanges
        for module in (ccxt.pro, ccxt_ext.pro):
            assert "bitmart2" not in module.exchanges and not hasattr(module, "bitmart2")
    """)


def test_children_have_the_streaming_classes(wheel_install, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(f"""
import multiprocessing, subprocess, sys

def look(ids):
    import ccxt.pro
    return [getattr(ccxt.pro, id).__module__ for id in ids]

if __name__ == "__main__":
    ids = {PRO_IDS}
    expected = [f"ccxt_ext.venues.{{id}}.stream" for id in ids]
    code = "import sys, ccxt.pro; print(*(getattr(ccxt.pro, id).__module__ for id in sys.argv[1:]))"
    assert subprocess.check_output([sys.executable, "-c", code, *ids], text=True).split() == expected
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(look, [ids]) == expected
    print("both")
""")
    done = wheel_install.start(program)
    assert (done.stdout, done.stderr) == ("both\n", "")


@pytest.mark.parametrize("first, last", [("ccxt.pro", "ccxt_ext"), ("ccxt_ext", "ccxt.pro")])
def test_autoload_switched_off(wheel_install, first, last):
    wheel_install.run(
        f"""
        import sys
        import {first}
        if "ccxt.pro" in sys.modules:
            assert not any(name.startswith("ccxt_ext") for name in sys.modules)
            assert not set(ccxt.pro.exchanges) & set({PRO_IDS}) and not hasattr(ccxt.pro, "btex")
        import {last}
        import ccxt_ext.pro
        for id in {PRO_IDS}:
            assert id in ccxt.pro.exchanges and getattr(ccxt.pro, id) is getattr(ccxt_ext.pro, id)
        """,
        CCXT_EXT_AUTOLOAD="0",
    )
