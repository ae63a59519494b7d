"""Whatever a venue answers: a ccxt error or a valid structure, never anything else."""

import copy
import functools
import json
import operator

import ccxt
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.venues.profiles import PROFILES
from tests.venues.structures import check_result
from tests.venues.wire import Answer, call

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


numbers = st.integers() | st.floats() | st.integers(min_value=-(10**400), max_value=10**400)
number_texts = numbers.map(str) | st.sampled_from(
    ["1e400", "-1e-400", "1e5", "0x1", " 1", "1_000", "NaN", "-0"]
)
leaves = st.none() | st.booleans() | numbers | number_texts | st.text(max_size=8)


# A number among the names stands for a field's name of whatever payload is meant, see `named`.
any_json = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(0, 999) | st.text(max_size=4), inner, max_size=8)
    ),
    max_leaves=30,
)


def named(tree, names):
    if isinstance(tree, dict):
        return {
            names[key * len(names) // 1000] if isinstance(key, int) else key: named(item, names)
            for key, item in tree.items()
        }
    return [named(item, names) for item in tree] if isinstance(tree, list) else tree


def field_names(tree):
    """All keys in a payload."""
    found = set(tree) if isinstance(tree, dict) else set()
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        found |= field_names(item)
    return found


def places(tree, path=()):
    """The paths to everything inside a payload."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


def samples_of(id, method):
    return [PROFILES[id].sample(name) for name in PROFILES[id].samples[method]]


@st.composite
def mutated(draw, payloads):
    """A documented payload in which a few things were dropped, emptied, replaced or repeated."""
    tree = copy.deepcopy(draw(st.sampled_from(payloads)))
    for _ in range(draw(st.integers(1, 3))):
        all_places = list(places(tree))
        if not all_places:
            return draw(leaves)
        path = draw(st.sampled_from(all_places))
        owner = tree
        for key in path[:-1]:
            owner = owner[key]
        what = draw(st.sampled_from(["drop", "null", "replace", "wrap", "repeat", "unquote"]))
        value = owner[path[-1]]
        if what == "drop":
            del owner[path[-1]]
        elif what == "null":
            owner[path[-1]] = None
        elif what == "replace":
            owner[path[-1]] = draw(leaves | st.just([]) | st.just({}))
        elif what == "wrap":
            owner[path[-1]] = draw(st.sampled_from([[value], {"x": value}]))
        elif what == "repeat" and isinstance(owner, list):
            # Long lists take another way through the parsers.
            owner.extend(copy.deepcopy(value) for _ in range(draw(st.integers(1, 20))))
        elif what == "unquote" and isinstance(value, str):
            try:
                owner[path[-1]] = float(value)
            except ValueError:
                owner[path[-1]] = [value]
    return tree


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
