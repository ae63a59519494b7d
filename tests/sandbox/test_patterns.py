"""Regular expressions of faults: as `re` understands them, and never slow."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccxt_ext.sandbox.patterns import LONGEST, BadPattern, Pattern, instructions_of, search

PATHS = [
    "",
    "/",
    "/v2/orders",
    "/v2/orders/17",
    "/V2/Orders",
    "/api/pro/v2/order",
    "/a\nb",
    "/v2/orders?",
    "{}",
]
PATTERNS = [
    *(
        "",
        "orders",
        "^/v2/orders$",
        "^/v2/orders/[0-9]+$",
        "order(s|/batch)?$",
        "(?i)/v2/orders",
        r"\d{2}",
        "[^/]+",
    ),
    *(
        "[]/]",
        "[^]/]",
        r"[\]/a-z]",
        r"\.",
        r"\x2f",
        r"\u002f",
        r"\07",
        r"\0",
        r"\N{SOLIDUS}",
        r"\A/\Z",
        "a|b|",
        "(a|b|)",
    ),
    *(
        "(?:ab){2,3}",
        "(?P<name>a)",
        "a{,2}b",
        "a{2,}",
        "a{0}",
        "{}",
        "{",
        "a{x}",
        "}",
        "]",
        ".",
        ".*?x",
        "a+?",
        "a??",
    ),
    *("^^/", "x$|/", "(^/)(.*)$", "((a*)*)*", "(a|aa)+$", "[a-z]*[0-9]*", r"\w+\W\s?"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_known_patterns(pattern: str) -> None:
    for path in [*PATHS, "a", "ab", "aab", "ababab", "aaa", "x", "]", "}", "{", "a{x}", "\x07"]:
        assert Pattern(pattern).is_in(path) == (re.search(pattern, path) is not None), path


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "1", "^", r"\Z", ""])
COUNTS = st.sampled_from(["", "*", "+", "?", "*?", "{2}", "{1,3}", "{,2}", "{0,}"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds("({}){}".format, inner, COUNTS)
    return st.one_of(group, st.builds("{}|{}".format, inner, inner), st.builds("{}{}".format, inner, group))


SOME_PATTERNS = st.recursive(
    st.builds(lambda atom, count: f"(?:{atom}){count}", ATOMS, COUNTS), _grown, max_leaves=6
)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(SOME_PATTERNS, st.text("ab1", max_size=8))
def test_any_pattern_is_understood_as_by_re(pattern: str, text: str) -> None:
    try:
        found = Pattern(pattern).is_in(text)
    except BadPattern:
        return  # too large
    assert found == (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)(.*)(.*)(.*)(.*)x", "a{0,60}a{60}b", "((a?){9}){9}b"]
)
def test_a_search_takes_at_most_two_steps_for_each_instruction_and_character(pattern: str) -> None:
    text = "a" * 2000 + "!"
    instructions = instructions_of(pattern)
    found, steps = search(instructions, text)
    assert not found
    assert steps <= 2 * len(instructions) * (len(text) + 1)


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(", "missing )"),
        ("a**", "multiple repeat"),
        (r"(a)\1", "is not understood here"),
        (r"\border", "is not understood here"),
        ("(?=a)", "a group is"),
        ("(?<!a)b", "a group is"),
        ("a{300}", "too large"),
        ("(a{20}){20}", "too large"),
        ("((a{10}){10}){10}", "too large"),
        ("a{0,100000}", "too large"),
        ("a" * (LONGEST + 1), "longer than"),
        ("(" * 200 + "a" + ")" * 200, None),
    ],
)
def test_what_cannot_be_used_is_refused(pattern: str, why: str | None) -> None:
    if why is None:
        assert Pattern(pattern).is_in("a")
        return
    with pytest.raises(BadPattern, match=re.escape(why)):
        Pattern(pattern)


def test_a_pattern_can_be_kept() -> None:
    kept = pickle.loads(pickle.dumps(Pattern("^/v2/orders$")))
    assert kept == Pattern("^/v2/orders$")
    assert kept.is_in("/v2/orders")
