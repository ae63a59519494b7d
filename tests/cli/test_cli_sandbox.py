import json
import signal
import subprocess

import ccxt
import pytest
from cli_helpers import COMMAND, PATIENCE_S, environment, run


def start(*arguments):
    return subprocess.Popen(
        [*COMMAND, "sandbox", "--json", *arguments],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal_and_stops_cleanly(number):
    process = start()
    told = json.loads(process.stdout.readline())
    exchange = ccxt.bitmart2(told["venues"]["bitmart2"]["config"])
    assert exchange.fetch_balance()["total"]["BTC"] > 0
    process.send_signal(number)
    assert process.communicate(timeout=PATIENCE_S) == ("", "")
    assert process.returncode == 0


def test_options_reach_the_sandbox():
    process = start("--seed", "7", "--limits", "venue", "--venue", "bitmart2")
    told = json.loads(process.stdout.readline())
    assert told["venues"]["bitmart2"]["config"]["rateLimit"] == 667
    exchange = ccxt.bitmart2({**told["venues"]["bitmart2"]["config"], "enableRateLimit": False})
    volume = exchange.fetch_ticker("BTC/USDT")["baseVolume"]
    process.terminate()
    process.communicate(timeout=PATIENCE_S)

    same = json.loads(run("call", "--sandbox", "--seed", "7", "bitmart2", "fetch_ticker", "BTC/USDT").stdout)
    other = json.loads(run("call", "--sandbox", "--seed", "8", "bitmart2", "fetch_ticker", "BTC/USDT").stdout)
    assert same["baseVolume"] == volume != other["baseVolume"]


def test_a_port_in_use_is_one_line():
    process = start()
    port = json.loads(process.stdout.readline())["control"].rpartition(":")[2]
    done = run("sandbox", "--port", port)
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and port in done.stderr
