"""ccxt's own test runner, out of the installed package.

It refuses to run from site-packages, and looks for its data beside the package. So a folder is made that
looks like a checkout of ccxt: links to the installed files, and fixtures where it looks for ccxt's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import ccxt

INSTALLED = Path(ccxt.__file__).parent
# Older releases of ccxt come without the tests of exchanges.
HAS_TESTS = (INSTALLED / "test" / "exchange").is_dir()
# What the runner has a test for of what is watched, as "order_book".
WATCHED = frozenset(
    path.stem.removeprefix("test_watch_")
    for path in (INSTALLED / "pro" / "test" / "Exchange").glob("test_watch_*")
)

# What ccxt's tests_init.py does, without its tests of ccxt's base class, which not every release carries.
# The runner waits at its end. It takes all that is sent over a WebSocket for JSON, which the frames of
# socket.io are not. After a frame that wakes nobody it looks 25 times, 20 ms apart, whether it did, for the
# sake of languages with threads; here, 1 ms apart. Who has BTC/USDT has ETH/USDT too, it takes for granted;
# here, what is no market is not watched.
# Each job is done in a process of its own, forked when ccxt is imported; all at once, as they wait a lot. All
# that is there by then stays, so nobody looks for garbage among it.
RUN = """
import asyncio, gc, json, os, signal, sys
import ccxt, ccxt.async_support
gc.freeze()
jobs = json.loads(sys.argv.pop())
children = {}
for name, id, options in jobs:
    children[name] = os.fork()
    if not children[name]:
        break
else:
    for name, child in children.items():
        _, status = os.waitpid(child, 0)
        with open(f"{name}.code", "w") as file:
            file.write(str(os.waitstatus_to_exitcode(status)))
    sys.exit()
signal.alarm(PATIENCE_S)
for number, stream in (1, "stdout"), (2, "stderr"):
    os.dup2(os.open(f"{name}.{stream}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
sys.argv += options
import tests_helpers
from tests_helpers import IS_SYNCHRONOUS, argvSymbol, argvMethod
if IS_SYNCHRONOUS:
    from tests_sync import testMainClass
else:
    from tests_async import testMainClass
async def send_str(self, text):
    try:
        self.sent_messages.append(json.loads(text))
    except ValueError:
        self.sent_messages.append(text)
if hasattr(tests_helpers, "FakeWsConnection"):
    tests_helpers.FakeWsConnection.send_str = send_str
ccxt.async_support.Exchange.timeout_on_exit = 0
async def sleep(self, milliseconds):
    await asyncio.sleep((1 if milliseconds == 20 else milliseconds) / 1000)
ccxt.async_support.Exchange.sleep = sleep
class Runner(testMainClass):
    def run_public_tests(self, exchange, symbols):
        if isinstance(symbols, list):
            symbols = [symbol for symbol in symbols if symbol in exchange.markets]
        return super().run_public_tests(exchange, symbols)
if IS_SYNCHRONOUS:
    Runner().init(id, argvSymbol, argvMethod)
else:
    asyncio.run(Runner().init(id, argvSymbol, argvMethod))
"""
PATIENCE_S = 250


class Job(NamedTuple):
    name: str
    id: str
    options: Sequence[str]


class Checkout:
    """The tree that the runner takes for a checkout of ccxt."""

    def __init__(self, root: Path, apart: Sequence[str] = ()) -> None:
        """The caller makes those of the package's children that stay apart."""
        self.root = root
        package = root / "python" / "ccxt"
        link_children(INSTALLED, package, apart=["test", *apart])
        # The runner goes up from its own folder, so that one has to be a real one.
        link_children(INSTALLED / "test", package / "test")
        self.package = package
        self.static = root / "ts" / "src" / "test" / "static"
        self.static.mkdir(parents=True)

    def run(self, ids: Sequence[str], *options: str) -> Mapping[str, subprocess.CompletedProcess[str]]:
        """What came of each exchange."""
        return self.do([Job(id, id, options) for id in ids])

    def do(self, jobs: Sequence[Job]) -> Mapping[str, subprocess.CompletedProcess[str]]:
        """What came of each job, by its name."""
        path = [str(self.package.parent), str(self.package / "test")]
        command = [sys.executable, "-c", RUN.replace("PATIENCE_S", str(PATIENCE_S)), json.dumps(jobs)]
        started = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.root,
            capture_output=True,
            text=True,
        )
        if started.returncode:  # before there was any exchange
            return {job.name: started for job in jobs}
        return {job.name: self._told(command, job.name) for job in jobs}

    def _told(self, command: Sequence[str], name: str) -> subprocess.CompletedProcess[str]:
        code, stdout, stderr = (
            (self.root / f"{name}.{stream}").read_text() for stream in ("code", "stdout", "stderr")
        )
        return subprocess.CompletedProcess(command, int(code), stdout, stderr)


def checkout_of_streams(root: Path) -> Checkout:
    """One whose tests of streams watch for less than 15 seconds each."""
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


def link_children(source: Path, target: Path, apart: Sequence[str] = ()) -> None:
    target.mkdir(parents=True)
    for child in source.iterdir():
        if child.name not in apart:
            (target / child.name).symlink_to(child)


def lines(output: str, label: str) -> set[str]:
    """The methods that the runner has told something of, such as "TESTING DONE"."""
    return set(re.findall(rf"^\[INFO\] {label} +\w+ (\w+)", output, re.MULTILINE))
