"""Makes the implicit methods (`publicGetTicker`, `public_get_ticker`) from the `api` tree of `describe()`.

ccxt writes its own into source files when it is built, and makes none at run time.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ccxt.base.types import Entry

from ccxt_ext.venue.surface.compat import entry

METHODS = ("get", "post", "put", "patch", "delete")


def endpoints(
    api: Mapping[str, Any], sections: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, str, dict[str, Any]]]:
    """Every endpoint of an `api` tree, as (sections, HTTP method, path, config)."""
    for key, value in api.items():
        if key not in METHODS:
            yield from endpoints(value, (*sections, key))
            continue
        for path, cost in value.items():
            config = dict(cost) if isinstance(cost, Mapping) else {"cost": cost}
            yield sections, key.upper(), path, config


def names(sections: tuple[str, ...], method: str, path: str) -> tuple[str, str]:
    """The camelCase and snake_case names that ccxt gives to an endpoint."""
    words = [word for word in re.split(r"[^a-zA-Z0-9]", path) if word]
    head = [*sections, method.lower()]
    camel = head[0] + "".join(word[0].upper() + word[1:] for word in head[1:] + words)
    snake = "_".join(head + [word.lower() for word in words])
    return camel, snake


def implicit_methods(api: Mapping[str, Any]) -> dict[str, Entry]:
    """All implicit methods of an `api` tree, by name, in both spellings."""
    methods = {}
    for sections, method, path, config in endpoints(api):
        for name in names(sections, method, path):
            methods[name] = entry(path, sections, method, config)
    return methods
