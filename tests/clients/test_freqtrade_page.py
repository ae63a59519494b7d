"""What docs/freqtrade.md tells one to type runs as printed, from an empty folder to a bot with a stop."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ccxt_ext.sandbox import Sandbox
from tests.clients.client_programs import Environment
from tests.clients.freqtrade_bot import WIDE, Rounds, problems

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "freqtrade.md"
EXAMPLES = ROOT / "examples" / "freqtrade"
_BLOCK = re.compile(r"(?:<!-- until: (\w+) -->\n)?```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# What a bot's log has once it is so far.
REACHED = {
    "entry": re.compile(r"Order \S+ was created for BTC/USDT:USDT"),
    "stoploss": re.compile(r"stoploss market order added for BTC/USDT:USDT"),
}
EXPECTED = (
    "CCXT_EXT_SANDBOX is set",
    # A backtest says so of all data without an end, and of the venue's, which have no funding.
    "Moving start-date by 48 candles to account for startup time",
    "No history for BTC/USDT:USDT, funding_rate",
    "Backtest result caching disabled due to use of open-ended timerange",
)


def commands() -> list[tuple[str, str]]:
    """What is typed, block by block, and until when it is left running."""
    found = []
    for until, block in _BLOCK.findall(PAGE.read_text()):
        typed = re.sub(r"^\$ ", "", block, flags=re.MULTILINE)
        found.append((typed, until))
    return found


def test_the_page_installs_what_the_tests_have() -> None:
    """The environment is made so by the Makefile, as it takes a minute."""
    first, until = commands()[0]
    assert until == "" and first.splitlines()[:2] == [
        "python -m venv .venv && . .venv/bin/activate",
        "pip install freqtrade ccxt-ext",
    ]
    needed = (ROOT / "tests/clients/requirements.txt").read_text()
    assert re.search(r"^freqtrade\b", needed, re.MULTILINE)


def test_it_runs_as_printed(clients: Environment, tmp_path: Path) -> None:
    for name in ("futures.json", "long_and_short.py"):
        shutil.copy(EXAMPLES / name, tmp_path)
    programs = str(Path(clients.program("freqtrade")).parent)
    # As verbose as with -v, a bot tells of its pauses.
    env = {**WIDE, "FREQTRADE__VERBOSITY": "1", "PATH": os.pathsep.join((programs, os.environ["PATH"]))}
    (first, _), *rest = commands()
    typed(clients, first.partition("ccxt-ext\n")[2], "", tmp_path, env)
    with Sandbox(venues=["bitmaxfutures"], seed=2) as venue:
        for text, until in rest:
            if "ccxt-ext run" not in text:  # it is for the venue, in whose place there is another sandbox
                text = text.replace(
                    "freqtrade trade", f"ccxt-ext run --attach {at(venue)} -- freqtrade trade"
                )
            typed(clients, text, until, tmp_path, env)
        # It was for real: an entry and its stop are there.
        orders = venue.control("GET", "/orders?venue=bitmaxfutures&account=config")
        assert {order["status"] for order in orders} >= {"closed", "open"}


def at(sandbox: Sandbox) -> str:
    control: str = sandbox.describe()["control"]
    return control


def typed(clients: Environment, text: str, until: str, folder: Path, env: Mapping[str, str]) -> None:
    """Type this into a shell. What goes on until it is stopped is stopped by Ctrl-C, once it is so far."""
    for file in folder.glob("tradesv3*.sqlite*"):
        file.unlink()  # each bot begins anew
    log = folder / "log"
    with log.open("w") as output:
        # In a session of its own, where it does not ignore Ctrl-C.
        process = subprocess.Popen(
            ["bash", "-ec", text],
            cwd=folder,
            env={**clients.variables(), **env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def wait_until(reached: Callable[[], bool]) -> None:
        end = time.monotonic() + 200
        while not reached():
            assert process.poll() is None and time.monotonic() < end, log.read_text()[-5000:]
            time.sleep(0.1)

    try:
        if until:
            wait_until(lambda: bool(REACHED[until].search(log.read_text())))
            # Not in the middle of what it has just begun.
            rounds = Rounds(log)
            pauses = rounds.pauses
            wait_until(lambda: rounds.pauses > pauses)
            os.killpg(process.pid, signal.SIGINT)
        code = process.wait(200)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert code == 0 or until, log.read_text()[-5000:]
    told = problems(log.read_text())
    assert [line for line in told if not any(expected in line for expected in EXPECTED)] == []
