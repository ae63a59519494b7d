"""Runs tests in forked children, each of which imports the package with one module changed.

ccxt, pytest and the rest are imported once, before the forks, so that a child costs little more than its
tests.
"""

from __future__ import annotations

import importlib
import io
import os
import pickle
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from children.sitecustomize import import_changed
from rooms import TOP

# What the tests import and the package does not change.
HEAVY = (
    *("ccxt", "ccxt.async_support", "ccxt.pro", "aiohttp", "aiohttp.web", "requests"),
    *(
        "hypothesis",
        "pytest_asyncio",
        "vcr",
        "socketio",
        "yaml",
        "sortedcontainers",
        "openapi_core",
        "unittest.mock",
    ),
)
ARGUMENTS = (
    *("-x", "-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # of plugins that were imported before the fork
)
CHILDREN = Path(__file__).with_name("children")
TOO_SLOW = "had no end"


def prepare() -> None:
    os.chdir(TOP)
    for name in HEAVY:
        try:
            importlib.import_module(name)
        except ImportError:
            print(f"mutate: {name} is imported by each child, as it is not there beforehand", file=sys.stderr)


class Child:
    """A fork that calls something and hands back what can be pickled."""

    def __init__(self, call: Callable[[], Any], seconds: float) -> None:
        self._told = Path(tempfile.mkstemp(prefix="mutate-")[1])
        self._until = time.monotonic() + seconds
        self.pid = os.fork()
        if self.pid == 0:
            self._live(call)

    def _live(self, call: Callable[[], Any]) -> None:
        """Whatever happens, the child ends here."""
        try:
            os.setsid()
            null = os.open(os.devnull, os.O_RDWR)
            for number in (0, 1, 2):
                os.dup2(null, number)
            sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(1, "w", closefd=False))
            self._told.write_bytes(pickle.dumps(call()))
        finally:
            os._exit(0)

    def ended(self) -> bool:
        """Whether it has, or had to."""
        done, _ = os.waitpid(self.pid, os.WNOHANG)
        if not done and time.monotonic() > self._until:
            self.kill()
            return True
        return bool(done)

    def kill(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def result(self) -> Any:
        """TOO_SLOW if it had to."""
        told = self._told.read_bytes()
        self._told.unlink()
        return pickle.loads(told) if told else TOO_SLOW


def call(function: Callable[[], Any], seconds: float) -> Any:
    child = Child(function, seconds)
    while not child.ended():
        time.sleep(0.02)
    return child.result()


def arm() -> None:
    """As it is when Python starts with the package installed."""
    os.environ.pop("CCXT_EXT_AUTOLOAD", None)
    importlib.import_module("ccxt_ext")


@contextmanager
def started_programs_import(path: Path, source: str) -> Iterator[None]:
    """What the tests start begins with the changed module too."""
    changed = Path(tempfile.mkstemp(prefix="mutate-", suffix=".py")[1])
    changed.write_text(source)
    os.environ["CCXT_EXT_CHANGED"] = f"{path}={changed}"
    os.environ["PYTHONPATH"] = str(CHILDREN)
    try:
        yield
    finally:
        changed.unlink()


class _Failures:
    def __init__(self) -> None:
        self.tests: list[str] = []

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.tests.append(report.nodeid)


def tested(path: Path, source: str, tests: Sequence[str]) -> str | None:
    """In a child: the test that fails with this source, "" if it is none in particular; None if all pass."""
    failures = _Failures()
    with started_programs_import(path, source):
        try:
            import_changed()
            arm()
            ended = pytest.main([*ARGUMENTS, *tests], plugins=[failures])
            passed = ended in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        except BaseException:
            passed = False
    return None if passed else next(iter(failures.tests), "")
