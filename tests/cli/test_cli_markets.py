"""`ccxt-ext markets`: of a sandbox, of an exchange of ccxt's own on this machine, and wrong use."""

import json
import threading
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer

import pytest

from tests.cli.cli_helpers import run, run_here

PRODUCTS = [
    {
        "id": "BTC-USD",
        "base_currency": "BTC",
        "quote_currency": "USD",
        "quote_increment": "0.01",
        "base_increment": "0.00000001",
        "display_name": "BTC/USD",
        "min_market_funds": "1",
        "status": "online",
        "trading_disabled": False,
        "token": "shown",
    }
]


@pytest.fixture
def coinbase(tmp_path):
    """What an exchange of ccxt's asks for, on this machine, and the configuration that leads there."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = json.dumps(PRODUCTS if self.path == "/products" else []).encode()
            self.send_response(200 if self.path in ("/products", "/currencies") else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = TCPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    file = tmp_path / "config.json"
    file.write_text(json.dumps({"urls": {"api": {"public": address, "private": address}}}))
    yield str(file)
    server.shutdown()
    thread.join()
    server.server_close()


def test_markets_of_an_exchange_of_ccxts_own(coinbase):
    done = run("markets", "coinbaseexchange", "--config", coinbase)
    assert (done.returncode, done.stderr) == (0, "")
    market = json.loads(done.stdout)["BTC/USD"]
    assert market["id"] == "BTC-USD" and market["precision"]["price"] == 0.01
    assert market["info"] == PRODUCTS[0]


def test_markets_of_a_sandbox_and_only_some():
    done = run_here("markets", "bitmart2", "BTC/USDT", "--sandbox")
    assert done.returncode == 0
    assert list(json.loads(done.stdout)) == ["BTC/USDT"]


def test_what_is_written_is_what_a_simulated_exchange_has(coinbase, tmp_path):
    from ccxt_ext.sandbox import Sandbox
    from ccxt_ext.testing.simulated import make

    file = tmp_path / "markets.json"
    file.write_text(run_here("markets", "coinbaseexchange", "--config", coinbase).stdout)
    with Sandbox(venues=[], simulated=["somewhere"]) as box:
        exchange = make(box, "coinbaseexchange", "sync", markets=file)
        assert exchange.load_markets() == json.loads(file.read_text())
        assert exchange.create_order("BTC/USD", "limit", "buy", 0.1, 100.001)["price"] == 100


def test_an_error_of_ccxts_is_one_line(tmp_path):
    file = tmp_path / "config.json"
    file.write_text('{"urls": {"api": {"public": "http://127.0.0.1:1"}}, "timeout": 500}')
    done = run_here("markets", "coinbaseexchange", "--config", str(file))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(("NetworkError: ", "ExchangeNotAvailable: "))
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "unknown exchange 'nobody'"),
        (["binance", "--sandbox"], "unknown venue 'binance'"),
        (["bitmart2", "X/Y", "--sandbox"], "bitmart2 has no market X/Y"),
        (["bitmart2", "--sandbox", "--config", "x.json"], "exclude each other"),
        (["binance", "--config", "missing.json"], "cannot read missing.json"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments, words):
    done = run_here("markets", *arguments)
    assert done.returncode == 2 and words in done.stderr and done.stderr.count("\n") == 1
    assert done.stderr.startswith("ccxt-ext markets: ")
