"""ccxt's own test runner, out of the installed package.

It refuses to run from site-packages, and looks for its data beside the package. So a folder is made that
looks like a checkout of ccxt: links to the installed files, and our fixtures where it looks for ccxt's.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import ccxt

INSTALLED = Path(ccxt.__file__).parent
STATIC = Path(__file__).parent.parent / "static"

# What ccxt's tests_init.py does, without its tests of ccxt's base class, which not every release carries.
# The runner waits at its end. It takes all that is sent over a WebSocket for JSON, which the frames of
# socket.io are not. After a frame that wakes nobody it looks 25 times, 20 ms apart, whether it did, for the
# sake of languages with threads; here, 1 ms apart.
RUN = """
import asyncio, json, sys
import ccxt.async_support, tests_helpers
from tests_helpers import IS_SYNCHRONOUS, argvExchange, argvSymbol, argvMethod
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
if IS_SYNCHRONOUS:
    from tests_sync import testMainClass
    testMainClass().init(argvExchange, argvSymbol, argvMethod)
else:
    from tests_async import testMainClass
    asyncio.run(testMainClass().init(argvExchange, argvSymbol, argvMethod))
"""


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

    def run(self, *arguments: str, timeout: float = 100) -> subprocess.CompletedProcess[str]:
        path = [str(self.package.parent), str(self.package / "test")]
        return subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=timeout,
        )


def link_children(source: Path, target: Path, apart: list[str] | None = None) -> None:
    target.mkdir(parents=True)
    for child in source.iterdir():
        if child.name not in (apart or []):
            (target / child.name).symlink_to(child)
