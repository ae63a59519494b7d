"""What a venue has by name, of which some has ended."""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")


class Listed(dict[str, T]):
    """Things by name. Those that have ended are found by `listed[name]`, and are not among the others."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.ended: dict[str, T] = {}

    def end(self, name: str) -> None:
        """Take one out of the others."""
        self.ended[name] = self.pop(name)

    def __missing__(self, name: str) -> T:
        return self.ended[name]
