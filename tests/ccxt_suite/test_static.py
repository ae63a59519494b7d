"""Our fixtures in ccxt's own format, run by the runner inside the installed ccxt."""

import inspect
import json
import re
import shutil
from pathlib import Path

import ccxt
import ccxt.pro
import pytest

from ccxt_ext.testing.ccxt_copy import Checkout
from tests.ids import IDS

STATIC = Path(__file__).parent.parent / "static"

# Entries of `has` that are no methods.
NOT_CALLED = {
    "spot",
    "swap",
    "future",
    "margin",
    "option",
    "publicAPI",
    "privateAPI",
    "CORS",
    "ws",
    "sandbox",
}


# Venues with fixtures of their streams.
STREAMED = [id for id in IDS if (STATIC / "ws" / f"{id}.json").exists()]


pytestmark = pytest.mark.timeout(300)  # what one test asks for is done for all venues


def fixture(kind, id):
    return json.loads((STATIC / kind / f"{id}.json").read_text())


def made_checkout(root):
    made = Checkout(root)
    for kind in ("request", "response", "ws", "markets", "currencies"):
        shutil.copytree(STATIC / kind, made.static / kind)
    return made


@pytest.fixture
def checkout(tmp_path):
    return made_checkout(tmp_path)


def run(checkout, flavour, ids, *kinds):
    flags = [f"--{kind}Tests" for kind in kinds]
    return checkout.run(ids, *(["--sync"] if flavour == "sync" else []), *flags)


@pytest.fixture(scope="module", params=["sync", "async"])
def of_fixtures(request, tmp_path_factory):
    """What the runner tells of all venues."""
    return run(made_checkout(tmp_path_factory.mktemp("ccxt")), request.param, IDS, "request", "response")


@pytest.fixture(scope="module")
def of_streams(tmp_path_factory):
    return run(made_checkout(tmp_path_factory.mktemp("ccxt")), "async", STREAMED, "ws")


@pytest.mark.parametrize("id", IDS)
def test_fixtures(of_fixtures, id):
    result = of_fixtures[id]
    assert result.returncode == 0, result.stdout + result.stderr
    assert "[TEST_FAILURE]" not in result.stdout
    for kind in ("request", "response"):
        cases = sum(len(cases) for cases in fixture(kind, id)["methods"].values())
        assert f"[TEST_SUCCESS] {cases} static {kind} tests passed" in result.stdout


@pytest.mark.parametrize("id", STREAMED)
def test_streams(of_streams, id):
    result = of_streams[id]
    if not runner_knows("wsTests"):
        assert "unrecognized arguments: --wsTests" in result.stderr
        return
    assert result.returncode == 0, result.stdout + result.stderr
    assert "[TEST_FAILURE]" not in result.stdout
    cases = sum(len(cases) for cases in fixture("ws", id)["methods"].values())
    assert f"[TEST_SUCCESS] {cases} static ws tests passed" in result.stdout


def spoil(checkout, kind, method, id="bitmart2", **changes):
    content = fixture(kind, id)
    content["methods"] = {method: content["methods"][method]}
    content["methods"][method][0].update(changes)
    (checkout.static / kind / f"{id}.json").write_text(json.dumps(content))


@pytest.mark.parametrize(
    ("kind", "method", "changes"),
    [
        ("request", "createOrder", {"output": '{"symbol":"BMX_ETH","amount":2,"price":1,"side":"buy"}'}),
        ("request", "fetchTicker", {"url": "https://openapi.bitmart.com/v2/ticker?symbol=ETH_BTC"}),
        ("response", "fetchTime", {"parsedResponse": 1}),
    ],
)
def test_a_wrong_fixture_is_noticed(checkout, kind, method, changes):
    spoil(checkout, kind, method, **changes)
    result = run(checkout, "sync", ["bitmart2"], kind)["bitmart2"]
    assert result.returncode != 0
    assert re.search(rf"\[TEST_FAILURE\].*{method}", result.stdout)


def test_a_wrong_header_is_noticed(checkout):
    spoil(checkout, "request", "cancelOrder", headers={"X-BM-SIGNATURE": "0" * 64})
    result = run(checkout, "async", ["bitmart2"], "request")["bitmart2"]
    assert (result.returncode != 0) is runner_knows("header mismatch")


@pytest.mark.parametrize(
    ("method", "changes"),
    [
        ("watchOrders", {"parsedResponse": [], "parsedResponses": [[]]}),
        ("cancelAllOrdersWs", {"sentMessages": []}),
    ],
)
def test_a_wrong_fixture_of_a_stream_is_noticed(checkout, method, changes):
    spoil(checkout, "ws", method, "bitmaxfutures", **changes)
    result = run(checkout, "async", ["bitmaxfutures"], "ws")["bitmaxfutures"]
    assert result.returncode != 0
    assert ("[TEST_FAILURE]" in result.stdout) is runner_knows("wsTests")


def runner_knows(what):
    """Older releases of ccxt have a runner that does not know of headers, or of streams."""
    source = inspect.getsourcefile(ccxt).replace("__init__.py", "test/tests_async.py")
    with open(source, encoding="utf-8") as file:
        return what in file.read()


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("kind", ["request", "response"])
def test_every_unified_method_has_a_fixture(id, kind):
    has = getattr(ccxt, id)().has
    able = {name for name, value in has.items() if value and name not in NOT_CALLED}
    if kind == "request":
        # What is emulated may do with no request at all.
        able = {name for name in able if has[name] != "emulated"}
    assert able - set(fixture(kind, id)["methods"]) == set()


@pytest.mark.parametrize("id", STREAMED)
def test_everything_that_is_streamed_has_a_fixture(id):
    has = getattr(ccxt.pro, id)().has
    able = {name for name, value in has.items() if value is True and re.fullmatch("watch.*|.*Ws", name)}
    assert able - set(fixture("ws", id)["methods"]) == set()
