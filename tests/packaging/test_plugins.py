"""Venues that others bring: found without an import, in ccxt's modules and ours, beside broken ones."""

import zipfile
from pathlib import Path

import pytest

from benchmarks.entry_points import TARGET, times
from tests.packaging.plugins_on_disk import BROKEN, PLAIN, put, put_acme, put_broken, write

# Python of its own for each program: few programs, each with many questions.
LOOK = """
import sys

def imported():
    return sorted(name for name in sys.modules if name.split(".")[0] in ("ccxt_acme", "broken_ones"))
"""


@pytest.fixture
def run(wheel_install, tmp_path):
    """Runs a program with what was put into `tmp_path` on its path."""

    def run(code, *options, **variables):
        return wheel_install.run(LOOK + code, *options, PYTHONPATH=str(tmp_path), **variables)

    return run


def test_a_plain_class_of_ccxts_is_an_exchange_as_any_other(run, tmp_path):
    put_acme(tmp_path)
    put_broken(tmp_path)
    done = run("""
assert "ccxt_ext.plugins" not in sys.modules and "importlib.metadata" not in sys.modules
import importlib.metadata
distributions, reads = importlib.metadata.distributions, []
importlib.metadata.distributions = lambda: reads.append("read") or distributions()
import ccxt, ccxt.async_support, ccxt.pro
import ccxt_ext, ccxt_ext.async_support, ccxt_ext.pro

pairs = [(ccxt, ccxt_ext), (ccxt.async_support, ccxt_ext.async_support), (ccxt.pro, ccxt_ext.pro)]
for module, ours in pairs:
    assert module.exchanges.count("acme") == 1 and module.exchanges == sorted(module.exchanges)
    assert "acme" in dir(module) and "acme" in module.__all__
    assert ours.exchanges[:5] == sorted(ours.exchanges[:5]) and "acme" in ours.exchanges[5:]
    assert "acme" in dir(ours) and "acme" in ours.__all__
from importlib.util import find_spec
assert find_spec("ccxt_acme") and not imported()

kinds = []
for (module, ours), file in zip(pairs, ("rest_sync", "rest", "stream")):
    given = {}
    exec(f"from {module.__name__} import acme", given)
    exec(f"from {module.__name__}.acme import acme as again", given)
    kind = given["acme"]
    assert kind is given["again"] is module.acme is ours.acme is sys.modules[f"ccxt_acme.{file}"].acme
    assert not any("broken" in name for name in imported())
    exchange = kind({"apiKey": "k"})
    assert (exchange.id, exchange.apiKey, exchange.has["fetchTime"]) == ("acme", "k", True)
    kinds.append(kind)
assert len(set(kinds)) == 3

import importlib
importlib.reload(ccxt)
ccxt_ext.register()
assert not any("broken" in name for name in imported())
assert ccxt.acme is kinds[0] and ccxt.exchanges.count("acme") == 1
assert reads == ["read"]
""")
    assert done.stderr == ""


def test_vars_and_import_star_have_it(run, tmp_path):
    put_acme(tmp_path)
    done = run("""
import ccxt
assert vars(ccxt)["acme"] is ccxt.acme
given = {}
exec("from ccxt import *", given)
assert given["acme"] is ccxt.acme and given["btex"] is ccxt.btex and given["NetworkError"]
exec("from ccxt_ext.pro import *", given)
assert given["acme"].__module__ == "ccxt_acme.stream"
""")
    assert done.stderr == ""


def test_children_have_it(wheel_install, tmp_path):
    put_acme(tmp_path)
    program = tmp_path / "program.py"
    program.write_text("""
import multiprocessing, subprocess, sys

def look(name):
    import ccxt.pro
    return getattr(ccxt.pro, name).__module__

if __name__ == "__main__":
    code = "import ccxt; print(ccxt.acme.__module__)"
    print(subprocess.check_output([sys.executable, "-c", code], text=True).strip())
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.apply(look, ["acme"]))
""")
    done = wheel_install.start(program, PYTHONPATH=str(tmp_path))
    assert (done.stdout.split(), done.stderr) == (["ccxt_acme.rest_sync", "ccxt_acme.stream"], "")


def test_each_broken_one_costs_itself_alone(run, tmp_path):
    put_acme(tmp_path)
    put_broken(tmp_path)
    done = run(f"""
import pickle, warnings
import ccxt, ccxt_ext
reasons = {BROKEN}
assert set(reasons) <= set(ccxt.exchanges)
said = {{}}
for id in ccxt.exchanges:  # as programs do that look at every exchange
    if id in reasons or id in ccxt_ext.exchanges:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            exchange = getattr(ccxt, id)()
            assert getattr(ccxt_ext, id) is getattr(ccxt, id)
        said[id] = [str(warning.message) for warning in caught]
        assert exchange.id == id
assert [id for id, words in said.items() if words] == sorted(reasons), said
for id, reason in reasons.items():
    [words] = said[id]
    assert words.startswith(f"ccxt.{{id}} of broken-ones 1.0 does not work: ") and reason in words, words
    config = {{"apiKey": "k", "markets": 7, "sandbox": True, "options": {{"sandbox": True}}}}
    exchange = getattr(ccxt, id)(config)
    assert id in repr(exchange) and str(exchange) == id
    assert set(exchange.has.values()) == {{False}} and exchange.describe()["has"] == exchange.has
    exchange.set_sandbox_mode(True)
    calls = [exchange.fetch_ticker, exchange.fetchTicker, exchange.load_markets, exchange.loadMarkets,
             exchange.create_order, exchange.createOrder, exchange.cancel_all_orders, exchange.fetchOHLCV,
             exchange.set_leverage, exchange.request, exchange.fetch, exchange.fetch2, exchange.withdraw,
             exchange.public_get_ticker, exchange.publicGetTicker, exchange.v1PrivatePostOrders]
    for call in calls:
        try:
            call("A/B", "limit")
        except ccxt.NotSupported as error:
            assert str(error) == words and (error.__cause__ is not None)
        else:
            raise AssertionError(call)
    assert not hasattr(exchange, "nothing_of_the_kind")
""")
    assert done.stderr == ""


def test_stand_ins_of_async_classes(run, tmp_path):
    put_broken(tmp_path)
    done = run("""
import asyncio, warnings
import ccxt.pro
assert "divides" not in ccxt.pro.exchanges  # which is brought as a sync class alone
async def main(module):
    async with module.absent({"apiKey": "k"}) as exchange:
        assert set(exchange.has.values()) == {False} and repr(exchange) and str(exchange) == "absent"
        for call in (
            exchange.load_markets, exchange.watch_ticker, exchange.watchTicker, exchange.fetch_balance,
            exchange.watch, exchange.un_watch_trades, exchange.create_order_ws, exchange.privateGetX,
        ):
            try:
                await call("A/B")
            except ccxt.BaseError as error:
                assert "of broken-ones 1.0 does not work: ModuleNotFoundError" in str(error)
            else:
                raise AssertionError(call)
    other = module.absent()
    await other.close()
for module in (ccxt.async_support, ccxt.pro):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        module.absent
    asyncio.run(main(module))
""")
    assert done.stderr == ""


def test_one_warning_for_a_broken_one_even_where_warnings_are_errors(run, tmp_path):
    put_broken(tmp_path)
    code = "import ccxt\nfor i in range(3): ccxt.divides()\nimport ccxt_ext; ccxt_ext.divides()\n"
    for options in ((), ("-W", "error")):
        assert run(code, *options).stderr.count("ccxt.divides of broken-ones 1.0 does not work") == 1


WORKING = """
import ccxt
class slow(ccxt.Exchange):
    def describe(self):
        return {**super().describe(), "id": "slow"}
"""


def test_ctrl_c_during_an_import_is_passed_on(run, tmp_path):
    put(tmp_path, "slow", {"sync": {"slow": "slow_one:slow"}}, {"slow_one.py": "raise KeyboardInterrupt"})
    done = run(
        f"""
import ccxt, importlib
try:
    ccxt.slow
except KeyboardInterrupt:
    open({str(tmp_path / "slow_one.py")!r}, "w").write({WORKING!r})
importlib.invalidate_caches()
print(ccxt.slow().id)
"""
    )
    assert (done.stdout, done.stderr) == ("slow\n", "")


def test_ids_that_are_taken(run, tmp_path):
    """One that claims an id of ccxt's, and one that claims an id of ours."""
    put(
        tmp_path,
        "greedy",
        {
            "sync": {"binance": "ccxt_acme.rest_sync:binance", "btex": "ccxt_acme.rest_sync:acme"},
            "async_support": {"binance": "ccxt_acme.rest:binance"},
            "pro": {"bitso": "ccxt_acme.rest:bitso", "test": "ccxt_acme.rest:bitso"},
        },
        {
            **PLAIN,
            "ccxt_acme/rest_sync.py": "import ccxt\nclass binance(ccxt.binance): pass\n",
            "ccxt_acme/rest.py": "import ccxt.async_support\n"
            "class binance(ccxt.async_support.binance): pass\nclass bitso(ccxt.async_support.bitso): pass\n",
        },
    )
    done = run(
        """
import ccxt.pro, ccxt_ext.pro
for module in (ccxt, ccxt.async_support, ccxt.pro):
    assert module.binance.__module__ == f"{module.__name__}.binance"
    assert module.exchanges.count("binance") == 1
assert not hasattr(ccxt.pro, "bitso") and "bitso" not in ccxt.pro.exchanges
assert not imported()
assert ccxt_ext.binance.__module__ == "ccxt_acme.rest_sync" and issubclass(ccxt_ext.binance, ccxt.binance)
assert ccxt_ext.async_support.binance.__module__ == "ccxt_acme.rest"
assert ccxt_ext.pro.bitso.__module__ == "ccxt_acme.rest"
assert ccxt.btex.__module__ == ccxt_ext.btex.__module__ == "ccxt_ext.venues.btex.rest_sync"
assert "test" not in ccxt.pro.exchanges and not hasattr(ccxt.pro, "test")
""",
        "-W",
        "always::RuntimeWarning",
    )
    for words in (
        "ccxt has an exchange 'binance' of its own, which stays in place; greedy's is ccxt_ext.binance",
        "ccxt has an exchange 'bitso' of its own, which stays in place; greedy's is ccxt_ext.bitso",
        "greedy 1.0 brings 'btex' too, which is an id of ccxt-ext's and stays so",
    ):
        assert done.stderr.count(words) == 1, done.stderr


TWO = """
import ccxt.pro, ccxt_ext.pro
homes = (ccxt, ccxt_ext, ccxt.async_support, ccxt_ext.async_support, ccxt.pro, ccxt_ext.pro)
has = [hasattr(module, "acme") for module in homes]
assert has == ["acme" in module.exchanges for module in homes] == ["acme" in dir(module) for module in homes]
"""


def put_two(folder: Path) -> None:
    put_acme(folder, "Ccxt_Acme")
    put(
        folder,
        "acme.too",
        {"sync": {"acme": "acme_too:acme"}},
        {"acme_too.py": "from ccxt_acme.rest_sync import *"},
    )


def test_nobody_has_an_id_that_two_bring(run, tmp_path):
    put_two(tmp_path)
    done = run(
        TWO
        + """
assert not any(has), has
for module in homes:
    try:
        module.acme
    except AttributeError as error:
        assert "Ccxt_Acme 1.0" in str(error) and "acme.too 1.0" in str(error)
        assert "until CCXT_EXT_PLUGINS lets in one of them only" in str(error)
    else:
        raise AssertionError
    try:
        exec(f"from {module.__name__} import acme")
    except ImportError as error:
        assert "Ccxt_Acme 1.0" in str(error) and "acme.too 1.0" in str(error), error
        assert f"from {module.__name__!r}" in str(error)
    else:
        raise AssertionError
try:
    ccxt_ext.register("acme", sync="ccxt_acme.rest_sync:acme")
except ValueError as error:
    assert "Ccxt_Acme 1.0" in str(error) and "acme.too 1.0" in str(error)
else:
    raise AssertionError
"""
    )
    assert done.stderr.count("'acme' is left out: ") == 1, done.stderr


@pytest.mark.parametrize("choice, kinds", [("ccxt.acme", "ssaapp"), ("somebody, Acme-Too", "ss")])
def test_the_choice_holds_for_all_kinds(run, tmp_path, choice, kinds):
    """So that REST and streams never come from two."""
    put_two(tmp_path)
    has = [kind in kinds for kind in "ssaapp"]
    done = run(TWO + f"assert has == {has}, has\nassert ccxt.btex().id == 'btex'", CCXT_EXT_PLUGINS=choice)
    assert done.stderr == ""


def test_in_a_zip_file_and_beside_odd_metadata(run, tmp_path):
    put_acme(tmp_path / "zipped")
    with zipfile.ZipFile(tmp_path / "acme.zip", "w") as packed:
        for path in (tmp_path / "zipped").rglob("*"):
            if path.is_file():
                packed.write(path, path.relative_to(tmp_path / "zipped"))
    odd = tmp_path / "odd"
    # Of two that have one name, the first one on the path counts, even if it brings nothing.
    put(odd, "Twice", {})
    put(tmp_path / "behind", "twice", {"sync": {"hidden": "ccxt_acme.rest_sync:acme"}})
    (put(odd, "no-name", {"sync": {"nobodys": "a:b"}}) / "METADATA").unlink()
    (put(odd, "no-pair", {}) / "entry_points.txt").write_text("[ccxt_ext.sync]\nnothing but words\n")
    (put(odd, "no-text", {}) / "entry_points.txt").write_bytes(b"[ccxt_ext.sync]\nacme = \xff\n")
    put(odd, "odd-ids", {"sync": {"my-acme": "a:b", "venue": "a:b", "class": "a:b", "_x": "a:b"}})
    put(odd, "other-groups", {"later": {"acme": "a:b"}})
    done = run(
        f"""
sys.path[1:1] = [{str(tmp_path / "acme.zip")!r}, {str(odd)!r}, {str(tmp_path / "behind")!r}]
import ccxt, ccxt_ext.plugins
assert "acme.zip" in sys.modules[ccxt.acme.__module__].__file__
assert ccxt_ext.plugins.ids()[5:] == ["acme"], ccxt_ext.plugins.ids()
"""
    )
    assert done.stderr.count("entry_points.txt in") == 3, done.stderr
    for id in ("my-acme", "venue", "class", "_x"):
        assert done.stderr.count(f"odd-ids 1.0 brings {id!r}, which is") == 1, done.stderr


def test_register_before_and_after_ccxt(run, tmp_path):
    write(tmp_path, PLAIN)
    done = run(
        """
import ccxt_ext
ccxt_ext.register("acme", sync="ccxt_acme.rest_sync:acme", async_support="ccxt_acme.rest:acme")
assert "ccxt" not in sys.modules and "acme" in ccxt_ext.exchanges and not imported()
import ccxt
assert "acme" in ccxt.exchanges and not imported()
assert ccxt.acme is ccxt_ext.acme and ccxt.acme.__module__ == "ccxt_acme.rest_sync"

class mine(ccxt.Exchange):
    def describe(self):
        return {**super().describe(), "id": "mine"}

import ccxt.async_support
for again in range(2):
    ccxt_ext.register("mine", sync=mine)
    ccxt_ext.register("acme", sync="ccxt_acme.rest_sync:acme", async_support="ccxt_acme.rest:acme")
from ccxt import mine as found
assert found is mine is ccxt_ext.mine and ccxt.exchanges.count("mine") == 1 and "mine" in ccxt_ext.__all__
assert "mine" not in ccxt.async_support.exchanges and ccxt.async_support.acme

before = ccxt_ext.exchanges
for id, given, error, words in (
    ("acme", {"sync": mine}, ValueError, "taken by register()"),
    ("btex", {"sync": mine}, ValueError, "taken by ccxt-ext"),
    ("venue", {"sync": mine}, ValueError, "a name of ccxt-ext's own"),
    ("other", {}, ValueError, "at least one"),
    ("other", {"pro": "no target"}, TypeError, "module:name"),
    ("other", {"sync": 7}, TypeError, "module:name"),
    (None, {"sync": mine}, TypeError, "id"),
):
    try:
        ccxt_ext.register(id, **given)
    except error as raised:
        assert words in str(raised), raised
    else:
        raise AssertionError(id)
assert ccxt_ext.exchanges == before
ccxt_ext.register("binance", sync=mine)
assert ccxt.binance.__module__ == "ccxt.binance"
""",
        CCXT_EXT_PLUGINS="none",
    )
    [line] = [line for line in done.stderr.splitlines() if "RuntimeWarning" in line]
    assert "ccxt has an exchange 'binance' of its own, which stays in place" in line


def test_looking_for_plugins_costs_little_of_ccxts_own_import():
    """In an environment of 300 distributions. The least of some rounds, as others use the machine too."""
    assert min(added / own for own, added in times(5)) <= TARGET
