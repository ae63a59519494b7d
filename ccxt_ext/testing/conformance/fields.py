"""What a request says, so that requests can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from ccxt_ext.testing.wire import Request

Field = tuple[str, str]


def fields(request: Request) -> frozenset[Field]:
    """All that a request says, apart from its headers, as pairs of names and values."""
    found = {("path", f"{request.method} {request.path}"), *request.query.items()}
    if request.body.startswith(("{", "[")):
        return frozenset(found | set(leaves(json.loads(request.body))))
    return frozenset(found | set(parse_qsl(request.body)))


def leaves(tree: Any, name: str = "") -> Iterator[Field]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from leaves(value, name)
    else:
        yield name, str(tree)
