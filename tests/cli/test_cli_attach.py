"""Commands that use a sandbox that runs already, in another process."""

import json
import signal
import subprocess
import sys

import pytest

from tests.cli.cli_helpers import COMMAND, PATIENCE_S, environment, run, run_here

BOT = """
import ccxt
exchange = ccxt.bitmart2({"apiKey": "of mine", "secret": "of mine", "uid": "of mine"})
print(exchange.create_order("BTC/USDT", "limit", "buy", 0.01, 8000)["id"])
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A sandbox's process, and the file that it wrote."""
    file = tmp_path_factory.mktemp("served") / "sandbox.json"
    command = [*COMMAND, "sandbox", "--venue", "bitmart2", "--venue", "btex", "--write", str(file)]
    with subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            while "Stop with Ctrl-C." not in process.stdout.readline():
                assert process.poll() is None
            yield file
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=PATIENCE_S)
            assert process.returncode == 0
            assert not file.exists()
        finally:
            process.kill()


def test_programs_trade_in_one_sandbox(served):
    control = json.loads(served.read_text())["control"]
    first = run("run", "--attach", str(served), "--", sys.executable, "-c", BOT)
    assert first.returncode == 0, first.stderr
    assert f"control port {control}" in first.stderr
    assert "closed, as the sandbox does not serve them: bitexasia, bitexbit, bitmaxfutures" in first.stderr
    second = run("run", "--attach", control, "--strict", "--", sys.executable, "-c", BOT)
    assert second.returncode == 0, second.stderr
    seen = run("call", "--attach", control, "bitmart2", "fetch_open_orders", "BTC/USDT")
    assert [order["id"] for order in json.loads(seen.stdout)] == [first.stdout.strip(), second.stdout.strip()]


def test_a_call_uses_it_even_within_another(served):
    inner = [*COMMAND, "call", "--attach", str(served), "btex", "fetch_ticker", "BTC/USDT"]
    done = run("run", "--sandbox", "--venue", "bitmart2", "--", *inner)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["symbol"] == "BTC/USDT"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("run", "--attach", "FILE", "--sandbox", "--", "true"), "leave out one"),
        (("run", "--attach", "FILE", "--seed", "2", "--", "true"), "--seed, --live"),
        (("run", "--attach", "nothing.json", "--", "true"), "cannot read nothing.json"),
        (("run", "--attach", "http://exchange.example:80", "--", "true"), "is not loopback"),
        (("call", "--attach", "FILE", "--sandbox", "btex", "fetch_time"), "leave out one"),
        (("call", "--attach", "FILE", "--seed", "2", "btex", "fetch_time"), "leave out --seed"),
        (("call", "--attach", "FILE", "--config", "x", "btex", "fetch_time"), "leave out --config"),
        (("call", "--attach", "FILE", "bitexasia", "fetch_time"), "unknown venue 'bitexasia'"),
    ],
)
def test_wrong_use_is_one_line(served, words, why):
    done = run_here(*(str(served) if word == "FILE" else word for word in words))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert why in done.stderr


@pytest.mark.parametrize("command", [("sandbox", "--json"), ("exchanges",)])
def test_a_full_disk_is_one_line(command):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [*COMMAND, *command],
            env=environment(),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE_S,
        )
    assert done.returncode == 1
    assert done.stderr == "ccxt-ext: cannot write its output: No space left on device\n"


def test_who_can_be_reached_by_all_is_told_so(tmp_path):
    file = tmp_path / "nowhere" / "sandbox.json"  # so that it ends by itself
    done = run("sandbox", "--host", "0.0.0.0", "--venue", "btex", "--allow-host", "box", "--write", str(file))
    assert done.returncode == 2
    warned, failed = done.stderr.splitlines()
    assert "listens on all addresses of this machine: whoever reaches it can steer it" in warned
    assert warned.endswith("--allow-host: box")
    assert failed.startswith("ccxt-ext sandbox: cannot write ")
