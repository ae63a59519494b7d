"""What can be set for a venue: a table of names, each with what its value may be.

Where a venue's documents leave a point open, its client has an option for it, and the sandbox one of the same
name: what is given here is what the venue then does, and `config` tells the client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Choice:
    """What an option may be, in words and by a test."""

    words: str
    fits: Callable[[Any], bool]
    of_client: bool = True
    """Whether clients have an option of this name, which has to agree."""
    as_client: str = ""
    """The client's name for it, where that is another one."""


def one_of(*values: str, of_client: bool = True, as_client: str = "") -> Choice:
    words = " or ".join(repr(value) for value in values)
    return Choice(words, lambda value: value in values, of_client, as_client)


def flag(of_client: bool = True) -> Choice:
    return Choice("true or false", lambda value: isinstance(value, bool), of_client)


def whole(least: int, most: int, of_client: bool = True) -> Choice:
    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Choice(f"a whole number from {least} to {most}", fits, of_client)


def text(words: str = "text", of_client: bool = True) -> Choice:
    return Choice(words, lambda value: isinstance(value, str), of_client)


def texts(*allowed: str, of_client: bool = True) -> Choice:
    """A list of some of these, or of any texts."""
    words = f"a list of {', '.join(allowed)}" if allowed else "a list of texts"

    def fits(value: Any) -> bool:
        return isinstance(value, list | tuple) and all(
            isinstance(each, str) and (not allowed or each in allowed) for each in value
        )

    return Choice(words, fits, of_client)


Table = Mapping[str, Choice]


def check(venue: str, table: Table, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options by their full names, dotted where they are nested; ValueError says what is wrong."""
    found: dict[str, Any] = {}
    for name, value in flat(table, options):
        if name not in table:
            known = ", ".join(sorted(table))
            raise ValueError(f"{venue} has no option {name!r}; there are {known}")
        choice = table[name]
        if not choice.fits(value):
            raise ValueError(f"option {venue}.{name} must be {choice.words}, not {value!r}")
        found[name] = value
    return found


def flat(table: Table, options: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in options.items():
        name = f"{before}{key}"
        inner = any(known.startswith(f"{name}.") for known in table)
        if name not in table and inner and isinstance(value, Mapping):
            yield from flat(table, value, f"{name}.")
        else:
            yield name, value


def for_client(table: Table, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a client has to be told of the options that were given, nested as it has them."""
    told: dict[str, Any] = {}
    for name, value in given.items():
        choice = table[name]
        if choice.of_client:
            put(told, choice.as_client or name, value)
    return told


def put(into: dict[str, Any], name: str, value: Any) -> None:
    """Under a dotted name."""
    *outer, last = name.split(".")
    for key in outer:
        inner = into.setdefault(key, {})
        if not isinstance(inner, dict):
            raise ValueError(f"option {name!r} is within {key!r}, which has a value already")
        into = inner
    into[last] = value


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both, within each other's parts; `other` goes first."""
    result = dict(one)
    for key, value in other.items():
        mine = result.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            value = merged(mine, value)
        result[key] = value
    return result
