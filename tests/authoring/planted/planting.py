"""Makes a venue of one of ours, with a mistake."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ccxt_ext
from ccxt_ext import plugins
from ccxt_ext.testing import Profile

KINDS = ("sync", "async_support", "pro")


def planted(id: str, mistaken: Callable[[Any], Any], like: str = "bitexasia") -> Profile:
    """Registers a venue and gives its profile. `mistaken` takes a class, and gives a subclass of it."""
    classes = {
        kind: named(id, mistaken(plugins.target(like, kind))) for kind in KINDS if like in plugins.ids(kind)
    }
    frontend = type("Frontend", (plugins.target(like, "sandbox"),), {"id": id})
    ccxt_ext.register(id, **classes, sandbox=frontend)
    return Profile(id)


def named(id: str, cls: Any) -> Any:
    def describe(self: Any) -> Any:
        return self.deep_extend(cls.describe(self), {"id": id})

    return type(id, (cls,), {"describe": describe})
