"""What one distribution brings for one id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KINDS = ("sync", "async_support", "pro", "sandbox")
"""The kinds of classes. The group of entry points for each is named `ccxt_ext.` and the kind."""

PROGRAMS = ("freqtrade", "hummingbot")
"""Programs that need something of their own for an exchange. Each has a group of entry points of its own, in
which the name is the one that the program knows the exchange by, such as `Btex`, or `btex_perpetual`."""

OURS = "ccxt-ext"


@dataclass(frozen=True)
class Plugin:
    """All classes that one distribution brings for one id."""

    id: str
    distribution: str | None
    """The name of the distribution; None for what the program itself has registered."""
    version: str | None = None
    targets: Mapping[str, Any] = field(default_factory=dict)
    """By kind: the class, or "module:name", which is imported when the class is asked for."""
    program: str | None = None
    """The program that the class is for, of which the id is the name there then; None for a venue."""

    @property
    def is_ours(self) -> bool:
        return self.distribution is not None and normalized(self.distribution) == OURS

    @property
    def origin(self) -> str:
        """Who brings it, for messages."""
        if self.distribution is None:
            return "register()"
        return f"{self.distribution} {self.version}" if self.version else self.distribution


def normalized(name: str) -> str:
    """The name of a distribution as all its spellings have it in common (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
