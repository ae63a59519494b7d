import json
import signal
import subprocess
from contextlib import contextmanager

import ccxt
import pytest

from tests.cli.cli_helpers import COMMAND, PATIENCE_S, environment, run


@contextmanager
def serving(*arguments):
    """A sandbox and what it told when it was ready."""
    command = [*COMMAND, "sandbox", "--json", *arguments]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_stops_cleanly(number):
    with serving() as (process, told):
        exchange = ccxt.bitmart2(told["venues"]["bitmart2"]["config"])
        assert exchange.fetch_balance()["total"]["BTC"] > 0
        process.send_signal(number)
        assert process.communicate(timeout=PATIENCE_S) == ("", "")
        assert process.returncode == 0


def test_options_reach_the_sandbox():
    with serving("--seed", "7", "--limits", "venue", "--venue", "bitmart2") as (_, told):
        config = told["venues"]["bitmart2"]["config"]
        assert config["rateLimit"] == 667
        volume = ccxt.bitmart2({**config, "enableRateLimit": False}).fetch_ticker("BTC/USDT")["baseVolume"]

    same = json.loads(run("call", "--sandbox", "--seed", "7", "bitmart2", "fetch_ticker", "BTC/USDT").stdout)
    other = json.loads(run("call", "--sandbox", "--seed", "8", "bitmart2", "fetch_ticker", "BTC/USDT").stdout)
    assert same["baseVolume"] == volume != other["baseVolume"]


def test_a_port_in_use_is_one_line():
    with serving() as (_, told):
        port = told["control"].rpartition(":")[2]
        done = run("sandbox", "--port", port)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and port in done.stderr


def test_options_of_a_venue_reach_it_and_the_config_that_it_gives():
    chosen = {"signature": {"digest": "base64", "separator": ""}, "clockTolerance": 60000}
    words = ("signature.digest=base64", "signature.separator=", "clockTolerance=60000")
    flags = [part for word in words for part in ("--option", f"bitexasia.{word}")]
    with serving("--venue", "bitexasia", *flags) as (_, told):
        config = told["venues"]["bitexasia"]["config"]
        assert config["options"].keys() == {"signature", "sandboxClock"}
        assert config["options"]["signature"] == chosen["signature"]
        assert ccxt.bitexasia(config).fetch_balance()["total"]["BTC"] > 0
        usual = ccxt.bitexasia({**config, "options": {}})
        with pytest.raises(ccxt.AuthenticationError):
            usual.fetch_balance()


@pytest.mark.parametrize("command", [("sandbox",), ("run", "--sandbox")])
def test_an_option_that_makes_no_sense_is_one_line(command):
    after = ("--", "true") if command[0] == "run" else ()
    done = run(*command, "--option", "bitexasia.signature.digest=octal", *after)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "'hex' or 'hexUpper' or 'base64', not 'octal'" in done.stderr


def test_accounts_of_the_command_line_are_served():
    flags = ("--account", "maker:USDT=1000", "--account", "config:USDT=5")
    with serving("--venue", "bitexasia", *flags) as (_, told):
        accounts = told["venues"]["bitexasia"]
        money = {
            name: ccxt.bitexasia(config).fetch_balance()["USDT"]["total"] for name, config in accounts.items()
        }
    assert money == {"config": 5, "counterparty": 5_000_000, "maker": 1000}


def test_accounts_that_make_no_sense_are_one_line():
    for flag, says in (("maker=1", "is no account"), ("maker:XYZ=1", "no venue has XYZ")):
        done = run("sandbox", "--account", flag)
        assert done.returncode == 2
        assert done.stderr.count("\n") == 1 and says in done.stderr


def test_candles_books_and_the_start_reach_it(tmp_path):
    begin, minute = 1_772_323_200_000, 60_000
    file = tmp_path / "candles.csv"
    rows = [[begin + n * minute, 100.004, 101, 99, 100, 1] for n in range(20)]
    file.write_text("\n".join(",".join(map(str, row)) for row in rows))
    arguments = ["--venue", "bitmart2", "--start", "2026-03-01T00:10:00Z", "--clock", "frozen", "--fit"]
    arguments += ["--candles", f"bitmart2:BTC/USDT={file}", "--book", "levels=9"]
    arguments += ["--book", "bitmart2:ETH/USDT=levels=4,width=0.02", "--prices", "common"]
    with serving(*arguments) as (_, told):
        exchange = ccxt.bitmart2(told["venues"]["bitmart2"]["config"])
        assert exchange.fetch_ticker("BTC/USDT")["last"] == 100
        assert exchange.fetch_ohlcv("BTC/USDT", "1m", begin, 10) == [
            [begin + n * minute, 100, 101, 99, 100, 1] for n in range(10)
        ]
        assert len(exchange.fetch_order_book("ETH/USDT")["asks"]) == 4
        assert exchange.fetch_ticker("ETH/USDT")["ask"] == 3151.2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--candles", "BTC/USDT"],
            "'BTC/USDT' gives no candles; that is VENUE:MARKET=FILE, once for each market",
        ),
        (["--candles", "btex:BTC/USDT=/nowhere.csv"], "candles: btex:BTC/USDT: /nowhere.csv: No such file"),
        (["--fit"], "--fit is for --candles"),
        (["--book", "5"], "'5' is no book; they are levels=N,width=SHARE,size=FACTOR"),
        (["--book", "levels=0"], "book: levels must be a whole number from 1 to 1000"),
        (["--book", "btex:BTC/EUR=levels=1"], "book: btex has no market 'BTC/EUR'"),
        (
            ["--start", "noon"],
            "the start: 'noon' is no time; times are milliseconds, or dates such as 2026-03-01",
        ),
        (["--prices", "/nowhere.json"], "/nowhere.json: No such file or directory"),
    ],
)
def test_markets_that_make_no_sense_are_one_line(arguments, said):
    done = run("sandbox", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and said in done.stderr
