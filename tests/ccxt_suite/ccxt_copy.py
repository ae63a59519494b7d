"""ccxt's own test runner, out of the installed package.

It refuses to run from site-packages, and looks for its data beside the package. So a folder is made that
looks like a checkout of ccxt: links to the installed files, and our fixtures where it looks for ccxt's.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import ccxt

INSTALLED = Path(ccxt.__file__).parent
STATIC = Path(__file__).parent.parent / "static"

# What ccxt's tests_init.py does, without its tests of ccxt's base class, which not every release carries.
# The runner waits at its end. It takes all that is sent over a WebSocket for JSON, which the frames of
# socket.io are not. After a frame that wakes nobody it looks 25 times, 20 ms apart, whether it did, for the
# sake of languages with threads; here, 1 ms apart.
# Each exchange is tested in a process of its own, forked when all is imported that it needs; all at once, as
# they wait a lot.
RUN = """
import asyncio, json, os, signal, sys
ids = sys.argv.pop().split(",")
import ccxt.async_support, tests_helpers
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
children = {}
for id in ids:
    children[id] = os.fork()
    if not children[id]:
        break
else:
    for id, child in children.items():
        _, status = os.waitpid(child, 0)
        with open(f"{id}.code", "w") as file:
            file.write(str(os.waitstatus_to_exitcode(status)))
    sys.exit()
signal.alarm(PATIENCE_S)
for number, name in (1, "stdout"), (2, "stderr"):
    os.dup2(os.open(f"{id}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
if IS_SYNCHRONOUS:
    testMainClass().init(id, argvSymbol, argvMethod)
else:
    asyncio.run(testMainClass().init(id, argvSymbol, argvMethod))
"""
PATIENCE_S = 250


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

    def run(self, ids: Sequence[str], *options: str) -> "Mapping[str, subprocess.CompletedProcess[str]]":
        """What came of each exchange."""
        path = [str(self.package.parent), str(self.package / "test")]
        command = [sys.executable, "-c", RUN.replace("PATIENCE_S", str(PATIENCE_S)), *options, ",".join(ids)]
        started = subprocess.run(
            command,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.root,
            capture_output=True,
            text=True,
        )
        if started.returncode:  # before there was any exchange
            return dict.fromkeys(ids, started)
        return {id: self.told(command, id) for id in ids}

    def told(self, command: Sequence[str], id: str) -> "subprocess.CompletedProcess[str]":
        code, stdout, stderr = (
            (self.root / f"{id}.{name}").read_text() for name in ("code", "stdout", "stderr")
        )
        return subprocess.CompletedProcess(command, int(code), stdout, stderr)


def link_children(source: Path, target: Path, apart: list[str] | None = None) -> None:
    target.mkdir(parents=True)
    for child in source.iterdir():
        if child.name not in (apart or []):
            (target / child.name).symlink_to(child)
