"""The cases of the conformance suite that need no protocol, over simulated exchanges."""

import re
import subprocess
import sys

import pytest

LIFE = ("3.1-", "3.2-", "3.3-", "3.4-", "3.5-", "3.6-", "3.7-", "3.8-", "3.9-", "3.10-")
PRECISION = ("4.20-", "4.21-", "4.23-")
KINDS_OF_ORDERS = ("9.13-", "9.14-", "9.15-")
CANDLES = ("10.20-", "10.21-")
STREAMS = ("8.2-", "8.8-")
CONTRACTS = ("11.10-", "11.12-", "11.15-")

CHOSEN = {
    "binance": (*LIFE, *PRECISION, *KINDS_OF_ORDERS, *CANDLES, *STREAMS),
    "binanceusdm": ("3.1-", "3.2-", "4.23-", *CONTRACTS),
    "kraken": ("3.1-", "3.2-", "3.3-", "4.20-"),
}


@pytest.mark.parametrize("id", CHOSEN)
def test_cases_that_need_no_protocol_pass(id, tmp_path):
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-p"]
    command += ["tests.simulated.lookalikes", "--pyargs", "ccxt_ext.testing.conformance"]
    chosen = f"({' or '.join(CHOSEN[id])}) and not 13."
    command += ["--ccxt-venue", f"like{id}", "-k", chosen, "-rN", "--tb=short"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    assert int(passed) >= len(CHOSEN[id])
