"""Options of a venue in the sandbox: a table of them, with the values that each may have.

If a venue's documents leave a point open, its client has an option for it, and the sandbox has one of the
same name. What is set here is also set in the client's config, so that both sides agree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """Which values an option may have, in words and as a test."""

    words: str
    fits: Callable[[Any], bool]
    of_client: bool = True
    """Whether clients have this option too, and need the same value."""
    as_client: str = ""
    """The client's name of the option, if that is a different one."""


OptionTable = Mapping[str, Option]
"""Options by name. Names of nested ones have dots: `signature.order`."""


def one_of(*values: str, of_client: bool = True, as_client: str = "") -> Option:
    """An option that is one of these texts."""
    words = " or ".join(repr(value) for value in values)
    return Option(words, lambda value: value in values, of_client, as_client)


def flag(of_client: bool = True) -> Option:
    """An option that is true or false."""
    return Option("true or false", lambda value: isinstance(value, bool), of_client)


def integer(least: int, most: int, of_client: bool = True) -> Option:
    """An option that is an integer within bounds."""

    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Option(f"a whole number from {least} to {most}", fits, of_client)


def text(words: str = "text", of_client: bool = True) -> Option:
    """An option that is any text."""
    return Option(words, lambda value: isinstance(value, str), of_client)


def texts(*allowed: str, of_client: bool = True) -> Option:
    """An option that is a list of some of these texts, or of any texts if none are given."""
    words = f"a list of {', '.join(allowed)}" if allowed else "a list of texts"

    def fits(value: Any) -> bool:
        return isinstance(value, list | tuple) and all(
            isinstance(each, str) and (not allowed or each in allowed) for each in value
        )

    return Option(words, fits, of_client)


def check(venue: str, table: OptionTable, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options by their full names. Raises ValueError if one makes no sense."""
    found: dict[str, Any] = {}
    for name, value in flat(table, options):
        if name not in table:
            known = ", ".join(sorted(table))
            raise ValueError(f"{venue} has no option {name!r}; there are {known}")
        option = table[name]
        if not option.fits(value):
            raise ValueError(f"option {venue}.{name} must be {option.words}, not {value!r}")
        found[name] = value
    return found


def flat(table: OptionTable, options: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Nested options by their dotted names, as far as the table has these names."""
    for key, value in options.items():
        name = f"{before}{key}"
        inner = any(known.startswith(f"{name}.") for known in table)
        if name not in table and inner and isinstance(value, Mapping):
            yield from flat(table, value, f"{name}.")
        else:
            yield name, value


def for_client(table: OptionTable, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that the client needs too, nested as in the client."""
    shared: dict[str, Any] = {}
    for name, value in given.items():
        option = table[name]
        if option.of_client:
            put(shared, option.as_client or name, value)
    return shared


def put(into: dict[str, Any], name: str, value: Any) -> None:
    """Set an option in nested options, by its dotted name."""
    *outer, last = name.split(".")
    for key in outer:
        inner = into.setdefault(key, {})
        if not isinstance(inner, dict):
            raise ValueError(f"option {name!r} is within {key!r}, which has a value already")
        into = inner
    into[last] = value


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Two trees of nested options put together. If both have a value, that of `other` is used."""
    result = dict(one)
    for key, value in other.items():
        mine = result.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            value = merged(mine, value)
        result[key] = value
    return result
