"""ccxt's own tests of streaming exchanges, run by its own runner against a sandbox in which there is trade.

Each of them watches for 15 seconds; here, for a hundredth of that, and one update at least. What has to
be skipped is listed in skips_pro.json, with the reason.
"""

import json
import re
import threading
import time
from pathlib import Path

import pytest

import ccxt_ext
import ccxt_ext.pro
from ccxt_ext.sandbox import Sandbox
from tests.ccxt_suite.ccxt_copy import INSTALLED, Checkout
from tests.ids import PRO_IDS

SKIPS = json.loads(Path(__file__).with_name("skips_pro.json").read_text())

# What the runner asks of a streaming exchange and has a test for.
ASKED = {
    path.stem.removeprefix("test_watch_")
    for path in (INSTALLED / "pro" / "test" / "Exchange").glob("test_watch_*")
}


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(seed=1) as sandbox:
        yield sandbox


pytestmark = pytest.mark.timeout(300)


# Of each market. More than are taken before the runner's time is over: without trade, it would wait for ever.
ALL_BITES = 1500
# How many there are to an order. btex takes no larger one; bitexbit does not tell what was filled of one
# before it is done, so that its watchers would wait for the last of all.
BITES = {"btex": 500, "bitexbit": 10}


# The market that is watched, and in which others trade meanwhile.
PREFERRED = ("preferredSpotSymbol", "preferredSwapSymbol")


class Nibbler(threading.Thread):
    """Takes a little of orders of the account that watches, again and again: news of all kinds."""

    def __init__(self, sandbox, id, symbols):
        super().__init__()
        self.over = threading.Event()
        self.failure = None
        maker = getattr(ccxt_ext, id)(sandbox.config(id))
        self.taker = getattr(ccxt_ext, id)(sandbox.config(id, "counterparty"))
        self.taker.load_markets()
        maker.load_markets()
        # ccxt watches a second symbol beside these, and one of its releases wants news of both.
        others = [symbol.replace("BTC", "ETH") for symbol in symbols]
        traded = [*symbols, *(symbol for symbol in others if symbol in maker.markets)]
        self.bites = [(symbol, *self.rest(maker, symbol)) for symbol in dict.fromkeys(traded)]

    def rest(self, maker, symbol):
        """Place orders at the very top, just below the best that is asked, so that they are met first."""
        market = maker.market(symbol)
        price = maker.fetch_order_book(symbol)["asks"][0][0] - market["precision"]["price"]
        bite = 2 * max(market["limits"]["amount"]["min"] or 0, market["precision"]["amount"])
        while bite * price * 0.9 < ((market["limits"].get("cost") or {}).get("min") or 0):
            bite *= 2
        bites = BITES.get(maker.id, ALL_BITES)
        for _ in range(ALL_BITES // bites):
            maker.create_order(symbol, "limit", "sell", bite * bites, price)
        return bite, price

    def run(self):
        try:
            while not self.over.is_set():
                for symbol, bite, price in self.bites:
                    self.taker.create_order(symbol, "limit", "buy", bite, price)
                    time.sleep(0.04)
        except Exception as error:
            self.failure = error


def checkout_of_streams(root):
    checkout = Checkout(root, apart=("pro",))
    package = checkout.package / "pro"
    package.mkdir()
    for child in (INSTALLED / "pro").iterdir():
        if child.name != "test":
            (package / child.name).symlink_to(child)
    for source in (INSTALLED / "pro" / "test").rglob("*.py"):
        target = package / "test" / source.relative_to(INSTALLED / "pro" / "test")
        target.parent.mkdir(parents=True, exist_ok=True)
        # Of its tests' times a hundredth is enough; but a tenth where they wait for news of two symbols.
        zeros = 1 if source.name == "test_watch_trades_for_symbols.py" else 2
        text = re.sub(rf"((?:ends|deadline) = \w+ \+ \d+?)0{{{zeros}}}\b", r"\1", source.read_text())
        target.write_text(text)
    return checkout


def snake(name):
    return re.sub(r"([A-Z])", r"_\1", name.replace("OHLCV", "Ohlcv")).lower().removeprefix("watch_")


def lines(output, label):
    return {snake(name) for name in re.findall(rf"^\[INFO\] {label} +\w+ (watch\w+)", output, re.MULTILINE)}


@pytest.mark.parametrize("id", PRO_IDS)
def test_ccxts_tests_of_streams(sandbox, tmp_path, id):
    has = getattr(ccxt_ext.pro, id)().has
    own = {"skipMethods": {}, **SKIPS.get(id, {})}
    if has["watchOrderBook"] == "emulated":
        # ccxt's runner takes that for no, here alone; watchOrderBookForSymbols is the same.
        own["skipMethods"] = {**own["skipMethods"], "watchOrderBook": "it is polled"}
    skips = {id: own}
    symbols = [own[name] for name in PREFERRED if name in own]
    assert symbols, f"skips_pro.json has no {' or '.join(PREFERRED)} of {id}: nobody would trade there"
    checkout = checkout_of_streams(tmp_path)
    config = sandbox.config(id)
    config["options"] = {**config.get("options", {}), "polling": {"interval": 100}}
    (tmp_path / "keys.json").write_text(json.dumps({id: config}))
    (tmp_path / "skip-tests.json").write_text(json.dumps(skips))
    nibbler = Nibbler(sandbox, id, symbols)
    nibbler.start()
    try:
        result = checkout.run([id], "--ws", "--private", "--fundedTests", "--info")[id]
    finally:
        nibbler.over.set()
        nibbler.join()
    assert nibbler.failure is None, nibbler.failure
    output = result.stdout
    assert result.returncode == 0, output[-3000:] + result.stderr[-3000:]
    assert "[TEST_FAILURE]" not in output, output[-5000:]
    assert "[TEST_WARNING]" not in output, output[-5000:]
    skipped = {
        snake(name) for name in skips[id]["skipMethods"] if isinstance(skips[id]["skipMethods"][name], str)
    }
    able = {snake(name) for name, value in has.items() if name.startswith("watch") and value}
    assert able & ASKED - skipped - lines(output, "TESTING DONE") == set()
    assert skipped <= ASKED
