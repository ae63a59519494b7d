"""`ccxt-ext call` with what goes over a stream: one update as JSON, or one line why not."""

import json
import re
import signal
import subprocess
import time

import pytest

from ccxt_ext.cli import main
from ccxt_ext.cli.call import LEFT, STREAMED, WATCHED
from ccxt_ext.sandbox import Sandbox
from tests.cli.cli_helpers import COMMAND, environment


@pytest.fixture(scope="module")
def box():
    with Sandbox(["bitmart2", "btex", "bitmaxfutures"], seed=1) as sandbox:
        yield sandbox


@pytest.fixture
def call(box, tmp_path, capsys):
    """The command in this process, which is quicker: its exit code, and what it says."""

    def call(id, *arguments):
        file = tmp_path / f"{id}.json"
        file.write_text(json.dumps(box.config(id)))
        code = main(["call", "--config", str(file), id, *arguments])
        return code, *capsys.readouterr()

    return call


@pytest.mark.parametrize(
    "id, method, symbol",
    [
        ("bitmart2", "watchOrderBook", "BTC/USDT"),
        ("bitmart2", "watch_order_book", "BTC/USDT"),
        ("btex", "watchOrderBook", "BTC/USD:BTC"),  # polled
    ],
)
def test_the_first_update_is_json(call, box, id, method, symbol):
    code, out, err = call(id, method, symbol, "2")
    assert (code, err, out.count("\n")) == (0, "", 1)
    book = json.loads(out)
    assert book["symbol"] == symbol and len(book["bids"]) == len(book["asks"]) == 2


def test_a_private_stream(call):
    code, out, err = call("bitmaxfutures", "watchBalance")
    assert (code, err) == (0, "")
    assert json.loads(out)["USDT"]["total"] > 0


def test_a_request_over_the_socket(call, box):
    code, out, err = call("bitmaxfutures", "createOrderWs", "XRP/USDT:USDT", "limit", "buy", "10", "0.3")
    assert (code, err) == (0, "")
    id = json.loads(out)["id"]
    assert id in [order["id"] for order in box.control("GET", "/orders?venue=bitmaxfutures")]


def test_no_news_is_one_line(call):
    code, out, err = call("bitmart2", "watchMyTrades", "BTC/USDT", "--timeout", "0.3")
    assert (code, out, err) == (1, "", "RequestTimeout: bitmart2 there was no news for 0.3 s\n")


@pytest.mark.parametrize(
    "method, arguments, code, told",
    [
        ("watchTicker", ["NO/PE"], 1, "BadSymbol: bitmart2 "),
        ("watchPositions", [], 1, "NotSupported: bitmart2 watchPositions"),
        ("createOrderWs", ["BTC/USDT", "limit", "buy", "1", "1"], 1, "NotSupported: bitmart2 createOrderWs"),
        ("watchTicker", [], 2, "ccxt-ext call: watchTicker("),
        ("watchNothing", [], 2, "ccxt-ext call: bitmart2 has no method 'watchNothing'"),
        ("unWatchTicker", ["BTC/USDT"], 2, "ccxt-ext call: unWatchTicker ends what the same program watches"),
    ],
)
def test_what_cannot_be_is_one_line(call, method, arguments, code, told):
    ended, out, err = call("bitmart2", method, *arguments)
    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert err.startswith(told)


def test_ctrl_c_ends_the_waiting(box, tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(box.config("bitmart2")))
    asked = len(box.control("GET", "/requests?venue=bitmart2"))
    process = subprocess.Popen(
        [*COMMAND, "call", "--config", str(file), "--timeout", "0", "bitmart2", "watchMyTrades", "BTC/USDT"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        deadline = time.monotonic() + 30
        while not any(
            request["path"] == "/v2/trades"
            for request in box.control("GET", "/requests?venue=bitmart2")[asked:]
        ):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("", "")
        assert process.returncode == 130
    finally:
        process.kill()
        process.communicate()


def test_what_goes_over_a_connection_is_known_by_its_name():
    streamed = {
        "watchTicker": WATCHED,
        "watch_ohlcv": WATCHED,
        "unWatchTicker": LEFT,
        "un_watch_ticker": LEFT,
        "createOrderWs": None,
        "create_order_ws": None,
    }
    for name, kind in streamed.items():
        assert STREAMED.fullmatch(name)
        kinds: list[re.Pattern[str]] = [other for other in (WATCHED, LEFT) if other.fullmatch(name)]
        assert kinds == ([kind] if kind else [])
    for name in ("fetchTicker", "v1PostWithdraws", "v1_post_withdraws", "parseWsTicker", "unwrap"):
        assert not STREAMED.fullmatch(name)
