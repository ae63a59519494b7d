"""Whatever a venue answers: a ccxt error or a valid structure, never anything else."""

import copy
import json

import ccxt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from profiles import PROFILES
from structures import check_result
from wire import Answer, call

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


class Caller:
    """One exchange for all examples; made anew for each it would take most of the time."""

    def __init__(self, id, method, kind="sync"):
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
        check_result(self.method, result)


numbers = st.integers() | st.floats() | st.integers(min_value=-(10**400), max_value=10**400)
number_texts = numbers.map(str) | st.sampled_from(
    ["1e400", "-1e-400", "1e5", "0x1", " 1", "1_000", "NaN", "-0"]
)
leaves = st.none() | st.booleans() | numbers | number_texts | st.text(max_size=8)


def any_json(keys):
    names = st.sampled_from(keys) | st.text(max_size=4)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=5) | st.dictionaries(names, inner, max_size=8),
        max_leaves=30,
    )


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


@pytest.mark.parametrize(("id", "method"), METHODS)
def test_any_json(id, method):
    caller = Caller(id, method)
    keys = sorted(set().union(*map(field_names, samples_of(id, method))) | {"message"})

    @lenient
    @given(any_json(keys), st.sampled_from([200, 200, 200, 400, 401, 404, 500]))
    def run(answer, status):
        caller.meets(Answer(json.dumps(answer), status))

    run()


@pytest.mark.parametrize(("id", "method"), METHODS)
def test_documented_payloads_that_went_wrong(id, method):
    caller = Caller(id, method)

    @lenient
    @given(mutated(samples_of(id, method)))
    def run(answer):
        caller.meets(Answer(json.dumps(answer)))

    run()


@pytest.mark.parametrize(("id", "method"), METHODS)
def test_text_that_is_no_json(id, method):
    caller = Caller(id, method)
    whole = [json.dumps(sample) for sample in samples_of(id, method)]

    @lenient
    @given(
        st.text(max_size=30)
        | st.builds(lambda text, end: text[:end], st.sampled_from(whole), st.integers(0, 200))
        | st.sampled_from(["[" * 100_000, '{"a":' * 50_000, "[NaN]", '{"a":Infinity}', "\ufeff{}", "{}{}"]),
        st.sampled_from([200, 200, 204, 302, 403, 500, 503]),
        st.sampled_from(["application/json", "text/html", "application/octet-stream"]),
    )
    def run(text, status, content_type):
        caller.meets(Answer(text, status, content_type))

    run()


@pytest.mark.parametrize(("id", "method"), METHODS)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_documented_payloads_as_they_are(id, method, kind):
    caller = Caller(id, method, kind)
    for sample in samples_of(id, method):
        caller.answer = Answer(json.dumps(sample))
        check_result(method, call(caller.exchange, method, *caller.arguments))
