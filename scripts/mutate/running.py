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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import coverage
import pytest
from children.sitecustomize import import_changed
from rooms import TOP, Room

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
KILLED, SURVIVED, SLOW = "killed", "survived", "killed by its time"


class Baseline(NamedTuple):
    """What the tests of a room do when nothing is changed."""

    lines: dict[str, dict[int, set[str]]]  # of a file: which tests run a line; "" while it is imported
    seconds: dict[str, float]


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
            os.killpg(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            return True
        return bool(done)

    def result(self, otherwise: Any) -> Any:
        told = self._told.read_bytes()
        self._told.unlink()
        return pickle.loads(told) if told else otherwise


def call(function: Callable[[], Any], seconds: float) -> Any:
    child = Child(function, seconds)
    while not child.ended():
        time.sleep(0.02)
    return child.result(None)


def _arm() -> None:
    """As it is when Python starts with the package installed."""
    os.environ.pop("CCXT_EXT_AUTOLOAD", None)
    importlib.import_module("ccxt_ext")


def tested(path: Path, source: str, tests: Sequence[str]) -> bool:
    """In a child: whether all of the tests pass with this source."""
    changed = Path(tempfile.mkstemp(prefix="mutate-", suffix=".py")[1])
    changed.write_text(source)
    os.environ["CCXT_EXT_CHANGED"] = f"{path}={changed}"  # what the tests start begins with it too
    os.environ["PYTHONPATH"] = str(CHILDREN)
    try:
        import_changed()
        _arm()
        return pytest.main([*ARGUMENTS, *tests]) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    except BaseException:
        return False
    finally:
        changed.unlink()


class Watch:
    """Notes which test runs which line; what a fixture does counts for all tests that share it."""

    def __init__(self, covered: coverage.Coverage) -> None:
        self.covered = covered
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Any:
        began = time.monotonic()
        self.covered.switch_context(item.nodeid)
        yield
        self.covered.switch_context("")
        self.seconds[item.nodeid] = time.monotonic() - began

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any, request: Any) -> Any:
        if fixturedef.scope == "function":
            yield
            return
        self.covered.switch_context(f"fixture:{fixturedef.baseid}")
        yield
        self.covered.switch_context(request._pyfuncitem.nodeid)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def _watched(room: Room) -> Baseline | list[str]:
    covered = coverage.Coverage(data_file=None, config_file=False, include=[str(path) for path in room.files])
    covered.start()
    _arm()
    watch = Watch(covered)
    chosen = ["-k", room.choose] if room.choose else []
    pytest.main([*ARGUMENTS[1:], *chosen, *room.test_files], plugins=[watch])
    covered.stop()
    if watch.failed or not watch.seconds:
        return watch.failed
    data, lines = covered.get_data(), {}
    for path in data.measured_files():
        lines[path] = {
            line: _tests(contexts, watch.seconds) for line, contexts in data.contexts_by_lineno(path).items()
        }
    return Baseline(lines, watch.seconds)


def _tests(contexts: Sequence[str], known: dict[str, float]) -> set[str]:
    found = set()
    for context in contexts:
        if context.startswith("fixture:"):
            below = context.removeprefix("fixture:")
            found.update(test for test in known if test.startswith(below))
        else:
            found.add(context)
    return found


def baseline(room: Room) -> Baseline:
    os.environ["COVERAGE_CORE"] = "ctrace"
    found = call(lambda: _watched(room), 3600)
    if not isinstance(found, Baseline):
        raise SystemExit(f"mutate: these fail as it is: {' '.join(found or ['the tests of this room'])}")
    return found
