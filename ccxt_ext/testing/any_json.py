"""Any JSON at all, and documented payloads that went wrong, for hypothesis."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st

numbers = st.integers() | st.floats() | st.integers(min_value=-(10**400), max_value=10**400)
number_texts = numbers.map(str) | st.sampled_from(
    ["1e400", "-1e-400", "1e5", "0x1", " 1", "1_000", "NaN", "-0"]
)
# All that UTF-8 has, as Hypothesis would choose: but it would try each for it, which takes seconds.
any_character = st.characters(exclude_categories=["Cs"])
leaves = st.none() | st.booleans() | numbers | number_texts | st.text(any_character, max_size=8)


# A number among the names stands for the name of a field of whatever payload is meant, see `named`.
any_json = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.integers(0, 999) | st.text(any_character, max_size=4), inner, max_size=8)
    ),
    max_leaves=30,
)


def named(tree: Any, names: Sequence[str]) -> Any:
    """The numbers among a tree's names, each replaced by one of these."""
    if isinstance(tree, dict):
        return {
            names[key * len(names) // 1000] if isinstance(key, int) else key: named(item, names)
            for key, item in tree.items()
        }
    return [named(item, names) for item in tree] if isinstance(tree, list) else tree


def field_names(tree: Any) -> set[str]:
    """All keys in a payload."""
    found: set[str] = set(tree) if isinstance(tree, dict) else set()
    for item in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        found |= field_names(item)
    return found


def places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to everything inside a payload."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from places(item, (*path, key))


@st.composite
def mutated(draw: st.DrawFn, payloads: Sequence[Any]) -> Any:
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
