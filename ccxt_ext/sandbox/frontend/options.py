"""What can be set for a venue: a table of its options, each with the values that it may have.

Where a venue's documents leave a point open, its client has an option for it, and the sandbox has one of the
same name. The venue then does what was set here, and a client's config says so too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Option:
    """The values that an option may have, in words and as a test."""

    words: str
    fits: Callable[[Any], bool]
    of_client: bool = True
    """Whether clients have this option too, and have to be set the same."""
    as_client: str = ""
    """The client's name for it, where that is another one."""


OptionTable = Mapping[str, Option]
"""By the option's name, dotted where it is nested: `signature.order`."""


def one_of(*values: str, of_client: bool = True, as_client: str = "") -> Option:
    """One of these texts."""
    words = " or ".join(repr(value) for value in values)
    return Option(words, lambda value: value in values, of_client, as_client)


def flag(of_client: bool = True) -> Option:
    """Yes or no."""
    return Option("true or false", lambda value: isinstance(value, bool), of_client)


def integer(least: int, most: int, of_client: bool = True) -> Option:
    """A whole number within bounds."""

    def fits(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Option(f"a whole number from {least} to {most}", fits, of_client)


def text(words: str = "text", of_client: bool = True) -> Option:
    """Any text."""
    return Option(words, lambda value: isinstance(value, str), of_client)


def texts(*allowed: str, of_client: bool = True) -> Option:
    """A list of some of these texts; of any, if none are given."""
    words = f"a list of {', '.join(allowed)}" if allowed else "a list of texts"

    def fits(value: Any) -> bool:
        return isinstance(value, list | tuple) and all(
            isinstance(each, str) and (not allowed or each in allowed) for each in value
        )

    return Option(words, fits, of_client)


def check(venue: str, table: OptionTable, options: Mapping[str, Any]) -> dict[str, Any]:
    """The options by their full names; ValueError says what is wrong with them."""
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
    """Nested options by their dotted names, as far as the table has such names."""
    for key, value in options.items():
        name = f"{before}{key}"
        inner = any(known.startswith(f"{name}.") for known in table)
        if name not in table and inner and isinstance(value, Mapping):
            yield from flat(table, value, f"{name}.")
        else:
            yield name, value


def for_client(table: OptionTable, given: Mapping[str, Any]) -> dict[str, Any]:
    """The options that a client has to have too, nested as it has them."""
    shared: dict[str, Any] = {}
    for name, value in given.items():
        option = table[name]
        if option.of_client:
            put(shared, option.as_client or name, value)
    return shared


def put(into: dict[str, Any], name: str, value: Any) -> None:
    """Set an option by its dotted name, in nested options."""
    *outer, last = name.split(".")
    for key in outer:
        inner = into.setdefault(key, {})
        if not isinstance(inner, dict):
            raise ValueError(f"option {name!r} is within {key!r}, which has a value already")
        into = inner
    into[last] = value


def merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Nested options put together; where both have a value, that of `other`."""
    result = dict(one)
    for key, value in other.items():
        mine = result.get(key)
        if isinstance(mine, Mapping) and isinstance(value, Mapping):
            value = merged(mine, value)
        result[key] = value
    return result
