"""Configurations of clients: the arguments of their constructors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def merged(config: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with other settings in it. Of tables such as `options`, their entries are merged."""
    found = dict(config)
    for name, value in given.items():
        before = found.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            value = {**before, **value}
        found[name] = value
    return found
