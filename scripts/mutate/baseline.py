"""Runs a room's tests without changes: which test runs which line, and how long each one takes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import coverage
import pytest
from rooms import Room
from running import ARGUMENTS, arm, call, empty_caches


class Baseline(NamedTuple):
    """What a room's tests do without changes."""

    lines: dict[str, dict[int, set[str]]]  # by file and line: the tests that run it; "" stands for imports
    seconds: dict[str, float]

    def by_seconds(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: self.seconds.get(test, 0))

    def unseen(self) -> set[str]:
        """The tests that run no line of the room in this process."""
        return self.seconds.keys() - {
            test for file in self.lines.values() for tests in file.values() for test in tests
        }


class Watch:
    """Notes which test runs which line. What a shared fixture runs counts for all its tests."""

    def __init__(self, covered: coverage.Coverage) -> None:
        self.covered = covered
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: Any) -> Any:
        empty_caches()
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
    arm(room.files)
    watch = Watch(covered)
    chosen = ["-k", room.choose] if room.choose else []
    pytest.main([*ARGUMENTS[1:], *room.options, *chosen, *room.test_files], plugins=[watch])
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
