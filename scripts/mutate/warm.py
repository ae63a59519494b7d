"""Tries a change in a fork of a process that has collected all tests of a room, without importing anything.

If the change is inside of a function, the function's code is replaced. That has the same effect as importing
the changed module, unless the function has run before, during imports or while tests were collected.
"""

from __future__ import annotations

import gc
import inspect
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NamedTuple

import pytest
from _pytest.runner import runtestprotocol
from rooms import Room
from running import ARGUMENTS, Child, arm, empty_caches, started_programs_import

Place = tuple[str, int]  # a function's name, and its first line
Functions = dict[tuple[str, Place], list[FunctionType]]
UNFIT = "cannot be tried this way"


class Changed(NamedTuple):
    """The functions of a module that a change has changed."""

    path: Path
    source: str
    places: frozenset[Place]


def changed(path: Path, source: str) -> Changed | None:
    """The changed functions; None if the change is not inside of functions."""
    after = _compiled(source, path)
    found = _differing(_compiled(path.read_text(), path), after)
    if found is None:
        return None
    known = Counter(_place(code) for code in _within(after))
    if any(known[place] > 1 for place in found):  # for example two lambdas in one line
        return None
    return Changed(path, source, frozenset(found))


def _place(code: CodeType) -> Place:
    return code.co_name, code.co_firstlineno


def _compiled(text: str, path: Path) -> CodeType:
    return compile(text, str(path), "exec", dont_inherit=True)


def _differing(old: CodeType, new: CodeType) -> set[Place] | None:
    if (old.co_code, old.co_names, _values(old)) != (new.co_code, new.co_names, _values(new)):
        return None
    found: set[Place] = set()
    for before, after in zip(_codes(old), _codes(new), strict=True):
        if before == after:
            continue
        if before.co_flags & inspect.CO_OPTIMIZED:  # a function, replaced with all in it
            found.update(_place(each) for each in _within(after))
            continue
        inner = _differing(before, after)  # a class
        if inner is None:
            return None
        found |= inner
    return found


def _values(code: CodeType) -> list[tuple[type, Any]]:
    return [(type(value), repr(value)) for value in code.co_consts if not isinstance(value, CodeType)]


def _codes(code: CodeType) -> list[CodeType]:
    return [value for value in code.co_consts if isinstance(value, CodeType)]


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in _codes(code):
        yield from _within(each)


class Errand:
    """A change that is being tried in a fork of the warm process."""

    def __init__(self, warm: Warm, number: int) -> None:
        self._warm, self._number = warm, number

    def ended(self) -> bool:
        self._warm.hear()
        return self._number in self._warm.told

    def result(self) -> Any:
        """The result, as that of a Child, or UNFIT."""
        return self._warm.told.pop(self._number)


class Warm:
    """The process that has collected a room's tests. It ends when the one that started it does."""

    def __init__(self, room: Room) -> None:
        self.told: dict[int, Any] = {}
        self._begun = 0
        self._here, there = Pipe()
        self._child = Child(lambda: _serve(there, self._here, room), float("inf"))
        there.close()

    def begin(self, change: Changed, tests: Sequence[str], seconds: float) -> Errand:
        self._begun += 1
        self._here.send((self._begun, change, tests, seconds))
        return Errand(self, self._begun)

    def hear(self) -> None:
        try:
            while self._here.poll():
                number, told = self._here.recv()
                self.told[number] = told
        except EOFError:
            raise SystemExit("mutate: the tests of this room cannot be collected") from None

    def end(self) -> None:
        self._here.close()
        while not self._child.ended():
            pass


def _serve(there: Connection, here: Connection, room: Room) -> None:
    here.close()
    arm(room.files)
    chosen = ["-k", room.choose] if room.choose else []
    arguments = [*ARGUMENTS, "-s", *room.options, *chosen, *room.test_files]
    pytest.main(arguments, plugins=[_Server(there, room)])


class _Server:
    """A plugin for pytest: instead of running the collected tests, it forks for each change."""

    def __init__(self, requests: Connection, room: Room) -> None:
        self._requests = requests
        self._files = {str(path) for path in room.files}
        self._running: dict[int, Child] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        functions = self._functions()
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        try:
            while True:
                if self._requests.poll(0.005 if self._running else None):
                    number, change, tests, seconds = self._requests.recv()
                    call = partial(_tried, change, [items[test] for test in tests], functions)
                    self._running[number] = Child(call, seconds)
                self._tell()
        except EOFError:
            for child in self._running.values():
                child.kill()
        return True

    def _functions(self) -> Functions:
        found: Functions = {}
        gc.unfreeze()  # frozen objects are not listed by the collector
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in self._files:
                code = each.__code__
                found.setdefault((code.co_filename, _place(code)), []).append(each)
        return found

    def _tell(self) -> None:
        for number, child in list(self._running.items()):
            if child.ended():
                del self._running[number]
                self._requests.send((number, child.result()))


def _tried(change: Changed, items: Sequence[Any], functions: Functions) -> Any:
    """The first test that fails, or None if all pass."""
    with started_programs_import(change.path, change.source):
        if not _put(change, functions):
            return UNFIT
        for number, item in enumerate(items, 1):
            try:
                failed = _failed(item, items[number : number + 1])
            except BaseException:
                failed = True
            if failed:
                return item.nodeid
        return None


def _put(change: Changed, functions: Functions) -> bool:
    """Replace the changed functions' code. Returns whether that was possible and has an effect."""
    put = not change.places
    for code in _within(_compiled(change.source, change.path)):
        if _place(code) in change.places:
            for function in functions.get((str(change.path), _place(code)), ()):
                try:
                    function.__code__ = code
                except ValueError:  # it uses other variables of the enclosing function
                    return False
                put = True
    return put


def _failed(item: Any, following: Sequence[Any]) -> bool:
    empty_caches()
    reports = runtestprotocol(item, log=False, nextitem=following[0] if following else None)
    return any(report.failed for report in reports)
