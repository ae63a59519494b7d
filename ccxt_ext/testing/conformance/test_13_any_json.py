"""Chapter 13, of answers that nobody has foreseen: a ccxt error or a valid structure, never anything else."""

from __future__ import annotations

import copy
import functools
import json
import operator
from collections.abc import Iterator
from typing import Any

import ccxt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ccxt_ext.testing.any_json import any_character, any_json, field_names, mutated, named, places
from ccxt_ext.testing.conformance.cases import case
from ccxt_ext.testing.conformance.meeting import Meeting
from ccxt_ext.testing.conformance.tested import Tested
from ccxt_ext.testing.conformance.told import told_of
from ccxt_ext.testing.structures import check_result
from ccxt_ext.testing.wire import Answer

# The same examples each time, whatever the caller's settings.
lenient = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
# Making an example takes longer than parsing it, so each of these is tried on all methods of a venue.
for_all_methods = settings(lenient, max_examples=100)
# Whatever cannot be read, there are few ways to meet it.
unreadable_for_all = settings(lenient, max_examples=40)

STATUSES = st.sampled_from([200, 200, 204, 302, 403, 500, 503])
CONTENT_TYPES = st.sampled_from(["application/json", "text/html", "application/octet-stream"])
STUMBLES = ("[" * 20_000, '{"a":' * 10_000, "[NaN]", '{"a":Infinity}', "\ufeff{}", "{}{}")


def meetings(tested: Tested) -> list[Meeting]:
    return [Meeting(tested, told) for told in told_of(tested)]


@case("13.1", "Documented answers are read as they are", profile=("samples",), level="proven")
def as_documented(tested: Tested, kind: str) -> None:
    """Each method gives a valid structure for each of the documented answers that it meets."""
    for told in told_of(tested):
        meeting = Meeting(tested, told, kind)
        for answer in told.answers:
            try:
                result = meeting.result(Answer(json.dumps(answer)))
            except ccxt.ExchangeError as error:
                # What is listed stays listed.
                left = told.method == "cancelAllOrders" and "left open" in str(error)
                assert left, f"{told.method}: {type(error).__name__}: {error}"
            else:
                check_result(told.method, result)


@case("13.2", "Any JSON at all makes a valid structure or an error of ccxt's", kinds=(), level="proven")
def anything(tested: Tested) -> None:
    """Trees of all sorts, with the names of the venue's own fields, at each method, with several statuses."""
    methods = [
        (meeting, sorted(set().union(*map(field_names, meeting.told.answers)) | {"message"}))
        for meeting in meetings(tested)
    ]

    @for_all_methods
    @given(any_json, st.sampled_from([200, 200, 200, 400, 401, 404, 500]))
    def run(tree: Any, status: int) -> None:
        for meeting, names in methods:
            meeting.check(Answer(json.dumps(named(tree, names)), status))

    run()


@case("13.3", "So does an answer that went wrong in places", kinds=(), answers=True, level="proven")
def spoiled(tested: Tested) -> None:
    """The venue's answers, in which a few things are dropped, emptied, replaced or repeated."""
    alike: dict[str, list[Meeting]] = {}
    for meeting in meetings(tested):
        if meeting.told.answers:
            alike.setdefault(json.dumps(meeting.told.answers), []).append(meeting)
    for group in alike.values():
        meet_spoiled(group)


def meet_spoiled(methods: list[Meeting]) -> None:
    """For methods that are answered the same."""

    @lenient
    @given(mutated(methods[0].told.answers))
    def run(answer: Any) -> None:
        for meeting in methods:
            meeting.check(Answer(json.dumps(answer)))

    run()


@case(
    "13.4",
    "So does one in which the outermost parts are something else",
    kinds=(),
    answers=True,
    level="proven",
)
def envelopes(tested: Tested) -> None:
    """In place of each of the outermost objects and lists: a number, text, null, another list or object."""
    for meeting in meetings(tested):
        for answer in meeting.told.answers:
            for changed in other_envelopes(answer):
                meeting.check(Answer(json.dumps(changed)))


def other_envelopes(tree: Any) -> Iterator[Any]:
    """The payload with each of its outermost objects and lists replaced by something else."""
    for path in [(), *places(tree)]:
        value = functools.reduce(operator.getitem, path, tree)
        # Of a long list the first row will do.
        is_outer = len(path) <= 2 and all(type(key) is str or key == 0 for key in path)
        if not (is_outer and isinstance(value, (dict, list))):
            continue
        others: tuple[Any, ...] = (1, "x", None, [], {}, [1])
        for other in others:
            changed = {"all": copy.deepcopy(tree)}
            owner: Any = functools.reduce(operator.getitem, ("all", *path)[:-1], changed)
            owner[("all", *path)[-1]] = other
            yield changed["all"]


@case("13.5", "So does one that was cut off", kinds=(), answers=True, level="proven")
def cut_off(tested: Tested) -> None:
    """The beginning of the venue's answers, with statuses and content types of all sorts."""
    methods = [
        (meeting, json.dumps(answer)) for meeting in meetings(tested) for answer in meeting.told.answers
    ]

    @unreadable_for_all
    @given(st.integers(0, 200), STATUSES, CONTENT_TYPES)
    def run(length: int, status: int, content_type: str) -> None:
        for meeting, whole in methods:
            meeting.check(Answer(whole[:length], status, content_type))

    run()


@case("13.6", "So does text that is no JSON", kinds=(), level="proven")
def no_json(tested: Tested) -> None:
    """With statuses and content types of all sorts."""
    methods = meetings(tested)

    @unreadable_for_all
    @given(st.text(any_character, max_size=30), STATUSES, CONTENT_TYPES)
    def run(text: str, status: int, content_type: str) -> None:
        for meeting in methods:
            meeting.check(Answer(text, status, content_type))

    run()


@case("13.7", "So does text that JSON parsers stumble over", kinds=(), level="proven")
def stumbling(tested: Tested) -> None:
    """Endless brackets, NaN and Infinity, a byte order mark, and two values in a row."""
    for meeting in meetings(tested):
        for text in STUMBLES:
            meeting.check(Answer(text))
