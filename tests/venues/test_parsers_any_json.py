"""Whatever a venue answers: a ccxt error or a valid structure, never anything else."""

import copy
import functools
import json
import operator

import ccxt
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from ccxt_ext.testing.structures import check_result
from ccxt_ext.testing.wire import Answer, call
from tests.venues.any_json import any_json, field_names, mutated, named, places
from tests.venues.profiles import PROFILES

METHODS = [
    pytest.param(id, method, id=f"{id}-{method}")
    for id, profile in PROFILES.items()
    for method in profile.calls
]

lenient = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
# Making an example takes longer than parsing it, so each of these is tried on all methods of a venue.
for_all_methods = settings(lenient, max_examples=100)


class Caller:
    """One exchange for all examples; made anew for each it would take most of the time."""

    def __init__(self, id, method, kind="sync"):
        self.id = id
        self.method = method
        self.arguments = PROFILES[id].calls[method]
        self.exchange, _ = PROFILES[id].offline(kind, lambda request: self.answer)
        self.markets = self.exchange.markets

    def meets(self, answer):
        self.answer = answer
        try:
            result = call(self.exchange, self.method, *self.arguments)
        except ccxt.BaseError:
            return
        except BaseException:
            note(f"{self.id} {self.method} met {answer.status} {answer.text[:1000]}")
            raise
        check_result(self.method, result)


def callers(id):
    return [Caller(id, method) for method in PROFILES[id].calls]


def samples_of(id, method):
    return [PROFILES[id].sample(name) for name in PROFILES[id].samples[method]]


@pytest.mark.parametrize("id", PROFILES)
def test_any_json(id):
    methods = [
        (caller, sorted(set().union(*map(field_names, samples_of(id, caller.method))) | {"message"}))
        for caller in callers(id)
    ]

    @for_all_methods
    @given(any_json, st.sampled_from([200, 200, 200, 400, 401, 404, 500]))
    def run(tree, status):
        for caller, names in methods:
            caller.meets(Answer(json.dumps(named(tree, names)), status))

    run()


@pytest.mark.parametrize(("id", "method"), METHODS)
def test_documented_payloads_that_went_wrong(id, method):
    caller = Caller(id, method)

    @lenient
    @given(mutated(samples_of(id, method)))
    def run(answer):
        caller.meets(Answer(json.dumps(answer)))

    run()


STATUSES = st.sampled_from([200, 200, 204, 302, 403, 500, 503])
CONTENT_TYPES = st.sampled_from(["application/json", "text/html", "application/octet-stream"])


@pytest.mark.parametrize("id", PROFILES)
def test_text_that_is_no_json(id):
    methods = callers(id)

    @for_all_methods
    @given(st.text(max_size=30), STATUSES, CONTENT_TYPES)
    def run(text, status, content_type):
        for caller in methods:
            caller.meets(Answer(text, status, content_type))

    run()


@pytest.mark.parametrize("id", PROFILES)
def test_documented_payloads_that_were_cut_off(id):
    methods = [
        (caller, json.dumps(sample)) for caller in callers(id) for sample in samples_of(id, caller.method)
    ]

    @for_all_methods
    @given(st.integers(0, 200), STATUSES, CONTENT_TYPES)
    def run(length, status, content_type):
        for caller, whole in methods:
            caller.meets(Answer(whole[:length], status, content_type))

    run()


@pytest.mark.parametrize("id", PROFILES)
def test_text_that_json_parsers_stumble_over(id):
    for caller in callers(id):
        for text in ("[" * 20_000, '{"a":' * 10_000, "[NaN]", '{"a":Infinity}', "\ufeff{}", "{}{}"):
            caller.meets(Answer(text))


def envelopes(tree):
    """The payload with each of its outermost objects and lists replaced by something else."""
    for path in [(), *places(tree)]:
        value = functools.reduce(operator.getitem, path, tree)
        # Of a long list the first row will do.
        is_outer = len(path) <= 2 and all(type(key) is str or key == 0 for key in path)
        if not (is_outer and isinstance(value, (dict, list))):
            continue
        for other in (1, "x", None, [], {}, [1]):
            changed = {"all": copy.deepcopy(tree)}
            owner = functools.reduce(operator.getitem, ("all", *path)[:-1], changed)
            owner[("all", *path)[-1]] = other
            yield changed["all"]


@pytest.mark.parametrize("id", PROFILES)
def test_envelopes_that_hold_something_else(id):
    for caller in callers(id):
        for sample in samples_of(id, caller.method):
            for answer in envelopes(sample):
                caller.meets(Answer(json.dumps(answer)))


@pytest.mark.parametrize(("id", "method"), METHODS)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_documented_payloads_as_they_are(id, method, kind):
    caller = Caller(id, method, kind)
    for sample in samples_of(id, method):
        caller.answer = Answer(json.dumps(sample))
        try:
            result = call(caller.exchange, method, *caller.arguments)
        except ccxt.ExchangeError as error:
            # What is listed stays listed.
            assert method == "cancelAllOrders" and "left open" in str(error)
        else:
            check_result(method, result)
