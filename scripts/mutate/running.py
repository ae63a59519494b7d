"""Runs tests in forked children, each of which imports the package with one module changed.

ccxt, pytest and other packages are imported once, before the forks. So a child takes little longer than its
tests.
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import pickle
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from children.sitecustomize import import_changed
from rooms import TOP

# Modules that tests import, and that do not depend on the changed package.
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
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # plugins were imported before the fork
)
_CACHE = type(functools.cache(len))
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
    """A fork that calls a function and returns its result, which has to be one that can be pickled."""

    def __init__(self, call: Callable[[], Any], seconds: float) -> None:
        self._told = Path(tempfile.mkstemp(prefix="mutate-")[1])
        self._until = time.monotonic() + seconds
        self.pid = os.fork()
        if self.pid == 0:
            self._live(call)

    def _live(self, call: Callable[[], Any]) -> None:
        """The child's work. It ends the process, whatever happens."""
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
        """Whether it has ended. If it takes too long, it is ended here."""
        done, _ = os.waitpid(self.pid, os.WNOHANG)
        if not done and time.monotonic() > self._until:
            self.kill()
            return True
        return bool(done)

    def kill(self) -> None:
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def result(self) -> Any:
        """The result, or TOO_SLOW if it was ended."""
        told = self._told.read_bytes()
        self._told.unlink()
        return pickle.loads(told) if told else TOO_SLOW


def call(function: Callable[[], Any], seconds: float) -> Any:
    child = Child(function, seconds)
    while not child.ended():
        time.sleep(0.02)
    return child.result()


def arm(files: Iterable[Path] = ()) -> None:
    """Arm the import hook, as a Python with the package installed does when it starts.

    Then import these modules, so that what an import runs does not count for the first test that needs it.
    """
    os.environ.pop("CCXT_EXT_AUTOLOAD", None)
    importlib.import_module("ccxt_ext")
    for path in files:
        importlib.import_module(".".join(path.relative_to(TOP).with_suffix("").parts))


def empty_caches() -> None:
    """Forget what functions of the package keep by functools.

    Else the first test that calls one would be the only one to run its lines, and a fork would get from it
    what was made before the change.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "ccxt_ext":
            for each in list(vars(module).values()):
                if type(each) is _CACHE:
                    each.cache_clear()


@contextmanager
def started_programs_import(path: Path, source: str) -> Iterator[None]:
    """Make Python programs that the tests start use the changed module too."""
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


def tested(path: Path, source: str, tests: Sequence[str], options: Sequence[str]) -> str | None:
    """The test that fails with this source; "" if no certain one does, None if all pass. Runs in a child."""
    failures = _Failures()
    with started_programs_import(path, source):
        try:
            import_changed()
            arm()
            ended = pytest.main([*ARGUMENTS, *options, *tests], plugins=[failures])
            passed = ended in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
        except BaseException:
            passed = False
    return None if passed else next(iter(failures.tests), "")
